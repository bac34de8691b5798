import { Card, CardBody, CardTitle, Content } from "@patternfly/react-core";
import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";

import { look } from "@/api/client";
import { store } from "@/api/query";
import type { Schemas } from "@/api/types";
import { useCatalogue } from "@/text/catalogue";
import { clock } from "@/text/format";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

type Line = Schemas["LogLine"];
const PAGE = 1000; // lines that the server tells at once

/** What an operation said while it runs or ran. */
export function Log({ id }: { id: string }) {
  const t = useTexts(texts);
  const say = useCatalogue();
  const { data } = useQuery({ queryKey: ["operation", "log", id], queryFn: ({ signal }) => read(id, signal) });
  return (
    <Card>
      <CardTitle component="h2">{t("log")}</CardTitle>
      <CardBody>
        {data?.length === 0 && <Content component="p">{t("logNone")}</Content>}
        {data && data.length > 0 && (
          <div className="inn-log" role="log" aria-label={t("log")} tabIndex={0}>
            {data.map((line) => (
              <Fragment key={line.number}>
                <time dateTime={new Date(line.at * 1000).toISOString()}>{clock(line.at, true)}</time>
                <span>{say(line.text, line.facts)}</span>
              </Fragment>
            ))}
          </div>
        )}
      </CardBody>
    </Card>
  );
}

/** The lines that are known already, and those behind them. */
async function read(id: string, signal: AbortSignal): Promise<readonly Line[]> {
  let lines = store.getQueryData<readonly Line[]>(["operation", "log", id]) ?? [];
  for (;;) {
    const more = await look("operation.log", { id, after: lines.at(-1)?.number ?? 0 }, signal);
    if (more.length) lines = [...lines, ...more];
    if (more.length < PAGE) return lines;
  }
}
