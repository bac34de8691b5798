import { Content } from "@patternfly/react-core";
import { useState } from "react";

import { order } from "@/api/act";
import { isName, NameInput } from "@/guest/actions/NameInput";
import { type GuestRow, useGuestRows } from "@/guests/rows";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** For a guest whose name another took meanwhile. */
export function BringBack({ guest, onClose }: { guest: GuestRow; onClose: () => void }) {
  const t = useTexts(texts);
  const { name, uuid } = guest;
  const taken = new Set((useGuestRows("here").data ?? []).map((row) => row.name));
  const [next, setNext] = useState(() => free(name, taken));
  const why = !isName(next) ? t("badName") : taken.has(next) ? t("isTaken") : undefined;
  return (
    <Confirm
      title={t("backTitle", { name })}
      confirm={t("back")}
      why={why}
      onConfirm={() => order("guest.undelete", { name: uuid, new_name: next }, next)}
      onClose={onClose}
    >
      <Content component="p">{t("backTaken", { name })}</Content>
      <NameInput value={next} onChange={setNext} />
    </Confirm>
  );
}

function free(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number += 1) {
    const next = `${name.slice(0, 58)}-${number}`;
    if (!taken.has(next)) return next;
  }
}
