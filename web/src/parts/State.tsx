import { Label, type LabelProps } from "@patternfly/react-core";
import {
  BanIcon, CheckCircleIcon, ClockIcon, ExclamationCircleIcon, InProgressIcon, MoonIcon, OffIcon, PauseCircleIcon, PlayIcon,
  QuestionCircleIcon, SaveIcon, TrashIcon, WrenchIcon,
} from "@patternfly/react-icons";
import type { ReactNode } from "react";

import { defineTexts, useTexts } from "@/text/texts";

// The states of guests and of operations: a word, a colour and a sign, so that no colour says it alone.

const names = defineTexts("states", {
  en: {
    running: "Running", suspended: "Suspended", stopping: "Stopping", stopped: "Stopped", crashed: "Crashed", sleeping: "Sleeping",
    unknown: "Unknown", creating: "Being created", deleted: "In the bin", saved: "Saved", interrupted: "Interrupted",
    queued: "Waiting", done: "Done", failed: "Failed", refused: "Refused", cancelled: "Cancelled", timeout: "Done, the wait ran out",
  },
  zh: {
    running: "运行中", suspended: "已暂停", stopping: "正在关机", stopped: "已关机", crashed: "已崩溃", sleeping: "睡眠",
    unknown: "未知", creating: "创建中", deleted: "在回收站", saved: "已保存", interrupted: "已中断",
    queued: "排队中", done: "已完成", failed: "失败", refused: "被拒绝", cancelled: "已取消", timeout: "已完成，但等待超时",
  },
});
type Name = keyof (typeof names)["keys"];

const LOOKS: Record<Name, [NonNullable<LabelProps["color"]>, ReactNode]> = {
  running: ["green", <PlayIcon />],
  suspended: ["yellow", <PauseCircleIcon />],
  stopping: ["blue", <InProgressIcon />],
  stopped: ["grey", <OffIcon />],
  crashed: ["red", <ExclamationCircleIcon />],
  sleeping: ["yellow", <MoonIcon />],
  unknown: ["orange", <QuestionCircleIcon />],
  creating: ["blue", <WrenchIcon />],
  deleted: ["grey", <TrashIcon />],
  saved: ["purple", <SaveIcon />],
  interrupted: ["orange", <ExclamationCircleIcon />],
  queued: ["grey", <ClockIcon />],
  done: ["green", <CheckCircleIcon />],
  failed: ["red", <ExclamationCircleIcon />],
  refused: ["red", <BanIcon />],
  cancelled: ["grey", <BanIcon />],
  timeout: ["orange", <ClockIcon />],
};

/** The word for a state of a guest or of an operation. */
export function useStateName(): (state: string) => string {
  const t = useTexts(names);
  return (state) => (state in LOOKS ? t(state as Name) : state);
}

export function State({ state, isOperation = false }: { state: string; isOperation?: boolean }) {
  const name = useStateName();
  const [color, icon] = LOOKS[state as Name] ?? ["grey", <QuestionCircleIcon />];
  const isBusy = isOperation && state === "running";
  return (
    <Label color={isBusy ? "blue" : color} icon={isBusy ? <InProgressIcon /> : icon} isCompact>
      {name(state)}
    </Label>
  );
}
