import RFB from "@novnc/novnc";
import { Button, Switch, Tooltip } from "@patternfly/react-core";
import { CameraIcon, KeyboardIcon, PasteIcon } from "@patternfly/react-icons";
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";

import { ActionButton } from "@/parts/ActionButton";
import { ActionMenu } from "@/parts/ActionMenu";
import { useTexts } from "@/text/texts";

import { Choice } from "./Choice";
import { useKept } from "./kept";
import { COMBINATIONS, press } from "./keys";
import { useLink } from "./link";
import { Pane, type PaneProps } from "./Pane";
import { Password } from "./Password";
import { runs } from "./running";
import { ConsoleState } from "./State";
import { Suspended } from "./Suspended";
import { texts } from "./texts";
import { TextDialog } from "./TextDialog";
import { TouchKeys } from "./TouchKeys";
import { LAYOUTS, type Layout, strokes } from "./typing";

const SCALINGS = ["fit", "true", "guest"] as const;
const FIRST = 80; // ms for the first picture, which is not to wait until all buttons are drawn anew
const KEYBOARDS = ["mine", ...LAYOUTS] as const;

/** A guest's screen, by VNC. */
export function Screen({ name, state, head, isWindow = false, onOther }: PaneProps) {
  const t = useTexts(texts);
  const pane = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const [rfb, setRfb] = useState<RFB | null>(null);
  const [copied, setCopied] = useState("");
  const [scaling, setScaling] = useKept("scaling", SCALINGS, "fit");
  const [keyboard, setKeyboard] = useKept("keyboard", KEYBOARDS, "mine");
  const [isWatching, setWatching] = useState(false);
  const [isTexting, setTexting] = useState(false);
  const [locked, setLocked] = useState<RFB | null>(null); // it asks for its password
  const [wrong, setWrong] = useState(0); // times that one was refused

  const isScaled = useRef(true);
  useEffect(() => {
    isScaled.current = scaling !== "true";
  }, [scaling]);
  const attach = useCallback(
    (socket: WebSocket, isOpen: () => void) => {
      const made = new RFB(stage.current!, socket);
      made.background = "transparent";
      made.showDotCursor = true;
      made.scaleViewport = isScaled.current;
      let timer: ReturnType<typeof setTimeout> | undefined;
      made.addEventListener("credentialsrequired", () => setLocked(made));
      made.addEventListener("securityfailure", () => setWrong((times) => times + 1));
      made.addEventListener("connect", () => {
        setWrong(0);
        if (isWindow) made.focus({ preventScroll: true });
        timer = setTimeout(() => {
          isOpen();
          setRfb(made);
        }, FIRST);
      });
      made.addEventListener("clipboard", ({ detail }) => setCopied(detail.text));
      return () => {
        clearTimeout(timer);
        setLocked(null);
        setRfb(null);
        made.disconnect();
      };
    },
    [isWindow],
  );
  const link = useLink({ name, kind: "vnc", readOnly: false, isRunning: runs(state), attach });
  const { retry } = link;
  useEffect(() => {
    if (wrong) retry();
  }, [wrong, retry]);
  useEffect(() => {
    if (!rfb) return;
    rfb.scaleViewport = scaling !== "true";
    rfb.resizeSession = scaling === "guest";
    rfb.viewOnly = isWatching;
  }, [rfb, scaling, isWatching]);

  const why = !rfb ? t("notConnected") : isWatching ? t("watching") : undefined;
  const send = (codes: readonly string[]) => {
    if (rfb) press(rfb, codes);
    rfb?.focus();
  };
  const type = (character: string, layout: Layout) => {
    const found = strokes(character, layout);
    for (const one of found ?? []) if (rfb) press(rfb, one);
    return found !== null;
  };
  const translate = (event: KeyboardEvent) => {
    if (keyboard === "mine" || isWatching || !rfb || event.key.length !== 1 || event.metaKey) return;
    const isAltGr = event.getModifierState("AltGraph");
    if (!isAltGr && (event.ctrlKey || event.altKey)) return;
    if (!strokes(event.key, keyboard)) return;
    event.preventDefault();
    event.stopPropagation();
    for (const held of ["ShiftLeft", "ShiftRight", "AltRight"]) rfb.sendKey(0, held, false); // the character brings its own
    type(event.key, keyboard);
  };

  const tools = (
    <>
      <ActionMenu
        label={t("sendKeys")}
        actions={COMBINATIONS.map((one) => ({ label: one.label, why, onClick: () => send(one.codes) }))}
      />
      <Choice
        label={t("size")}
        value={scaling}
        onChange={setScaling}
        options={SCALINGS.map((one) => ({ value: one, label: t(`size_${one}`), description: t(`size_${one}How`) }))}
      />
      <Choice
        label={t("keyboard")}
        value={keyboard}
        onChange={setKeyboard}
        options={KEYBOARDS.map((one) => ({
          value: one,
          label: t(`layout_${one}`),
          ...(one === "mine" ? { description: t("layout_mineHow") } : {}),
        }))}
      />
      <Switch label={t("watchOnly")} isChecked={isWatching} onChange={(_, now) => setWatching(now)} />
      <ActionButton variant="secondary" icon={<PasteIcon />} onClick={() => setTexting(true)}>{t("text")}</ActionButton>
      <TouchKeys label={t("touchKeys")} icon={<KeyboardIcon />} why={why} onKey={(code) => send([code])}
        onText={(character) => type(character, keyboard === "mine" ? "us" : keyboard)} />
      <Tooltip content={t("picture")}>
        <Button variant="plain" aria-label={t("picture")} icon={<CameraIcon />} isAriaDisabled={!rfb} onClick={() => rfb && save(rfb, name)} />
      </Tooltip>
    </>
  );
  return (
    <Pane name={name} kind="vnc" head={head} isWindow={isWindow} phase={link.phase} tools={tools} pane={pane}
      lines={state === "suspended" && <Suspended name={name} />}>
      <div className="inn-console-stage">
        <div ref={stage} className="inn-console-screen" role="application" aria-label={t("screenOf", { name })} tabIndex={rfb ? 0 : -1}
          onKeyDownCapture={translate} onFocus={(event) => event.target === event.currentTarget && rfb?.focus({ preventScroll: true })} />
        {locked
          ? <Password name={name} isWrong={wrong > 0} onSay={(password) => {
              locked.sendCredentials({ password });
              setLocked(null);
            }} />
          : <ConsoleState name={name} kind="vnc" link={link} onOther={onOther} />}
      </div>
      {isTexting && (
        <TextDialog name={name} copied={copied} layout={keyboard === "mine" ? "us" : keyboard} whyNoClipboard={why}
          onClipboard={(text) => rfb?.clipboardPasteFrom(text)} onClose={() => setTexting(false)} />
      )}
    </Pane>
  );
}

function save(rfb: RFB, name: string): void {
  rfb.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${name}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }, "image/png");
}
