import { useQueryClient } from "@tanstack/react-query";

import { useLook } from "@/api/query";
import type { Schemas } from "@/api/types";

export type Finding = Schemas["FindingView"];
export type Status = Finding["status"];

const LOOK_AGAIN = 5 * 60_000;

/** What the doctor sees. It looks at the whole host, so it is not asked at each event, but every five minutes and when
 * something was repaired. */
export function useFindings(isWanted = true) {
  return useLook("doctor", "host.check", isWanted ? {} : undefined, { every: LOOK_AGAIN });
}

/** The doctor is to look again. */
export function useLookAgain(): () => void {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: ["doctor"] });
}

/** Several findings may have one id, each about another thing. */
export function keyOf(finding: Finding): string {
  return `${finding.id} ${finding.text} ${JSON.stringify(finding.facts)}`;
}
