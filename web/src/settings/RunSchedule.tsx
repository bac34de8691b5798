import { Content } from "@patternfly/react-core";

import { announce } from "@/api/act";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import type { Schedule } from "./Schedules";
import { texts } from "./texts";

export function RunSchedule({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const t = useTexts(texts);
  const { name, guest, action, keep } = schedule;
  const run = () => announce("schedule.run", { name }, name); // a backup takes its time
  return (
    <Confirm
      title={t("runTitle", { name })}
      {...(action === "backup" ? {} : { wayBack: t(`runBack_${action}`) })}
      confirm={t("run")}
      isDanger={action === "stop"}
      onConfirm={run}
      onClose={onClose}
    >
      <Content component="p">{t(`runBody_${action}`, { guest })}</Content>
      {keep && <Content component="p">{t("runPrune", { count: keep })}</Content>}
    </Confirm>
  );
}
