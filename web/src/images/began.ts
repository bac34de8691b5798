import { act } from "@/api/act";
import { plan } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import type { Fields, Verb } from "@/api/types";

/** Begins what takes long: throws what it is refused for; how it goes on is told by the shell and in its row. */
export async function began<V extends Verb>(verb: V, fields: Fields<V>, target: string): Promise<void> {
  const planned = await plan(verb, fields);
  act(verb, fields, target, { planned }).catch((error: unknown) => {
    if (!(error instanceof ApiProblem)) throw error; // announced
  });
}
