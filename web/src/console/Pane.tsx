import { Button, Label, Tooltip } from "@patternfly/react-core";
import { CompressIcon, ExpandIcon, ExternalLinkAltIcon } from "@patternfly/react-icons";
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useState } from "react";

import { useTexts } from "@/text/texts";

import { isLeaving } from "./keys";
import type { Kind, Phase } from "./link";
import { texts } from "./texts";

export interface PaneProps {
  name: string;
  state: string;
  /** what stands first in its bar */
  head: ReactNode;
  /** it has a window of its own already */
  isWindow?: boolean;
  /** goes to the guest's other console */
  onOther?: (() => void) | undefined;
}

interface Props {
  name: string;
  kind: Kind;
  head: ReactNode;
  isWindow: boolean;
  phase: Phase;
  /** what can be done with this kind */
  tools: ReactNode;
  /** lines above the console */
  lines?: ReactNode;
  pane: RefObject<HTMLDivElement | null>;
  children: ReactNode;
}

/** A console with its bar: what it is, how the line is, what can be done with it. Full screen is this and nothing else. */
export function Pane({ name, kind, head, isWindow, phase, tools, lines, pane, children }: Props) {
  const t = useTexts(texts);
  const [isFull, toggleFull] = useFullScreen(pane);
  const leave = (event: KeyboardEvent) => {
    if (!isLeaving(event.nativeEvent)) return;
    event.preventDefault();
    event.stopPropagation();
    pane.current?.querySelector<HTMLElement>(".inn-console-bar button")?.focus();
  };
  const pop = () => open(`/console/${encodeURIComponent(name)}/${kind}`, `console-${name}-${kind}`, "popup,width=1060,height=860");
  return (
    <div ref={pane} className={isFull ? "inn-console inn-console--full" : "inn-console"} onKeyDownCapture={leave}>
      <div className="inn-console-bar" role="group" aria-label={t("tools")}>
        {head}
        <Line phase={phase} />
        <span className="inn-console-gap" />
        {tools}
        {!isWindow && (
          <Tooltip content={t("ownWindow")}>
            <Button variant="plain" aria-label={t("ownWindow")} icon={<ExternalLinkAltIcon />} onClick={pop} />
          </Tooltip>
        )}
        {document.fullscreenEnabled && (
          <Tooltip content={t(isFull ? "smallScreen" : "fullScreen")}>
            <Button
              variant="plain"
              aria-label={t(isFull ? "smallScreen" : "fullScreen")}
              icon={isFull ? <CompressIcon /> : <ExpandIcon />}
              onClick={toggleFull}
            />
          </Tooltip>
        )}
      </div>
      {lines}
      {children}
      <p className="inn-console-hint">{t(kind === "serial" ? "leavingSerial" : "leaving")}</p>
    </div>
  );
}

function Line({ phase }: { phase: Phase }) {
  const t = useTexts(texts);
  const colour = { opening: "grey", open: "green", waiting: "orange", off: "grey", taken: "orange", refused: "red" } as const;
  return (
    <span role="status" aria-label={t("line")}>
      <Label isCompact color={colour[phase.at]}>{t(`line_${phase.at}`)}</Label>
    </span>
  );
}

/** Of the whole page, so that menus and dialogs, which stand beside the pane, are seen too. */
function useFullScreen(pane: RefObject<HTMLElement | null>): [boolean, () => void] {
  const [isFull, setFull] = useState(false);
  useEffect(() => {
    const seen = () => setFull(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", seen);
    return () => {
      document.removeEventListener("fullscreenchange", seen);
      if (document.fullscreenElement) void document.exitFullscreen();
    };
  }, [pane]);
  const toggle = async () => {
    const keyboard = (navigator as { keyboard?: { lock?: () => Promise<void>; unlock?: () => void } }).keyboard;
    if (document.fullscreenElement) {
      keyboard?.unlock?.();
      await document.exitFullscreen();
      return;
    }
    await document.documentElement.requestFullscreen();
    await keyboard?.lock?.().catch(() => undefined); // so that Esc and Alt+Tab are the guest's, where a browser allows it
  };
  return [isFull, () => void toggle().catch(() => undefined)];
}
