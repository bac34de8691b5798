import { TerminalIcon } from "@patternfly/react-icons";
import { useCallback } from "react";
import { Link, useNavigate } from "react-router";
import { Button } from "@patternfly/react-core";

import { ActionButton } from "@/parts/ActionButton";
import { ActionMenu } from "@/parts/ActionMenu";
import { useTexts } from "@/text/texts";

import { type GuestAction, useGuestActions } from "./actions/use";
import type { Guest } from "./Page";
import { texts } from "./texts";

/** What is asked for most, as buttons: what fits its state; all of it behind another. */
export function Actions({ guest }: { guest: Guest }) {
  const t = useTexts(texts);
  const go = useNavigate();
  const onRenamed = useCallback((name: string) => void go(`/guests/${encodeURIComponent(name)}`, { replace: true }), [go]);
  const onDeleted = useCallback(() => void go("/guests"), [go]);
  const actions = useGuestActions(guest.name, guest.state, { protected: guest.protected, onRenamed, onDeleted });
  const first = actions.find((one) => one.id === FIRST[guest.state]) ?? actions[0]!;
  const isOn = FIRST[guest.state] === "stop";
  return (
    <>
      <Main action={first} variant={isOn ? "secondary" : "primary"} />
      <Button
        variant={isOn ? "primary" : "secondary"}
        icon={<TerminalIcon />}
        component={(props) => <Link {...props} to={`/guests/${encodeURIComponent(guest.name)}/console`} />}
      >
        {t("console")}
      </Button>
      <ActionMenu label={t("actions")} actions={actions} of={guest.name} />
    </>
  );
}

const FIRST: Record<string, GuestAction["id"]> = { running: "stop", stopping: "stop", suspended: "resume", sleeping: "resume" };

function Main({ action, variant }: { action: GuestAction; variant: "primary" | "secondary" }) {
  return <ActionButton variant={variant} why={action.why} onClick={action.onClick}>{action.label}</ActionButton>;
}
