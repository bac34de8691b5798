import { OffIcon, PlayIcon } from "@patternfly/react-icons";
import { useNavigate } from "react-router";

import { useGuestActions } from "@/guest/actions/use";
import { texts as actionTexts } from "@/guest/actions/texts";
import { ActionButton } from "@/parts/ActionButton";
import { ActionMenu } from "@/parts/ActionMenu";
import { useTexts } from "@/text/texts";

import type { GuestRow } from "./rows";
import { texts } from "./texts";

const OFF = new Set(["stopped", "crashed", "saved"]);

/** What is done most with that guest as a button, all else in a menu. */
export function Menu({ row, isPlain = false }: { row: GuestRow; isPlain?: boolean }) {
  const t = useTexts(texts);
  const say = useTexts(actionTexts);
  const navigate = useNavigate();
  const { name, state } = row;
  const actions = useGuestActions(name, state, { protected: row.protected });
  const isOff = OFF.has(state);
  const first = actions.find((one) => one.id === (isOff ? "start" : "stop"))!;
  const console = {
    label: t("console"),
    onClick: () => void navigate(`/guests/${encodeURIComponent(name)}/console`),
    why: isOff ? t("consoleOff") : undefined,
  };
  return (
    <div className="inn-row-actions">
      {!isPlain && (
        <ActionButton
          variant="plain"
          size="sm"
          icon={isOff ? <PlayIcon /> : <OffIcon />}
          aria-label={`${say(isOff ? (state === "saved" ? "wake" : "start") : "stop")} ${name}`}
          onClick={first.onClick}
          why={first.why}
        />
      )}
      <ActionMenu actions={[console, ...actions]} of={name} />
    </div>
  );
}
