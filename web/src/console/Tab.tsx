import { Bullseye, ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import { lazy, Suspense } from "react";

import { again } from "@/app/loading";
import { Spinner } from "@/patternfly/Spinner";
import { useTexts } from "@/text/texts";

import { kept, useKept } from "./kept";
import type { Kind } from "./link";
import { texts } from "./texts";

import "./console.css";

const LOAD = {
  vnc: async () => ({ default: (await import("./Screen")).Screen }),
  serial: async () => ({ default: (await import("./Serial")).Serial }),
};
const Screen = lazy(again(LOAD.vnc));
const Serial = lazy(again(LOAD.serial));
const KINDS = ["vnc", "serial"] as const;

/** Loads what draws the console that was open last: somebody is about to open it. */
export function ahead(): void {
  LOAD[kept<Kind>("kind", KINDS, "vnc")]().catch(() => undefined); // it is tried again when it is needed
}

/** The consoles of a guest: its screen, and its serial port. */
export function ConsoleTab({ name, state }: { name: string; state: string }) {
  const [kind, setKind] = useKept<Kind>("kind", KINDS, "vnc");
  return (
    <div className="inn-console-tab">
      <Console key={`${name} ${kind}`} name={name} state={state} kind={kind} onKind={setKind} />
    </div>
  );
}

interface Props {
  name: string;
  state: string;
  kind: Kind;
  onKind: (kind: Kind) => void;
  isWindow?: boolean;
}

export function Console({ name, state, kind, onKind, isWindow = false }: Props) {
  const t = useTexts(texts);
  const head = (
    <ToggleGroup aria-label={t("which")} isCompact>
      {KINDS.map((one) => (
        <ToggleGroupItem key={one} text={t(one)} buttonId={`console-${one}`} isSelected={kind === one} onChange={() => onKind(one)} />
      ))}
    </ToggleGroup>
  );
  const Found = kind === "vnc" ? Screen : Serial;
  return (
    <Suspense fallback={<Bullseye className="inn-loading"><Spinner aria-label={t("opening")} /></Bullseye>}>
      <Found name={name} state={state} head={head} isWindow={isWindow} onOther={() => onKind(kind === "vnc" ? "serial" : "vnc")} />
    </Suspense>
  );
}
