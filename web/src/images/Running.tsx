import { Button, Card, CardBody, CardTitle, Progress } from "@patternfly/react-core";
import { Link } from "react-router";

import { announce } from "@/api/act";
import { useLook } from "@/api/query";
import type { Operation } from "@/api/types";
import { useVerbName } from "@/parts/verbs";
import { useCatalogue } from "@/text/catalogue";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

const VERBS = new Set(["image.pull", "image.build", "image.import", "image.make"]);

/** Images on their way, whoever wants them. */
export function useRunning(): readonly Operation[] {
  const all = useLook("operation", "operation.list", {}, { every: 3000 }).data as readonly Operation[] | undefined;
  return (all ?? []).filter((one) => VERBS.has(one.verb) && (one.state === "running" || one.state === "queued"));
}

export function Running() {
  const t = useTexts(texts);
  const name = useVerbName();
  const say = useCatalogue();
  const running = useRunning();
  if (running.length === 0) return null;
  const stop = (one: Operation) =>
    announce("operation.cancel", { id: one.id }, one.target);
  return (
    <Card isCompact className="inn-images__running">
      <CardTitle component="h2">{t("running")}</CardTitle>
      <CardBody>
        {running.map((one) => {
          const title = `${name(one.verb)} ${one.target}`;
          return (
            <div key={one.id} className="inn-images__row">
              <Progress
                title={<Link to={`/operations/${one.id}`} className="inn-name">{title}</Link>}
                aria-label={title}
                size="sm"
                {...(typeof one.fraction === "number" ? { value: Math.round(one.fraction * 100) } : { measureLocation: "none" as const })}
                helperText={say(one.text, one.facts as Record<string, unknown>)}
              />
              <Button variant="secondary" size="sm" aria-label={`${t("stop")}: ${title}`} onClick={() => void stop(one)}>{t("stop")}</Button>
            </div>
          );
        })}
      </CardBody>
    </Card>
  );
}
