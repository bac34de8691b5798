import { useMemo } from "react";

import { announce } from "@/api/act";
import { useWho } from "@/app/who";
import type { MenuAction } from "@/parts/ActionMenu";
import { ask } from "@/parts/Dialogs";
import { useTexts } from "@/text/texts";

import { Delete } from "./Delete";
import { Discard } from "./Discard";
import { Export } from "./Export";
import { type About, type ActionId, whyNot } from "./reasons";
import { Rename } from "./Rename";
import { Restart } from "./Restart";
import { Stop } from "./Stop";
import { texts } from "./texts";

export interface GuestAction extends MenuAction {
  id: ActionId;
}

interface More {
  /** from its list or its view; undefined: not known, and the server says so */
  protected?: boolean | null | undefined;
  /** where its page has to go then */
  onRenamed?: ((name: string) => void) | undefined;
  onDeleted?: (() => void) | undefined;
}

/** Starts it, or wakes it from its saved memory. */
export function start({ name, state }: About): void {
  announce(state === "saved" ? "guest.restore" : "guest.start", { name }, name);
}

export function askToStop(guest: About): void {
  ask((close) => <Stop guest={guest} onClose={close} />);
}

/** What can be done with that guest, in the order of a menu: what cannot be done now says why. Stop, restart, rename,
 * delete and dropping its saved memory ask first, by a dialog of their own. */
export function useGuestActions(name: string, state: string, more: More = {}): readonly GuestAction[] {
  const t = useTexts(texts);
  const { role } = useWho();
  const { protected: isProtected, onRenamed, onDeleted } = more;
  return useMemo(() => {
    const guest: About = { name, state, protected: isProtected };
    const make = (id: ActionId, onClick: () => void, label = t(id), isDanger = false): GuestAction => {
      const why = whyNot(id, guest, role);
      return { id, label, onClick, isDanger, why: why && t(why) };
    };
    const isSaved = state === "saved";
    return [
      make("start", () => start(guest), t(isSaved ? "wake" : "start")),
      make("stop", () => askToStop(guest)),
      make("restart", () => ask((close) => <Restart guest={guest} onClose={close} />)),
      make("suspend", () => announce("guest.suspend", { name }, name)),
      make("resume", () => announce("guest.resume", { name }, name)),
      make("save", () => announce("guest.save", { name }, name)),
      make("discard", () => ask((close) => <Discard guest={guest} onClose={close} />), t("discard"), true),
      make("export", () => ask((close) => <Export guest={guest} onClose={close} />)),
      make("rename", () => ask((close) => <Rename guest={guest} onRenamed={onRenamed} onClose={close} />)),
      isProtected
        ? make("unprotect", () => announce("guest.protect", { name, protected: false }, name))
        : make("protect", () => announce("guest.protect", { name, protected: true }, name)),
      make("delete", () => ask((close) => <Delete guest={guest} onDeleted={onDeleted} onClose={close} />), t("delete"), true),
    ];
  }, [name, state, isProtected, role, onRenamed, onDeleted, t]);
}
