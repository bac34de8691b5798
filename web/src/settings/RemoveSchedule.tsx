import { Content } from "@patternfly/react-core";

import { act } from "@/api/act";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

export function RemoveSchedule({ name, onClose }: { name: string; onClose: () => void }) {
  const t = useTexts(texts);
  return (
    <Confirm
      title={t("removeTitle", { name })}
      wayBack={t("removeBack")}
      confirm={t("remove")}
      isDanger
      onConfirm={() => act("schedule.remove", { name }, name)}
      onClose={onClose}
    >
      <Content component="p">{t("removeBody")}</Content>
    </Confirm>
  );
}
