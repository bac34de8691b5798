import {
  BanIcon, CheckCircleIcon, ClockIcon, ExclamationCircleIcon, InProgressIcon, QuestionCircleIcon,
} from "@patternfly/react-icons";
import type { ReactNode } from "react";

import { defineTexts, useTexts } from "@/text/texts";

import { type Colour, Tag } from "./Tag";

// The states of operations (those of guests: GuestState.tsx): a word, a colour and a sign, so that no colour says it alone.

const names = defineTexts("operation-states", {
  en: {
    queued: "Waiting", running: "Running", waiting: "Done, still waiting", done: "Done", failed: "Failed", refused: "Refused",
    cancelled: "Cancelled", timeout: "Done, the wait ran out", interrupted: "Interrupted", unknown: "Unknown",
  },
  zh: {
    queued: "排队中", running: "运行中", waiting: "已完成，仍在等待", done: "已完成", failed: "失败", refused: "被拒绝",
    cancelled: "已取消", timeout: "已完成，但等待超时", interrupted: "已中断", unknown: "未知",
  },
});
type Name = keyof (typeof names)["keys"];

const LOOKS: Record<Name, [Colour, ReactNode]> = {
  queued: ["grey", <ClockIcon />],
  running: ["blue", <InProgressIcon />],
  waiting: ["blue", <InProgressIcon />],
  done: ["green", <CheckCircleIcon />],
  failed: ["red", <ExclamationCircleIcon />],
  refused: ["red", <BanIcon />],
  cancelled: ["grey", <BanIcon />],
  timeout: ["orange", <ClockIcon />],
  interrupted: ["orange", <ExclamationCircleIcon />],
  unknown: ["orange", <QuestionCircleIcon />],
};

export function OperationState({ state }: { state: string }) {
  const t = useTexts(names);
  const isKnown = state in LOOKS;
  const [colour, icon] = isKnown ? LOOKS[state as Name] : (["grey", <QuestionCircleIcon />] as const);
  return <Tag colour={colour} icon={icon}>{isKnown ? t(state as Name) : state}</Tag>;
}
