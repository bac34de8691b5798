import { Label, type LabelProps } from "@patternfly/react-core";
import {
  ExclamationCircleIcon, MoonIcon, OffIcon, OutlinedSaveIcon, PauseCircleIcon, PlayIcon, QuestionCircleIcon, TrashIcon,
} from "@patternfly/react-icons";
import type { ReactNode } from "react";

import { Spinner } from "@/patternfly/Spinner";
import { defineTexts, useTexts } from "@/text/texts";

export const states = defineTexts("guest-states", {
  en: {
    running: "Running",
    suspended: "Suspended",
    stopping: "Powering off",
    stopped: "Off",
    crashed: "Crashed",
    sleeping: "Sleeping",
    saved: "Saved",
    creating: "Being made",
    deleted: "In the bin",
    unknown: "Unknown",
  },
  zh: {
    running: "运行中",
    suspended: "已暂停",
    stopping: "正在关机",
    stopped: "已关机",
    crashed: "已崩溃",
    sleeping: "睡眠",
    saved: "已保存",
    creating: "正在创建",
    deleted: "在回收站",
    unknown: "未知",
  },
});
export const STATES = Object.keys(states.keys) as (keyof (typeof states)["keys"])[];

const LOOKS: Record<string, { color: NonNullable<LabelProps["color"]>; icon: ReactNode }> = {
  running: { color: "green", icon: <PlayIcon /> },
  suspended: { color: "blue", icon: <PauseCircleIcon /> },
  stopping: { color: "orange", icon: <Spinner size="sm" aria-hidden /> },
  stopped: { color: "grey", icon: <OffIcon /> },
  crashed: { color: "red", icon: <ExclamationCircleIcon /> },
  sleeping: { color: "blue", icon: <MoonIcon /> },
  saved: { color: "purple", icon: <OutlinedSaveIcon /> },
  creating: { color: "teal", icon: <Spinner size="sm" aria-hidden /> },
  deleted: { color: "grey", icon: <TrashIcon /> },
};

export function useStateName(): (state: string) => string {
  const t = useTexts(states);
  return (state) => (state in states.keys ? t(state as keyof (typeof states)["keys"]) : state);
}

/** In which state a guest is. `doing`: what is being done to it just now. */
export function GuestState({ state, doing }: { state: string; doing?: string | undefined }) {
  const name = useStateName();
  const look = LOOKS[state] ?? { color: "grey", icon: <QuestionCircleIcon /> };
  return (
    <Label isCompact color={look.color} icon={doing ? <Spinner size="sm" aria-hidden /> : look.icon}>
      {name(state)}
      {doing && ` · ${doing} …`}
    </Label>
  );
}
