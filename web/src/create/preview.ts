import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { plan } from "@/api/client";
import type { ApiProblem } from "@/api/problem";
import type { Plan } from "@/api/types";

import type { Asked } from "./form";

const PAUSE = 350; // milliseconds without typing

export interface Looked {
  plan: Plan | undefined;
  problem: ApiProblem | null;
  isLooking: boolean;
}

/** What the host would do for it; asked a moment after the last change, and again when the server is back. */
export function usePreview(fields: Asked | null): Looked {
  const now = fields ? JSON.stringify(fields) : "";
  const [asked, setAsked] = useState(now);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(now), asked === "" ? 0 : PAUSE);
    return () => clearTimeout(timer);
  }, [now, asked]);
  const found = useQuery<Plan, ApiProblem>({
    queryKey: ["plan", asked],
    queryFn: ({ signal }) => plan("guest.create", JSON.parse(asked) as Asked, signal),
    enabled: asked !== "",
    gcTime: 0,
    retry: (_, problem) => problem.unreachable,
    retryDelay: 2000,
    placeholderData: (before) => before,
  });
  const isLooking = now !== asked || found.isFetching;
  return { plan: asked ? found.data : undefined, problem: found.isPlaceholderData ? null : found.error, isLooking };
}
