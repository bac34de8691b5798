import { Content } from "@patternfly/react-core";

import { order } from "@/api/act";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import type { About } from "./reasons";
import { texts } from "./texts";

/** Drops its saved memory: what ran in it is lost, as by a power cut. */
export function Discard({ guest, onClose }: { guest: About; onClose: () => void }) {
  const t = useTexts(texts);
  const { name } = guest;
  return (
    <Confirm
      title={t("discardTitle", { name })}
      confirm={t("discardConfirm")}
      isDanger
      wayBack={null}
      onConfirm={() => order("guest.restore", { name, discard: true }, name)}
      onClose={onClose}
    >
      <Content component="p">{t("discardLoses")}</Content>
    </Confirm>
  );
}
