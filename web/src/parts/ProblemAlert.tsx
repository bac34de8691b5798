import { Alert } from "@patternfly/react-core";

import type { ApiProblem } from "@/api/problem";
import { list } from "@/text/format";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** What went wrong, what to do, and whether anything was changed. */
export function ProblemAlert({ problem }: { problem: ApiProblem | null | undefined }) {
  const t = useTexts(texts);
  if (!problem) return null;
  const outcome = (["refused", "failed", "unknown", "timeout"] as const).find((one) => one === problem.outcome);
  return (
    <Alert isInline variant={problem.outcome === "timeout" ? "warning" : "danger"} title={problemTitle(problem, t)}>
      {problem.unreachable ? (
        <p>{t("unreachableRemedy")}</p>
      ) : (
        <>
          {problem.remedy && <p>{problem.remedy}</p>}
          {outcome && <p>{t(outcome)}</p>}
          {problem.left.length > 0 && <p>{t("left", { what: list(problem.left) })}</p>}
        </>
      )}
    </Alert>
  );
}

export function problemTitle(problem: ApiProblem, t: ReturnType<typeof useTexts<(typeof texts)["keys"]>>): string {
  if (problem.unreachable) return t("unreachable");
  return problem.title || t("ended", { state: problem.code });
}
