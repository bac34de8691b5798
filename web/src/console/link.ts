import { useCallback, useEffect, useRef, useState } from "react";

import { begin } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { useReachable } from "@/api/reachable";

// The line to a guest's screen or serial port: a ticket, a WebSocket, and what to do when either ends.

export type Kind = "vnc" | "serial";

export type Phase =
  | { at: "opening" }
  | { at: "open" }
  /** it broke, and is tried again by itself */
  | { at: "waiting"; until: number; problem?: ApiProblem | undefined }
  /** the guest does not run */
  | { at: "off" }
  /** somebody outside the server has the serial port */
  | { at: "taken"; problem?: ApiProblem | undefined }
  | { at: "refused"; problem: ApiProblem };

export type Attach = (socket: WebSocket, isOpen: () => void) => () => void;

export interface Asked {
  name: string;
  kind: Kind;
  readOnly: boolean;
  isRunning: boolean;
  /** Uses the socket, which is just being opened, until the answer is called. Has to stay the same function. Null: not yet. */
  attach: Attach | null;
}

export interface Link {
  phase: Phase;
  /** Try again now; by force: take it from whoever has it. */
  retry: (force?: boolean) => void;
}

const LONGEST = 10; // seconds between two tries
const OFF = 1500; // ms: a guest that is said to run and does not yet
const LASTING = new Set(["guest.no_graphics", "guest.only_spice", "guest.no_serial", "http.403"]);
const STARTS = 5; // refusals that a guest may give which is just starting

export function useLink({ name, kind, readOnly, isRunning, attach }: Asked): Link {
  const [phase, setPhase] = useState<Phase>({ at: "opening" });
  const [attempt, setAttempt] = useState({ number: 0, force: false });
  const failures = useRef(0);
  const starts = useRef(0);
  const isOff = useRef(false);
  const isWaiting = useRef(false);
  useEffect(() => {
    isOff.current = phase.at === "off";
    isWaiting.current = phase.at === "waiting";
  }, [phase]);
  const retry = useCallback((force = false) => {
    setPhase({ at: "opening" });
    setAttempt(({ number }) => ({ number: number + 1, force }));
  }, []);

  useEffect(() => {
    if (!attach) return;
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let leave = () => {};
    const later = (milliseconds: number) => {
      timer = setTimeout(() => setAttempt(({ number }) => ({ number: number + 1, force: false })), milliseconds);
    };
    const again = (problem?: ApiProblem) => {
      const seconds = Math.min(2 ** failures.current, LONGEST);
      failures.current += 1;
      setPhase({ at: "waiting", until: Date.now() / 1000 + seconds, problem });
      later(seconds * 1000);
    };
    const ended = (code: string, problem?: ApiProblem) => {
      const isStarting = isOff.current && starts.current < STARTS;
      if (code === "guest.not_running" || (isStarting && problem && !LASTING.has(code))) {
        starts.current = code === "guest.not_running" ? 0 : starts.current + 1;
        setPhase({ at: "off" });
        later(OFF);
      } else if (code === "guest.console_taken") setPhase({ at: "taken", problem });
      else if (!problem || problem.unreachable || problem.status >= 500) again(problem);
      else setPhase({ at: "refused", problem });
    };
    const open = async () => {
      try {
        const begun = await begin("guest.console", { name, kind, force: attempt.force, read_only: readOnly });
        if (over || !("answer" in begun)) return;
        const socket = new WebSocket(new URL(begun.answer.path, location.href.replace(/^http/, "ws")));
        socket.binaryType = "arraybuffer";
        const detach = attach(socket, () => {
          failures.current = starts.current = 0;
          if (!over) setPhase({ at: "open" });
        });
        leave = () => {
          detach();
          socket.close();
        };
        socket.addEventListener("close", ({ reason }) => {
          if (over) return;
          leave();
          leave = () => {};
          ended(reason);
        });
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        if (!over) ended(error.code, error);
      }
    };
    if (isRunning) void open();
    else setPhase({ at: "off" });
    return () => {
      over = true;
      clearTimeout(timer);
      leave();
    };
  }, [name, kind, readOnly, isRunning, attach, attempt]);

  // Whoever else hears from the server again first: there is no need to wait longer.
  const isReachable = useReachable();
  useEffect(() => {
    if (isReachable && isWaiting.current) retry();
  }, [isReachable, retry]);
  return { phase, retry };
}
