import { useWho } from "@/app/who";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

const RANKS = { viewer: 0, operator: 1, admin: 2 } as const;
export type Role = keyof typeof RANKS;

/** Why whoever is signed in may not do what that role may; undefined: they may (DESIGN.md §8). */
export function useMay(): (needed: Role) => string | undefined {
  const t = useTexts(texts);
  const { role } = useWho();
  return (needed) => (RANKS[role] >= RANKS[needed] ? undefined : t(needed === "admin" ? "mayAdmin" : "mayOperator"));
}
