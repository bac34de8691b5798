import routes from "@/generated/routes.json";
import { language } from "@/text/language";

import { ApiProblem } from "./problem";
import { setReachable } from "./reachable";
import type { Answer, Fields, Operation, Plan, Verb } from "./types";

/** milliseconds: the question that is asked again and again, which tells a line that was cut without a word */
const SILENCE = 8000;

interface Route {
  method: string;
  path: string;
  plans?: boolean;
  fields: readonly string[];
}
const ROUTES = routes as Record<string, Route>;

let csrf = "";
let signedOut: () => void = () => undefined;

/** What a change has to say, so that no foreign page can make it (DESIGN.md §8); and who is told when the session ended. */
export function setSession(word: string, whenEnded: () => void): void {
  csrf = word;
  signedOut = whenEnded;
}

export interface Sent {
  method?: string;
  query?: Record<string, unknown>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** milliseconds after which nobody answers; else as long as the browser waits */
  patience?: number | undefined;
}

/** One request. Throws `ApiProblem`. */
export async function send(path: string, sent: Sent = {}): Promise<Response> {
  const method = sent.method ?? "GET";
  const headers: Record<string, string> = { "Accept-Language": language(), ...sent.headers };
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  let body: BodyInit | null = null;
  if (sent.body instanceof Blob) body = sent.body;
  else if (sent.body !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(sent.body);
  }
  let answer: Response;
  const bound = sent.patience ? [AbortSignal.timeout(sent.patience)] : [];
  const signal = AbortSignal.any([...(sent.signal ? [sent.signal] : []), ...bound]);
  try {
    answer = await fetch(path + search(sent.query), { method, headers, body, signal });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    setReachable(false);
    throw new ApiProblem(0);
  }
  setReachable(true);
  if (answer.ok) return answer;
  if (answer.status === 401) signedOut();
  throw new ApiProblem(answer.status, await answer.json().catch(() => undefined));
}

function search(query: Record<string, unknown> | undefined): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    const isList = name === "sort" || name === "fields"; // of these one parameter names them all, of filters each its own
    for (const one of Array.isArray(value) && !isList ? value : [value]) {
      if (one !== undefined && one !== null) words.append(name, String(one));
    }
  }
  const text = words.toString();
  return text ? `?${text}` : "";
}

function request(verb: Verb, fields: Record<string, unknown>): [string, Sent] {
  const route = ROUTES[verb];
  if (!route) throw new Error(`no route of ${verb}`);
  const rest = { ...fields };
  const path = route.path.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = String(rest[field]);
    delete rest[field];
    return encodeURIComponent(value);
  });
  const inBody = route.method !== "GET" && route.method !== "DELETE";
  return [path, { method: route.method, ...(inBody ? { body: rest } : { query: rest }) }];
}

/** What a verb that only looks answers. `rows` and `limit`, `sort` … of lists are fields too. */
export async function look<V extends Verb>(verb: V, fields: Fields<V>, signal?: AbortSignal): Promise<Answer<V>> {
  const [path, sent] = request(verb, fields as Record<string, unknown>);
  const patience = verb === "host.link" ? SILENCE : undefined;
  return (await (await send(path, { ...sent, signal, patience })).json()) as Answer<V>;
}

/** Whether it can be asked what a request would do. */
export function canPlan(verb: Verb): boolean {
  return ROUTES[verb]?.plans === true;
}

/** What a verb would do; nothing is touched. */
export async function plan<V extends Verb>(verb: V, fields: Fields<V>, signal?: AbortSignal): Promise<Plan> {
  if (!canPlan(verb)) throw new Error(`${verb} would be done`);
  const [path, sent] = request(verb, fields as Record<string, unknown>);
  const query = { ...sent.query, dry_run: true };
  return (await (await send(path, { ...sent, query, signal })).json()) as Plan;
}

/** Begin a verb. Of one with steps the operation, of any other the answer. The key makes a repeat the same operation. */
export async function begin<V extends Verb>(
  verb: V,
  fields: Fields<V>,
  options: { key?: string; tag?: string | undefined } = {},
): Promise<{ operation: Operation } | { answer: Answer<V> }> {
  const [path, sent] = request(verb, fields as Record<string, unknown>);
  const headers: Record<string, string> = {};
  if (options.key) headers["Idempotency-Key"] = options.key;
  if (options.tag) headers["If-Match"] = options.tag;
  const answer = await send(path, { ...sent, headers });
  const body = answer.status === 204 ? undefined : await answer.json();
  return answer.status === 202 ? { operation: body as Operation } : { answer: body as Answer<V> };
}
