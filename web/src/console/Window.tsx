import { EmptyState, EmptyStateBody, Title } from "@patternfly/react-core";
import { useEffect } from "react";
import { useNavigate, useParams } from "react-router";

import { useDeeds } from "@/api/act";
import { listen } from "@/api/events";
import { useLook } from "@/api/query";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { useTexts } from "@/text/texts";

import type { Kind } from "./link";
import { Console } from "./Tab";
import { texts } from "./texts";

/** Until it is known: the console is asked for meanwhile, and is told when there is none. */
const ASSUMED = "running";

/** A console in a window of its own. */
export function Page() {
  const t = useTexts(texts);
  const { name = "", kind: asked } = useParams();
  const kind: Kind = asked === "serial" ? "serial" : "vnc";
  const go = useNavigate();
  const { data, error } = useLook("guest", "guest.show", { name }, { every: 3000 });
  useEffect(() => {
    document.title = `${name} · ${t(kind)}`;
  }, [name, kind, t]);
  // No stream of events of its own but while something is done: a browser gives a site six connections in all.
  const isDoing = useDeeds().some((deed) => deed.state === "asked" || deed.state === "running");
  useEffect(() => (isDoing ? listen() : undefined), [isDoing]);

  const isGone = error?.status === 404;
  return (
    <main className="inn-console-window">
      <Title headingLevel="h1" size="md" className="inn-console-name">{name}</Title>
      {isGone ? (
        <EmptyState titleText={t("gone", { name })} headingLevel="h2">
          <EmptyStateBody>{t("goneBody")}</EmptyStateBody>
        </EmptyState>
      ) : (
        <>
          {!data && <ProblemAlert problem={error} />}
          <Console
            key={kind}
            name={name}
            state={data?.state ?? ASSUMED}
            kind={kind}
            isWindow
            onKind={(next) => void go(`/console/${encodeURIComponent(name)}/${next}`, { replace: true })}
          />
        </>
      )}
    </main>
  );
}
