import { setSession, send } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import type { Schemas } from "@/api/types";

export type Who = Schemas["Who"];

let letIn = () => {};
/** Until somebody is: what a page needs can be asked for from then on. */
export const signedIn = new Promise<void>((resolve) => {
  letIn = resolve;
});

/** The word of a link: alone, or behind `#link=`. */
export function wordOf(link: string): string | null {
  const found = /(?:#link=|^)([\w-]{16,})$/.exec(link.trim());
  return found?.[1] ?? null;
}

/** Who this browser is; by the link of its address, where that has one. Null: nobody yet. Throws `ApiProblem`. */
export async function enter(whenEnded: () => void): Promise<Who | null> {
  const word = location.hash.startsWith("#link=") ? wordOf(location.hash) : null;
  if (word) {
    history.replaceState(null, "", location.pathname + location.search); // it is a secret, and used
    const who = await signIn(word, whenEnded).catch((error: unknown) => {
      if (error instanceof ApiProblem && error.status === 401) return null;
      throw error;
    });
    if (who) return who;
  }
  try {
    const who = (await (await send("/api/v1/session")).json()) as Who;
    setSession(who.csrf ?? "", whenEnded);
    letIn();
    return who;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null;
    throw error;
  }
}

export async function signIn(word: string, whenEnded: () => void): Promise<Who> {
  const who = (await (await send("/api/v1/session", { method: "POST", body: { link: word } })).json()) as Who;
  setSession(who.csrf ?? "", whenEnded);
  letIn();
  return who;
}

export async function signOut(): Promise<void> {
  await send("/api/v1/session", { method: "DELETE" });
}
