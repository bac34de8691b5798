import { Content } from "@patternfly/react-core";

import { act } from "@/api/act";
import { ApiProblem } from "@/api/problem";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import type { Schedule } from "./Schedules";
import { texts } from "./texts";

export function RunSchedule({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const t = useTexts(texts);
  const { name, guest, action, keep } = schedule;
  const run = () => {
    // A backup takes its time: how far it is is announced.
    act("schedule.run", { name }, name).catch((error: unknown) => {
      if (!(error instanceof ApiProblem)) throw error;
    });
  };
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
