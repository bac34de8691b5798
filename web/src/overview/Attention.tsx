import { Button, Card, CardBody, CardTitle, Content, EmptyState, EmptyStateBody } from "@patternfly/react-core";
import { CheckCircleIcon, ExclamationCircleIcon, ExclamationTriangleIcon } from "@patternfly/react-icons";
import { useState } from "react";

import { useLook } from "@/api/query";
import type { Schemas } from "@/api/types";
import { useFindings } from "@/host/findings";
import { useTexts } from "@/text/texts";

import { Notice } from "./Notice";
import { gravity, ILL, keyOf, notices } from "./notices";
import { texts } from "./texts";

const FIRST = 6; // that are shown at once

/** What needs attention, the gravest first, each with its button. It is looked for behind what is shown first. */
export function Attention({ host, isFirst }: { host: Schemas["HostView"] | undefined; isFirst: boolean }) {
  const t = useTexts(texts);
  const [isAll, setAll] = useState(false);
  const link = useLook("host", "host.link", {}, { every: 10_000 }).data;
  const ill = useLook("guest", "guest.list", isFirst ? undefined : { state_reason: [...ILL], limit: 50 });
  const crashed = useLook("guest", "guest.list", isFirst ? undefined : { state: ["crashed"], limit: 50 });
  const operations = useLook("operation", "operation.list", isFirst ? undefined : { state: ["interrupted", "failed"] }, { every: 15_000 });
  const schedules = useLook("schedule", "schedule.list", isFirst ? undefined : {});
  const findings = useFindings(!isFirst);
  const guests = [...(ill.data ?? []), ...(crashed.data ?? []).filter((one) => !ill.data?.some((other) => other.uuid === one.uuid))];
  const found = notices({
    link,
    guests,
    findings: findings.data?.findings,
    operations: operations.data,
    pools: host?.pools,
    schedules: schedules.data,
  });
  const all = [...found.filter((one) => gravity(one) === "danger"), ...found.filter((one) => gravity(one) === "warning")];
  const shown = isAll ? all : all.slice(0, FIRST);
  const isLooking = [ill, findings, operations, schedules].some((one) => one.isPending);
  return (
    <Card isFullHeight>
      <CardTitle component="h2">{t("attention")}</CardTitle>
      <CardBody>
        {all.length > 0 && (
          <ul className="inn-attention" aria-label={t("attention")}>
            {shown.map((one) => (
              <li key={keyOf(one)}>
                {gravity(one) === "danger" ? (
                  <ExclamationCircleIcon className="inn-attention__danger" />
                ) : (
                  <ExclamationTriangleIcon className="inn-attention__warning" />
                )}
                <Notice notice={one} />
              </li>
            ))}
          </ul>
        )}
        {all.length > FIRST && (
          <Button variant="link" isInline onClick={() => setAll(!isAll)}>
            {isAll ? t("less") : t("more", { count: all.length - FIRST })}
          </Button>
        )}
        {all.length === 0 && !isLooking && (
          <EmptyState variant="xs" status="success" icon={CheckCircleIcon} titleText={t("allWell")} headingLevel="h3">
            <EmptyStateBody>{t("allWellBody")}</EmptyStateBody>
          </EmptyState>
        )}
        {isLooking && <Content component="small">{t("looking")}</Content>}
      </CardBody>
    </Card>
  );
}
