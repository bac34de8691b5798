import { type ReactNode, useState } from "react";

import { announce } from "@/api/act";
import type { Operation } from "@/api/types";
import type { MenuAction } from "@/parts/ActionMenu";
import { useMay } from "@/parts/may";
import { useVerbName } from "@/parts/verbs";
import { useTexts } from "@/text/texts";

import { Cancel } from "./Cancel";
import { Clean } from "./Clean";
import { isOfJournal, isUnderWay } from "./state";
import { texts } from "./texts";

/** What can be done with an operation: each with the reason why not, and the dialog that is open. */
export function useOperationActions(): { actions: (of: Operation) => readonly MenuAction[]; dialog: ReactNode } {
  const t = useTexts(texts);
  const may = useMay();
  const name = useVerbName();
  const [asked, setAsked] = useState<{ what: "cancel" | "clean"; of: Operation } | null>(null);

  const retry = (of: Operation) => announce("operation.retry", { id: of.id }, titleOf(of, name));
  const actions = (of: Operation): readonly MenuAction[] => {
    const isJournal = isOfJournal(of);
    const isLeft = isJournal && of.state === "interrupted";
    const notRetried = isUnderWay(of)
      ? t("whyRunning")
      : isJournal
        ? t("whyJournal")
        : of.state === "done" || of.state === "timeout"
          ? t("whyDone")
          : undefined;
    return [
      {
        label: t("cancel"),
        onClick: () => setAsked({ what: "cancel", of }),
        why: isUnderWay(of) ? may("operator") : t("whyOver"),
      },
      { label: t("retry"), onClick: () => retry(of), why: notRetried ?? may("admin") },
      {
        label: t("clean"),
        onClick: () => setAsked({ what: "clean", of }),
        why: isLeft ? may("admin") : t("whyNothingLeft"),
      },
    ];
  };
  const close = () => setAsked(null);
  const title = asked ? titleOf(asked.of, name) : "";
  const dialog =
    asked &&
    (asked.what === "cancel" ? (
      <Cancel operation={asked.of} title={title} onClose={close} />
    ) : (
      <Clean operation={asked.of} title={title} onClose={close} />
    ));
  return { actions, dialog };
}

/** `Create web1` */
export function titleOf(operation: Operation, name: (verb: string) => string): string {
  return `${name(operation.verb)} ${operation.target}`.trim();
}
