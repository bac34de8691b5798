import { AlertActionLink } from "@patternfly/react-core";
import { Link, useLocation } from "react-router";

import type { ApiProblem } from "@/api/problem";
import { Alert } from "@/patternfly/Alert";
import { sentence, useCatalogue } from "@/text/catalogue";
import { list } from "@/text/format";
import { useTexts } from "@/text/texts";

import { placeOf } from "./remedies";
import { texts } from "./texts";

/** What went wrong, what to do, and whether anything was changed. `onLeave`: it stands in a dialog, which a link closes. */
export function ProblemAlert({ problem, onLeave }: { problem: ApiProblem | null | undefined; onLeave?: () => void }) {
  const t = useTexts(texts);
  const remedyOf = useRemedy();
  const { pathname } = useLocation();
  if (!problem) return null;
  const remedy = remedyOf(problem);
  const outcome = (["refused", "failed", "unknown", "timeout"] as const).find((one) => one === problem.outcome);
  const place = placeOf(problem.code, problem.facts);
  return (
    <Alert
      isInline
      variant={problem.outcome === "timeout" ? "warning" : "danger"}
      title={problemTitle(problem, t)}
      {...(place && place.path !== pathname
        ? {
            actionLinks: (
              <AlertActionLink component={(props: object) => <Link {...props} to={place.path} onClick={onLeave} />}>
                {t(place.label, place.said)}
              </AlertActionLink>
            ),
          }
        : {})}
    >
      {problem.unreachable ? (
        <p>{t("unreachableRemedy")}</p>
      ) : (
        <>
          {remedy && <p>{remedy}</p>}
          {outcome && <p>{t(outcome)}</p>}
          {problem.left.length > 0 && <p>{t("left", { what: list(problem.left) })}</p>}
        </>
      )}
    </Alert>
  );
}

export function problemTitle(problem: ApiProblem, t: ReturnType<typeof useTexts<(typeof texts)["keys"]>>): string {
  if (problem.unreachable) return t("unreachable");
  return sentence(problem.title, Object.values(problem.facts)) || t("ended", { state: problem.code });
}

/** Says what to do about it: on the pages, where the server's words name commands. */
export function useRemedy(): (problem: Pick<ApiProblem, "code" | "facts" | "remedy">) => string {
  const say = useCatalogue();
  return ({ code, facts, remedy }) => {
    const id = `page.${code}`;
    const said = say(id, facts);
    return sentence(said === id ? remedy : said, Object.values(facts));
  };
}
