import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { Terminal } from "@xterm/xterm";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

import { look } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { clock } from "@/text/format";

import { isLeaving } from "./keys";
import type { Attach } from "./link";

const SCROLL_BACK = 10_000; // lines
const KEPT = 256 * 1024; // characters: as many as the server's scroll-back has bytes
const SURE = 200; // characters that are not twice the same by chance
const QUIET = 400; // ms after which the server is known to have no scroll-back
const LOGGED = 500; // lines
const TYPES = 4000; // ms that somebody is said to type
const COLOURS = { background: "#151515", foreground: "#e0e0e0", cursor: "#e0e0e0", selectionBackground: "#2b5a8f" };

export interface Term {
  term: Terminal | null;
  search: SearchAddon | null;
  attach: Attach | null;
  send: (text: string) => void;
  size: { cols: number; rows: number };
  selection: string;
  /** something stands in it */
  isUsed: boolean;
  /** who else just typed */
  typing: string;
  /** bytes that were missed, since they came faster than they were read */
  lost: number;
}

interface Options {
  name: string;
  isReading: boolean;
  isWindow: boolean;
  onFind: () => void;
}

/** xterm.js in that element, which outlives the lines it is used on: what was seen stays. */
export function useTerminal(stage: RefObject<HTMLElement | null>, { name, isReading, isWindow, onFind }: Options): Term {
  const [parts, setParts] = useState<{ term: Terminal; search: SearchAddon } | null>(null);
  const [size, setSize] = useState({ cols: 80, rows: 24 });
  const [selection, setSelection] = useState("");
  const [typing, setTyping] = useState("");
  const [lost, setLost] = useState(0);
  const [isUsed, setUsed] = useState(false);
  const socket = useRef<WebSocket | null>(null);
  const heard = useRef("");
  const logged = useRef<string | null>(null);
  const find = useRef(onFind);
  useEffect(() => {
    find.current = onFind;
  }, [onFind]);
  const send = useCallback((text: string | Uint8Array<ArrayBuffer>) => {
    if (socket.current?.readyState === WebSocket.OPEN) socket.current.send(text);
  }, []);

  useEffect(() => {
    const made = build(stage.current!, () => find.current());
    made.term.onData(send);
    made.term.onBinary((text) => send(Uint8Array.from(text, (one) => one.charCodeAt(0))));
    made.term.onResize(({ cols, rows }) => setSize({ cols, rows }));
    made.term.onSelectionChange(() => setSelection(made.term.getSelection()));
    const watch = new ResizeObserver(() => made.fit());
    watch.observe(stage.current!);
    made.fit();
    heard.current = "";
    logged.current = null;
    setParts(made);
    return () => {
      watch.disconnect();
      made.term.dispose();
      setParts(null);
    };
  }, [stage, send]);
  useEffect(() => {
    if (parts) parts.term.options.disableStdin = isReading;
  }, [parts, isReading]);
  useEffect(() => {
    if (!typing) return;
    const timer = setTimeout(() => setTyping(""), TYPES);
    return () => clearTimeout(timer);
  }, [typing]);

  const term = parts?.term ?? null;
  const attach = useCallback(
    (opened: WebSocket, isOpen: () => void) => {
      socket.current = opened;
      let isFirst = true;
      let since = 0;
      const hear = ({ data }: MessageEvent<string | ArrayBuffer>) => {
        if (typeof data === "string") {
          const notice = JSON.parse(data) as { event: string; who?: string; bytes?: number };
          if (notice.event === "typing") setTyping(notice.who ?? "");
          if (notice.event === "lost") setLost((before) => before + (notice.bytes ?? 0));
          return;
        }
        const text = latin(data);
        if (isFirst && heard.current) goOn(term, heard, text, Date.now() - since < QUIET ? (logged.current ?? "") : null);
        isFirst = false;
        setUsed(true);
        heard.current = (heard.current + text).slice(-KEPT);
        term?.write(new Uint8Array(data));
      };
      let waits: ReturnType<typeof setTimeout> | undefined;
      const recall = async () => {
        if (heard.current || logged.current !== null) return;
        logged.current = "";
        const said = await saidBefore(name);
        if (heard.current || !said) return;
        logged.current = said;
        term?.write(said);
      };
      const began = () => {
        isOpen();
        setUsed(true);
        since = Date.now();
        waits = setTimeout(() => void recall(), QUIET);
        if (isWindow) term?.focus();
      };
      opened.addEventListener("open", began);
      opened.addEventListener("message", hear);
      return () => {
        clearTimeout(waits);
        opened.removeEventListener("open", began);
        opened.removeEventListener("message", hear);
        socket.current = null;
      };
    },
    [term, isWindow, name],
  );
  return { term, search: parts?.search ?? null, attach: term ? attach : null, send, size, selection, isUsed, typing, lost };
}

/** A line begins with the server's scroll-back, when it has one: what stands there already is not written twice, but
 * stays behind what came before; null: this came too late to be that. */
function goOn(term: Terminal | null, heard: RefObject<string>, text: string, before: string | null): void {
  const isReplay =
    before !== null &&
    (text.startsWith(heard.current) || (text.length >= SURE && heard.current.includes(text.slice(0, SURE))));
  if (isReplay) {
    term?.reset();
    term?.write(before);
    heard.current = "";
  } else term?.write(`\r\n\x1b[0;2m—— ${clock(Date.now() / 1000, true)} ——\x1b[0m\r\n`);
}

/** What the port said since the guest started, where that is kept: nobody likes to begin with an empty terminal. */
async function saidBefore(name: string): Promise<string> {
  try {
    const { logs } = await look("guest.logs", { name, which: "serial", lines: LOGGED, since_start: true });
    return logs.flatMap((log) => log.lines).join("\r\n");
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    return "";
  }
}

function latin(data: ArrayBuffer): string {
  return new TextDecoder("latin1").decode(data);
}

function build(place: HTMLElement, onFind: () => void): { term: Terminal; search: SearchAddon; fit: () => void } {
  const term = new Terminal({
    allowProposedApi: true, // where a search found something
    scrollback: SCROLL_BACK,
    fontFamily: "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace",
    fontSize: 14,
    theme: COLOURS,
    cursorBlink: true,
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  term.loadAddon(fit);
  term.loadAddon(search);
  term.attachCustomKeyEventHandler((event) => {
    if (event.type !== "keydown") return true;
    if (isLeaving(event)) return false;
    const isOurs = event.ctrlKey && event.shiftKey && !event.altKey;
    if (isOurs && event.code === "KeyC" && term.hasSelection()) {
      event.preventDefault();
      void navigator.clipboard?.writeText(term.getSelection()).catch(() => undefined);
      return false;
    }
    if (isOurs && event.code === "KeyF") {
      event.preventDefault();
      onFind();
      return false;
    }
    return !(isOurs && event.code === "KeyV"); // the browser pastes
  });
  term.open(place);
  return { term, search, fit: () => fit.fit() };
}
