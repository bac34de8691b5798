import { AlertActionLink, Bullseye, Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from "@patternfly/react-core";
import { DisconnectedIcon, LockIcon, PowerOffIcon } from "@patternfly/react-icons";
import { type ComponentType, type ReactNode, useEffect, useState } from "react";

import { act } from "@/api/act";
import { ProblemAlert, problemTitle, useRemedy } from "@/parts/ProblemAlert";
import { useSubmit } from "@/parts/submit";
import { texts as partsTexts } from "@/parts/texts";
import { Alert } from "@/patternfly/Alert";
import { Spinner } from "@/patternfly/Spinner";
import { useTexts } from "@/text/texts";

import type { Kind, Link, Phase } from "./link";
import { texts } from "./texts";

interface Props {
  name: string;
  kind: Kind;
  link: Link;
  /** goes to the guest's other console, where there is a way to it */
  onOther?: (() => void) | undefined;
}

interface Said {
  title: string;
  body: string;
  icon: ComponentType;
  variant: "info" | "warning" | "danger";
  action?: { label: string; onClick: () => void } | undefined;
  second?: { label: string; onClick: () => void } | undefined;
  more?: ReactNode;
}

/** What there is instead of a console, and what one can do about it. */
export function ConsoleState(props: Props) {
  const said = useSaid(props);
  const t = useTexts(texts);
  if (props.link.phase.at === "opening") return <Bullseye className="inn-console-wait"><Spinner aria-label={t("opening")} /></Bullseye>;
  if (!said) return null;
  return (
    <div className="inn-console-over" role="status">
      <EmptyState titleText={said.title} headingLevel="h2" icon={said.icon} variant="sm">
        <EmptyStateBody>
          {said.body}
          {said.more}
        </EmptyStateBody>
        <EmptyStateFooter>
          <EmptyStateActions>
            {said.action && <Button onClick={said.action.onClick}>{said.action.label}</Button>}
            {said.second && <Button variant="link" onClick={said.second.onClick}>{said.second.label}</Button>}
          </EmptyStateActions>
        </EmptyStateFooter>
      </EmptyState>
    </div>
  );
}

/** The same in a line, above what was seen last. */
export function ConsoleStateLine(props: Props) {
  const t = useTexts(texts);
  const said = useSaid(props);
  if (props.link.phase.at === "opening") return <p className="inn-console-line" role="status">{t("opening")} …</p>;
  if (!said) return null;
  const links = [said.action, said.second].filter((one) => one !== undefined);
  return (
    <Alert
      isInline
      variant={said.variant}
      title={said.title}
      role="status"
      actionLinks={links.map((one) => <AlertActionLink key={one.label} onClick={one.onClick}>{one.label}</AlertActionLink>)}
    >
      {said.body}
      {said.more}
    </Alert>
  );
}

function useSaid({ name, kind, link, onOther }: Props): Said | null {
  const t = useTexts(texts);
  const parts = useTexts(partsTexts);
  const remedyOf = useRemedy();
  const { phase, retry } = link;
  const start = useStart(name);
  const left = useSecondsLeft(phase);
  const again = { label: t("tryAgain"), onClick: () => retry() };
  const other = onOther && { label: t(kind === "vnc" ? "toSerial" : "toScreen"), onClick: onOther };
  switch (phase.at) {
    case "off":
      return {
        title: t("off", { name }), body: t("offBody"), icon: PowerOffIcon, variant: "info", more: start.more,
        action: start.isBusy ? undefined : { label: t("start"), onClick: start.go },
      };
    case "taken":
      return {
        title: t("taken", { name }), body: t("takenBody"), icon: LockIcon, variant: "warning",
        action: { label: t("takeOver"), onClick: () => retry(true) }, second: other,
      };
    case "waiting":
      return {
        title: t("broke"), icon: DisconnectedIcon, variant: "warning", action: { label: t("tryNow"), onClick: () => retry() },
        body: t("brokeBody", { count: left }) + (phase.problem ? ` ${problemTitle(phase.problem, parts)}` : ""),
      };
    case "refused":
      if (phase.problem.code === "guest.no_graphics" || phase.problem.code === "guest.only_spice")
        return { title: t("noScreen", { name }), body: t("noScreenBody"), icon: DisconnectedIcon, variant: "info", action: other };
      return {
        title: problemTitle(phase.problem, parts), body: remedyOf(phase.problem), icon: DisconnectedIcon, variant: "danger",
        action: again, second: other,
      };
    default:
      return null;
  }
}

function useStart(name: string): { go: () => void; isBusy: boolean; more: ReactNode } {
  const t = useTexts(texts);
  const { isBusy, problem, submit } = useSubmit(undefined, () => act("guest.start", { name }, name));
  const more = isBusy ? <p>{t("starting")}</p> : <ProblemAlert problem={problem} />;
  return { go: () => void submit(), isBusy, more };
}

function useSecondsLeft(phase: Phase): number {
  const until = phase.at === "waiting" ? phase.until : 0;
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    if (!until) return;
    const tick = () => setNow(Date.now() / 1000);
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [until]);
  return Math.max(0, Math.ceil(until - now));
}
