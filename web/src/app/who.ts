import { createContext, use } from "react";

import type { Who } from "./session";

export const WhoContext = createContext<Who | null>(null);

/** Who is signed in. */
export function useWho(): Who {
  const who = use(WhoContext);
  if (!who) throw new Error("nobody is signed in");
  return who;
}
