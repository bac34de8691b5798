import { Button, Card, CardBody, CardTitle, Content, Switch, ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import { useEffect, useRef, useState } from "react";

import { useLook } from "@/api/query";
import type { Schemas } from "@/api/types";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { Alert } from "@/patternfly/Alert";
import { useCatalogue } from "@/text/catalogue";
import { dateTime } from "@/text/format";
import { useTexts } from "@/text/texts";

import { historyTexts } from "./historyTexts";
import type { Guest } from "./Page";

const FEW = 100;
const MANY = 5000;
type Kind = "serial" | "qemu";

/** Why it last stopped, and what its serial port and QEMU said. */
export function Logs({ guest }: { guest: Guest }) {
  const t = useTexts(historyTexts);
  const [kind, setKind] = useState<Kind>("serial");
  const [lines, setLines] = useState(FEW);
  const [since, setSince] = useState(false);
  const isRunning = guest.state === "running";
  const { data, error } = useLook("guest", "guest.logs", { name: guest.name, lines, since_start: since }, { every: isRunning ? 4000 : undefined, keep: true });
  const log = data?.logs.find((one) => one.kind === kind);
  return (
    <Card isCompact component="section">
      <CardTitle component="h2">{t("log")}</CardTitle>
      <CardBody className="inn-guest__stack">
        {data?.stop && <Stopped stop={data.stop} isRunning={isRunning} />}
        <ProblemAlert problem={data ? null : error} />
        <div className="inn-guest__head">
          <ToggleGroup aria-label={t("which")} isCompact>
            {(["serial", "qemu"] as const).map((one) => (
              <ToggleGroupItem key={one} text={t(one)} buttonId={`log-${one}`} isSelected={kind === one} onChange={() => setKind(one)} />
            ))}
          </ToggleGroup>
          <Switch id="log-since" label={t("sinceStart")} isChecked={since} onChange={(_, now) => setSince(now)} />
        </div>
        {log && <Shown key={kind} log={log} />}
        {log && log.lines.length >= lines && lines < MANY && (
          <div><Button variant="link" isInline onClick={() => setLines(MANY)}>{t("more")}</Button></div>
        )}
      </CardBody>
    </Card>
  );
}

function Shown({ log }: { log: Schemas["Log"] }) {
  const t = useTexts(historyTexts);
  const say = useCatalogue();
  const box = useRef<HTMLPreElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [log.lines]);
  if (log.problem) return <Content component="p">{say(log.problem, log.facts)}</Content>;
  if (log.lines.length === 0) return <Content component="p">{t("empty")}</Content>;
  return (
    <>
      <pre
        ref={box}
        className="inn-guest__log"
        tabIndex={0}
        role="region"
        aria-label={t(log.kind as Kind)}
        onScroll={({ currentTarget: at }) => (atEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < 20)}
      >
        {log.lines.join("\n")}
      </pre>
      {log.path && <Content component="small" className="inn-guest__path">{t("path", { path: log.path })}</Content>}
    </>
  );
}

function Stopped({ stop, isRunning }: { stop: Schemas["Stop"]; isRunning: boolean }) {
  const t = useTexts(historyTexts);
  const key = `r_${stop.reason}`;
  const reason = t((key in historyTexts.keys ? key : "r_unknown") as "r_unknown");
  const isIll = ["crashed", "failed", "daemon"].includes(stop.reason);
  const title = stop.at === null ? t("stoppedUnknown", { reason }) : t("stopped", { when: dateTime(stop.at), reason });
  return (
    <Alert isInline isPlain={!isIll || isRunning} variant={isIll && !isRunning ? "danger" : "info"} title={title}>
      {stop.last_words && <p>{t("lastWords", { words: stop.last_words })}</p>}
      {stop.panic && <p>{t("panic", { words: stop.panic })}</p>}
    </Alert>
  );
}
