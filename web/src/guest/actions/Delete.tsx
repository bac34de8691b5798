import { Checkbox, Content } from "@patternfly/react-core";
import { useState } from "react";

import { order } from "@/api/act";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import { type About, isActive } from "./reasons";
import { texts } from "./texts";

interface Props {
  guest: About;
  onDeleted?: (() => void) | undefined;
  onClose: () => void;
}

/** Into the bin. One that runs is cut off for it, which is asked for by itself. */
export function Delete({ guest, onDeleted, onClose }: Props) {
  const t = useTexts(texts);
  const { name } = guest;
  const isRunning = isActive(guest.state);
  const [force, setForce] = useState(false);
  const remove = async () => {
    await order("guest.delete", isRunning ? { name, force: true } : { name }, name);
    onDeleted?.();
  };
  return (
    <Confirm
      title={t("deleteTitle", { name })}
      confirm={t("deleteConfirm")}
      isDanger
      wayBack={t("deleteBack")}
      why={isRunning && !force ? t("deleteRunsWhy") : undefined}
      onConfirm={remove}
      onClose={onClose}
    >
      <Content component="p">{t("deleteWhat")}</Content>
      {isRunning && (
        <Checkbox
          id="delete-running"
          label={t("deleteRuns")}
          description={t("cutOffLoses")}
          isChecked={force}
          onChange={(_, now) => setForce(now)}
        />
      )}
    </Confirm>
  );
}
