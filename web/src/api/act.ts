import { useSyncExternalStore } from "react";

import { fill, textsOf } from "@/text/catalogue";

import { begin, canPlan, plan, send } from "./client";
import { mark, onChange } from "./events";
import { ApiProblem } from "./problem";
import type { Answer, Fields, Operation, Plan, Verb } from "./types";

// Doing things: what was begun on this page, how far it is, how it ended, and which commands amount to the same.

export interface Deed {
  /** of this page */
  id: number;
  verb: Verb;
  /** what it is done to, for people */
  target: string;
  at: number;
  state: "asked" | "running" | "done" | "failed";
  operation?: Operation;
  problem?: ApiProblem;
  plan?: Plan;
  /** whoever asked shows it themselves: it is not announced */
  isQuiet?: boolean;
}

const ENDED = new Set(["done", "failed", "refused", "cancelled", "timeout", "interrupted", "unknown"]);
let deeds: readonly Deed[] = [];
let number = 0;
const listeners = new Set<() => void>();
const followed = new Map<string, (operation: Operation) => void>();

function change(id: number, what: Partial<Deed>): void {
  deeds = deeds.map((deed) => (deed.id === id ? { ...deed, ...what } : deed));
  for (const tell of listeners) tell();
}

/** What was done on this page, the newest first. */
export function useDeeds(): readonly Deed[] {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => deeds,
  );
}

onChange((event) => {
  if (event.kind === "operation") void look(event.id);
});

async function look(id: string): Promise<void> {
  const tell = followed.get(id);
  if (!tell) return;
  try {
    tell((await (await send(`/api/v1/operations/${id}`)).json()) as Operation);
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error; // asked again at the next event, or by `follow`
  }
}

/** Waits for its end, however long the line was cut meanwhile. */
function follow(operation: Operation, tell: (operation: Operation) => void): Promise<Operation> {
  return new Promise((resolve) => {
    const timer = setInterval(() => void look(operation.id), 5000); // where an event was missed
    const seen = (now: Operation) => {
      tell(now);
      if (!ENDED.has(now.state)) return;
      clearInterval(timer);
      followed.delete(operation.id);
      resolve(now);
    };
    followed.set(operation.id, seen);
    seen(operation);
    void look(operation.id);
  });
}

const NOUNS = ["guest", "network", "pool", "image", "host", "operation", "backup", "schedule", "token"];

interface Options {
  tag?: string;
  planned?: Plan;
  isQuiet?: boolean;
  /** of one that takes longer: the server took it on, as the deed of that id */
  onBegun?: (id: number) => void;
}

/** Do it: resolves with what it came to, or throws `ApiProblem`. Where nobody answered it is asked again with the same
 * key, so that it is done once. What is shown meanwhile: `useDeeds`. */
export async function act<V extends Verb>(
  verb: V,
  fields: Fields<V>,
  target: string,
  options: Options = {},
): Promise<Answer<V>> {
  const id = (number += 1);
  deeds = [{ id, verb, target, at: Date.now() / 1000, state: "asked" as const, ...(options.isQuiet ? { isQuiet: true } : {}) }, ...deeds].slice(0, 200);
  for (const tell of listeners) tell();
  try {
    const planned = options.planned ?? (canPlan(verb) ? await plan(verb, fields).catch(() => undefined) : undefined);
    if (planned) change(id, { plan: planned });
    const key = crypto.randomUUID();
    const begun = await insist(() => begin(verb, fields, { key, tag: options.tag }));
    if ("answer" in begun) {
      change(id, { state: "done" });
      return begun.answer;
    }
    change(id, { state: "running", operation: begun.operation });
    options.onBegun?.(id);
    const ended = await follow(begun.operation, (operation) => change(id, { operation }));
    if (ended.problem) throw await told(ended);
    if (ended.state !== "done") throw new ApiProblem(409, { code: `operation.${ended.state}`, outcome: "failed" });
    change(id, { state: "done" });
    return ended.result as Answer<V>;
  } catch (error) {
    if (error instanceof ApiProblem) change(id, { state: "failed", problem: error });
    else change(id, { state: "failed" });
    throw error;
  } finally {
    mark(NOUNS);
  }
}

/** Do it, and leave it to the shell to say how far it is and how it ended, well or not. */
export function announce<V extends Verb>(verb: V, fields: Fields<V>, target: string, options: Options = {}): void {
  act(verb, fields, target, options).catch((error: unknown) => {
    if (!(error instanceof ApiProblem)) throw error;
  });
}

/** Milliseconds in which an operation that is refused has ended. */
const SOON = 700;

/** Do it, and resolve when the server took it on: how it goes on is announced. Throws what is refused or fails at once,
 * which is then the asker's to show. For dialogs. `onDone`: what follows when it ended well. */
export async function order<V extends Verb>(
  verb: V,
  fields: Fields<V>,
  target: string,
  { onDone, ...options }: Options & { onDone?: (answer: Answer<V>) => void } = {},
): Promise<void> {
  const planned = options.planned ?? (await planOf(verb, fields));
  let deed = 0;
  let begun: () => void = () => undefined;
  const taken = new Promise<void>((resolve) => {
    begun = () => setTimeout(resolve, SOON);
  });
  const onBegun = (id: number) => {
    deed = id;
    begun();
  };
  const ended = act(verb, fields, target, { ...options, ...(planned ? { planned } : {}), isQuiet: true, onBegun });
  await Promise.race([ended, taken]);
  change(deed, { isQuiet: false });
  ended.then(onDone, (error: unknown) => {
    if (!(error instanceof ApiProblem)) throw error;
  });
}

/** Its dry run, which throws what it is refused for; undefined where there is none. */
async function planOf<V extends Verb>(verb: V, fields: Fields<V>): Promise<Plan | undefined> {
  if (!canPlan(verb)) return undefined;
  return plan(verb, fields).catch((error: unknown) => {
    if (error instanceof ApiProblem && error.unreachable) return undefined; // it is asked for again
    throw error;
  });
}

async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ApiProblem && error.unreachable) || attempt >= 2) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
}

/** Why an operation ended, in the language of the page. */
async function told(operation: Operation): Promise<ApiProblem> {
  const { problem } = operation;
  const code = problem?.code ?? "";
  const texts = await textsOf(code);
  const facts = (problem?.facts ?? {}) as Record<string, unknown>;
  return new ApiProblem(problem?.status ?? 500, {
    code,
    facts,
    title: fill(texts[code] ?? code, facts),
    remedy: fill(texts[`${code}.remedy`] ?? "", facts),
    outcome: problem?.outcome ?? "unknown",
    left: [...(operation.left ?? [])],
  });
}
