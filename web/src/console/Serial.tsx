import "@xterm/xterm/css/xterm.css";

import { Button, Label, Switch } from "@patternfly/react-core";
import { PasteIcon, SearchIcon } from "@patternfly/react-icons";
import { useRef, useState } from "react";

import { ActionButton } from "@/parts/ActionButton";
import { ActionMenu } from "@/parts/ActionMenu";
import { useTexts } from "@/text/texts";

import { Find } from "./Find";
import { useLink } from "./link";
import { Pane, type PaneProps } from "./Pane";
import { runs } from "./running";
import { ConsoleState, ConsoleStateLine } from "./State";
import { Suspended } from "./Suspended";
import { useTerminal } from "./terminal";
import { texts } from "./texts";
import { SerialTextDialog } from "./TextDialog";

const CONTROLS = [
  { label: "Ctrl+C", text: "\x03" },
  { label: "Ctrl+D", text: "\x04" },
  { label: "Ctrl+Z", text: "\x1a" },
  { label: "Ctrl+\\", text: "\x1c" },
  { label: "Ctrl+W", text: "\x17" },
  { label: "Esc", text: "\x1b" },
  { label: "Tab", text: "\t" },
];

/** A guest's serial port, in a terminal. */
export function Serial({ name, state, head, isWindow = false, onOther }: PaneProps) {
  const t = useTexts(texts);
  const pane = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const [isReading, setReading] = useState(false);
  const [isFinding, setFinding] = useState(false);
  const [isTexting, setTexting] = useState(false);
  const terminal = useTerminal(stage, { name, isReading, isWindow, onFind: () => setFinding(true) });
  const link = useLink({ name, kind: "serial", readOnly: isReading, isRunning: runs(state), attach: terminal.attach });
  const isOpen = link.phase.at === "open";
  const why = !isOpen ? t("notConnected") : isReading ? t("watching") : undefined;
  const type = (text: string) => {
    terminal.send(text);
    terminal.term?.focus();
  };

  const copy = () => void navigator.clipboard?.writeText(terminal.selection).catch(() => undefined);
  const tools = (
    <>
      {terminal.typing && <Label isCompact color="blue">{t("types", { who: terminal.typing })}</Label>}
      <ActionMenu
        label={t("sendKeys")}
        actions={[
          ...CONTROLS.map((one) => ({ label: one.label, why, onClick: () => type(one.text) })),
          { label: t("tellSize", terminal.size), why, onClick: () => type(`stty cols ${terminal.size.cols} rows ${terminal.size.rows}\r`) },
        ]}
      />
      <Switch label={t("watchOnly")} isChecked={isReading} onChange={(_, now) => setReading(now)} />
      <ActionButton variant="secondary" why={terminal.selection ? undefined : t("nothingSelected")} onClick={copy}>{t("copy")}</ActionButton>
      <ActionButton variant="secondary" icon={<PasteIcon />} why={why} onClick={() => setTexting(true)}>{t("text")}</ActionButton>
      <Button variant="plain" aria-label={t("find")} icon={<SearchIcon />} onClick={() => setFinding(!isFinding)} />
    </>
  );
  return (
    <Pane
      name={name}
      kind="serial"
      head={head}
      isWindow={isWindow}
      phase={link.phase}
      tools={tools}
      pane={pane}
      lines={
        <>
          {state === "suspended" && <Suspended name={name} />}
          {terminal.isUsed && <ConsoleStateLine name={name} kind="serial" link={link} onOther={onOther} />}
          {terminal.lost > 0 && <p className="inn-console-line" role="status">{t("lost", { count: terminal.lost })}</p>}
          {isFinding && terminal.search && <Find search={terminal.search} onClose={() => setFinding(false)} />}
        </>
      }
    >
      <div className="inn-console-stage">
        <div ref={stage} className="inn-console-terminal" role="application" aria-label={t("serialOf", { name })} />
        {!terminal.isUsed && <ConsoleState name={name} kind="serial" link={link} onOther={onOther} />}
      </div>
      {isTexting && (
        <SerialTextDialog name={name} onType={(text) => type(text.replaceAll(/\r?\n/g, "\r"))} onClose={() => setTexting(false)} />
      )}
    </Pane>
  );
}
