import {
  ExclamationCircleIconConfig, MoonIconConfig, OffIconConfig, OutlinedSaveIconConfig, PauseCircleIconConfig, PlayIconConfig, QuestionCircleIconConfig,
  TrashIconConfig,
} from "@patternfly/react-icons";
import { type ReactNode, useCallback } from "react";

import { Spinner } from "@/patternfly/Spinner";
import { defineTexts, useTexts } from "@/text/texts";

import { Sign } from "./Sign";
import { type Colour, Tag } from "./Tag";

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

const LOOKS: Record<string, { colour: Colour; icon: ReactNode }> = {
  running: { colour: "green", icon: <Sign of={PlayIconConfig} /> },
  suspended: { colour: "blue", icon: <Sign of={PauseCircleIconConfig} /> },
  stopping: { colour: "orange", icon: <Spinner size="sm" aria-hidden /> },
  stopped: { colour: "grey", icon: <Sign of={OffIconConfig} /> },
  crashed: { colour: "red", icon: <Sign of={ExclamationCircleIconConfig} /> },
  sleeping: { colour: "blue", icon: <Sign of={MoonIconConfig} /> },
  saved: { colour: "purple", icon: <Sign of={OutlinedSaveIconConfig} /> },
  creating: { colour: "teal", icon: <Spinner size="sm" aria-hidden /> },
  deleted: { colour: "grey", icon: <Sign of={TrashIconConfig} /> },
};

export function useStateName(): (state: string) => string {
  const t = useTexts(states);
  return useCallback((state) => (state in states.keys ? t(state as keyof (typeof states)["keys"]) : state), [t]);
}

/** In which state a guest is. `doing`: what is being done to it just now. */
export function GuestState({ state, doing }: { state: string; doing?: string | undefined }) {
  const name = useStateName();
  const look = LOOKS[state] ?? { colour: "grey", icon: <Sign of={QuestionCircleIconConfig} /> };
  return (
    <Tag colour={look.colour} icon={doing ? <Spinner size="sm" aria-hidden /> : look.icon}>
      {name(state)}
      {doing && ` · ${doing} …`}
    </Tag>
  );
}
