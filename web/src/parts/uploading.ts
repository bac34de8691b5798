import { useCallback, useEffect, useRef, useState } from "react";

import { send } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import type { Schemas } from "@/api/types";

// A file of this computer on its way to the server: part by part (tus 1.0), so that what broke off goes on where it was,
// also after the page was closed, when the same file is chosen again within a day.

const PATH = "/api/v1/uploads";
const LEAST = 1 << 20;
const MOST = 64 << 20;
const PAUSE = 1500; // milliseconds
const BUSY = 20; // pauses; another connection that still writes it ends long before

type Sent = Schemas["Upload"];

export interface Uploading {
  state: "none" | "sending" | "waiting" | "whole" | "failed";
  name?: string;
  size?: number;
  /** bytes that the server has */
  sent: number;
  /** bytes a second, lately */
  rate?: number;
  /** `upload:ID`, what a request says instead of a path: once it is whole */
  reference?: string;
  problem?: ApiProblem;
  /** this computer cannot read it any more */
  unreadable?: boolean;
}

export interface UploadHandle extends Uploading {
  begin: (file: File) => void;
  /** Drop it, here and on the server. */
  cancel: () => void;
  /** Go on with one that failed. */
  retry: () => void;
  /** Some request took it: the server has no more of it. */
  used: () => void;
}

const NOTHING: Uploading = { state: "none", sent: 0 };
/** Those that are whole, for when their page is opened again. */
const wholes = new Map<string, { now: Uploading; file: File }>();

/** One file. Leaving the page stops it; what came of it stays on the server for a day. `name`: one that is whole is still
 * there when the page is opened again. */
export function useUpload(name?: string): UploadHandle {
  const [now, setNow] = useState<Uploading>(() => (name && wholes.get(name)?.now) || NOTHING);
  const running = useRef<AbortController>(null);
  const file = useRef<File>(name ? (wholes.get(name)?.file ?? null) : null);

  const begin = useCallback((chosen: File) => {
    if (name) wholes.delete(name);
    running.current?.abort();
    const control = new AbortController();
    running.current = control;
    file.current = chosen;
    const { name: called, size } = chosen;
    const about = { name: called, size };
    const speed = meter();
    setNow({ state: "sending", ...about, sent: 0 });
    const tell = (sent: number, isWaiting: boolean) => {
      const rate = speed(sent);
      if (!control.signal.aborted) setNow({ state: isWaiting ? "waiting" : "sending", ...about, sent, ...(rate ? { rate } : {}) });
    };
    transfer(chosen, tell, control.signal).then(
      ({ reference }) => {
        if (control.signal.aborted) return;
        const whole: Uploading = { state: "whole", ...about, sent: size, reference };
        if (name) wholes.set(name, { now: whole, file: chosen });
        setNow(whole);
      },
      (error: unknown) => {
        if (control.signal.aborted) return;
        if (error instanceof ApiProblem) setNow({ state: "failed", ...about, sent: 0, problem: error });
        else if (error instanceof DOMException) setNow({ state: "failed", ...about, sent: 0, unreadable: true });
        else throw error;
      },
    );
  }, [name]);
  const stop = useCallback(() => {
    if (name) wholes.delete(name);
    running.current?.abort();
    setNow(NOTHING);
  }, [name]);
  const cancel = useCallback(() => {
    stop();
    const id = file.current && kept(file.current);
    if (!id || !file.current) return;
    forget(file.current);
    void send(`${PATH}/${id}`, { method: "DELETE" }).catch((error: unknown) => {
      if (!(error instanceof ApiProblem)) throw error; // else it goes after a day
    });
  }, [stop]);
  const retry = useCallback(() => {
    if (file.current) begin(file.current);
  }, [begin]);
  const used = useCallback(() => {
    if (file.current) forget(file.current);
    stop();
  }, [stop]);

  useEffect(() => () => running.current?.abort(), []);
  const isSending = now.state === "sending" || now.state === "waiting";
  useEffect(() => {
    if (!isSending) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isSending]);
  return { ...now, begin, cancel, retry, used };
}

/** Bytes a second over the last few seconds. */
function meter(): (sent: number) => number | undefined {
  const seen: { at: number; sent: number }[] = [];
  return (sent) => {
    const at = performance.now();
    seen.push({ at, sent });
    while (seen.length > 2 && at - seen[0]!.at > 5000) seen.shift();
    const first = seen[0]!;
    return at - first.at > 300 && sent > first.sent ? ((sent - first.sent) / (at - first.at)) * 1000 : undefined;
  };
}

/** Until all of it is there. Throws `ApiProblem` for what is refused, `DOMException` for a file that cannot be read. */
async function transfer(file: File, tell: (sent: number, isWaiting: boolean) => void, signal: AbortSignal): Promise<Sent> {
  let upload = await open(file, signal);
  let length = LEAST;
  let pauses = 0;
  while (!upload.whole) {
    tell(upload.offset, false);
    const began = performance.now();
    try {
      upload = await append(upload, file.slice(upload.offset, upload.offset + length), signal);
      const took = performance.now() - began;
      if (took < 300) length = Math.min(length * 2, MOST);
      else if (took > 1200) length = Math.max(length / 2, LEAST);
      pauses = 0;
    } catch (error) {
      if (!(error instanceof ApiProblem) || !mayPass(error)) throw error;
      if (file.size) await file.slice(upload.offset, upload.offset + 1).arrayBuffer(); // throws where that is the reason
      if (!error.unreachable && (pauses += 1) > BUSY) throw error;
      tell(upload.offset, error.unreachable);
      await pause(signal);
      upload = await asked(upload, signal);
    }
  }
  return upload;
}

function mayPass(problem: ApiProblem): boolean {
  return problem.unreachable || problem.status >= 502 || problem.code === "upload.offset" || problem.code === "upload.busy";
}

async function append(upload: Sent, part: Blob, signal: AbortSignal): Promise<Sent> {
  const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(upload.offset) };
  const answer = await send(`${PATH}/${upload.id}`, { method: "PATCH", body: part, headers, signal });
  const offset = Number(answer.headers.get("Upload-Offset"));
  return offset === upload.size ? show(upload.id, signal) : { ...upload, offset };
}

async function show(id: string, signal: AbortSignal): Promise<Sent> {
  return (await (await send(`${PATH}/${id}`, { signal })).json()) as Sent;
}

/** How far it is; as it was while nobody answers. */
async function asked(upload: Sent, signal: AbortSignal): Promise<Sent> {
  try {
    return await show(upload.id, signal);
  } catch (error) {
    if (error instanceof ApiProblem && mayPass(error)) return upload;
    throw error;
  }
}

/** The one that was begun with that file before, where it is still there and nobody's; else a new one. */
async function open(file: File, signal: AbortSignal): Promise<Sent> {
  const before = kept(file);
  if (before) {
    const found = await show(before, signal).catch((error: unknown) => {
      if (error instanceof ApiProblem && error.status === 404) return null;
      throw error;
    });
    if (found && found.size === file.size && !found.operation) return found;
  }
  const body = { name: file.name.slice(0, 255), size: file.size };
  const made = (await (await send(PATH, { method: "POST", body, signal })).json()) as Sent;
  localStorage.setItem(key(file), made.id);
  return made;
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, PAUSE);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("", "AbortError"));
    });
  });
}

const key = (file: File) => `innkeeper.upload:${file.size}:${file.lastModified}:${file.name}`;
const kept = (file: File) => localStorage.getItem(key(file));
const forget = (file: File) => localStorage.removeItem(key(file));
