import { useState } from "react";

import { act } from "@/api/act";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import { isName, NameInput } from "./NameInput";
import type { About } from "./reasons";
import { texts } from "./texts";

interface Props {
  guest: About;
  onRenamed?: ((name: string) => void) | undefined;
  onClose: () => void;
}

/** Another name for it; its disks keep theirs. */
export function Rename({ guest, onRenamed, onClose }: Props) {
  const t = useTexts(texts);
  const { name } = guest;
  const [next, setNext] = useState(name);
  const rename = async () => {
    await act("guest.rename", { name, new_name: next }, name, { isQuiet: true });
    onRenamed?.(next);
  };
  const why = next === name ? t("sameName") : isName(next) ? undefined : t("nameHow");
  return (
    <Confirm title={t("renameTitle", { name })} confirm={t("renameConfirm")} why={why} onConfirm={rename} onClose={onClose}>
      <NameInput value={next} onChange={setNext} />
    </Confirm>
  );
}
