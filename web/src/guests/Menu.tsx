import { OffIconConfig, PlayIconConfig } from "@patternfly/react-icons";
import { memo } from "react";
import { useNavigate } from "react-router";

import { useWho } from "@/app/who";
import { whyNot } from "@/guest/actions/reasons";
import { texts as actionTexts } from "@/guest/actions/texts";
import { askToStop, start, useGuestActions } from "@/guest/actions/use";
import { MenuButton, type Opened, OpenMenu } from "@/parts/MenuButton";
import { PlainButton } from "@/parts/PlainButton";
import { Sign } from "@/parts/Sign";
import { useTexts } from "@/text/texts";

import type { GuestRow } from "./rows";
import { texts } from "./texts";

const OFF = new Set(["stopped", "crashed", "saved"]);

/** What is done most with that guest as a button, all else in a menu. */
export const Menu = memo(function Menu({ row, isPlain = false }: { row: GuestRow; isPlain?: boolean }) {
  const say = useTexts(actionTexts);
  const { role } = useWho();
  const { name, state } = row;
  const isOff = OFF.has(state);
  const why = whyNot(isOff ? "start" : "stop", row, role);
  return (
    <>
      {!isPlain && (
        <PlainButton
          icon={<Sign of={isOff ? PlayIconConfig : OffIconConfig} />}
          label={`${say(isOff ? (state === "saved" ? "wake" : "start") : "stop")} ${name}`}
          onClick={() => (isOff ? start(row) : askToStop(row))}
          why={why && say(why)}
        />
      )}
      <MenuButton of={name}>{(menu) => <All row={row} {...menu} />}</MenuButton>
    </>
  );
});

function All({ row: { name, state, protected: isProtected }, ...menu }: { row: GuestRow } & Opened) {
  const t = useTexts(texts);
  const go = useNavigate();
  const actions = useGuestActions(name, state, { protected: isProtected });
  const console = {
    label: t("console"),
    onClick: () => void go(`/guests/${encodeURIComponent(name)}/console`),
    why: OFF.has(state) ? t("consoleOff") : undefined,
  };
  return <OpenMenu {...menu} actions={[console, ...actions]} />;
}
