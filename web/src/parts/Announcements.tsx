import { AlertActionLink, AlertGroup, Progress } from "@patternfly/react-core";
import { useEffect, useState } from "react";
import { Link } from "react-router";

import { type Deed, useDeeds } from "@/api/act";
import { placeOf } from "@/operations/state";
import { Alert, AlertActionCloseButton } from "@/patternfly/Alert";
import { useCatalogue } from "@/text/catalogue";
import { useTexts } from "@/text/texts";

import { problemTitle, useRemedy } from "./ProblemAlert";
import { texts } from "./texts";
import { useVerbName } from "./verbs";

const GONE_AFTER = 6; // seconds; what failed stays until it is closed

/** What was done on this page: how far it is, and how it ended. */
export function Announcements() {
  const deeds = useDeeds();
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const [, tick] = useState(0);
  const shown = deeds.filter((deed) => !deed.isQuiet && !closed.has(deed.id) && !isOver(deed)).slice(0, 5);
  const isWaiting = shown.some((deed) => deed.state === "done");
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, [isWaiting]);
  return (
    <AlertGroup isToast isLiveRegion>
      {shown.map((deed) => (
        <Announcement key={deed.id} deed={deed} onClose={() => setClosed(new Set([...closed, deed.id]))} />
      ))}
    </AlertGroup>
  );
}

const ended = new WeakMap<Deed, number>();

function isOver(deed: Deed): boolean {
  if (deed.state !== "done") return deed.state === "asked" && Date.now() / 1000 - deed.at < 0.3;
  const at = ended.get(deed) ?? Date.now();
  ended.set(deed, at);
  return Date.now() - at > GONE_AFTER * 1000;
}

function Announcement({ deed, onClose }: { deed: Deed; onClose: () => void }) {
  const t = useTexts(texts);
  const name = useVerbName();
  const say = useCatalogue();
  const what = `${name(deed.verb)} ${deed.target}`;
  const { operation, problem } = deed;
  const remedyOf = useRemedy();
  const variant = { asked: "info", running: "info", done: "success", failed: "danger" } as const;
  const title = deed.state === "done" ? t("done", { what }) : problem ? problemTitle(problem, t) : t("running", { what });
  return (
    <Alert
      variant={variant[deed.state]}
      title={title}
      actionClose={<AlertActionCloseButton title={title} onClose={onClose} />}
      actionLinks={
        operation && (
          <AlertActionLink component={(props: object) => <Link {...props} to={(deed.state === "done" && placeOf(operation)) || `/operations/${operation.id}`} />}>
            {t("show")}
          </AlertActionLink>
        )
      }
    >
      {problem && remedyOf(problem)}
      {deed.state === "running" && operation && (
        <>
          <span>{say(operation.text, operation.facts as Record<string, unknown>)}</span>
          {typeof operation.fraction === "number" && (
            <Progress aria-label={what} value={Math.round(operation.fraction * 100)} size="sm" />
          )}
        </>
      )}
    </Alert>
  );
}
