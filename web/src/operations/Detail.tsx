import {
  Breadcrumb, BreadcrumbItem, Card, CardBody, CardTitle, DescriptionList, DescriptionListDescription,
  DescriptionListGroup, DescriptionListTerm, EmptyState, EmptyStateBody, PageSection, Progress, Stack, StackItem,
} from "@patternfly/react-core";
import type { ReactNode } from "react";
import { Link } from "react-router";

import { useLook } from "@/api/query";
import type { Operation } from "@/api/types";
import { ActionButton } from "@/parts/ActionButton";
import { ProblemAlert, useRemedy } from "@/parts/ProblemAlert";
import { PageHead } from "@/parts/PageHead";
import { OperationState } from "@/parts/OperationState";
import { useVerbName } from "@/parts/verbs";
import { Alert } from "@/patternfly/Alert";
import { sentence, useCatalogue } from "@/text/catalogue";
import { dateTime, duration } from "@/text/format";
import { useTexts } from "@/text/texts";

import { titleOf, useOperationActions } from "./actions";
import { Deeds } from "./Clean";
import { Log } from "./Log";
import { isOfJournal, isUnderWay, placeOf, since, taken } from "./state";
import { texts } from "./texts";

export function Detail({ id }: { id: string }) {
  const t = useTexts(texts);
  const name = useVerbName();
  const { data, error } = useLook("operation", "operation.show", { id }, { every: 10_000 });
  const { actions, dialog } = useOperationActions();
  if (!data) return error ? <Unknown problem={error.status === 404 ? null : error} /> : null;
  const shown = actions(data).filter((_, index) => index > 0 || isUnderWay(data)); // to cancel what is over is no wish
  return (
    <>
      <PageSection hasBodyWrapper={false} className="inn-back">
        <Back />
      </PageSection>
      <PageHead
        title={<span className="inn-name">{titleOf(data, name)}</span>}
        about={<OperationState state={data.state} />}
        actions={shown.map((one) => (
          <ActionButton key={one.label} variant="secondary" why={one.why} onClick={one.onClick}>
            {one.label}
          </ActionButton>
        ))}
      />
      <PageSection hasBodyWrapper={false} isFilled>
        <Stack hasGutter>
          <Said operation={data} />
          <Card>
            <CardTitle component="h2">{t("details")}</CardTitle>
            <CardBody>
              <Facts operation={data} />
            </CardBody>
          </Card>
          {!isOfJournal(data) && <Log id={data.id} />}
        </Stack>
      </PageSection>
      {dialog}
    </>
  );
}

function Back() {
  const t = useTexts(texts);
  return (
    <Breadcrumb aria-label={t("operations")}>
      <BreadcrumbItem>
        <Link to="/operations">{t("back")}</Link>
      </BreadcrumbItem>
    </Breadcrumb>
  );
}

function Unknown({ problem }: { problem: Parameters<typeof ProblemAlert>[0]["problem"] }) {
  const t = useTexts(texts);
  if (problem) return <ProblemAlert problem={problem} />;
  return (
    <EmptyState titleText={t("unknownTitle")} headingLevel="h1">
      <EmptyStateBody>
        <p>{t("unknownBody")}</p>
        <Link to="/operations">{t("back")}</Link>
      </EmptyStateBody>
    </EmptyState>
  );
}

/** How far it is, or how it ended and what that means. */
function Said({ operation }: { operation: Operation }) {
  const t = useTexts(texts);
  const say = useCatalogue();
  const remedyOf = useRemedy();
  const name = useVerbName();
  if (isUnderWay(operation)) {
    const text = operation.state === "queued" ? t("means_queued") : say(operation.text, operation.facts ?? {});
    return (
      <StackItem>
        {typeof operation.fraction === "number" ? (
          <Progress
            aria-label={t("progress", { what: titleOf(operation, name) })}
            title={text}
            value={Math.round(operation.fraction * 100)}
          />
        ) : (
          text && <Alert isInline isPlain variant="info" title={text} />
        )}
      </StackItem>
    );
  }
  const means = meaning(operation);
  if (!means) return null;
  const { problem } = operation;
  const facts = (problem?.facts ?? {}) as Record<string, unknown>;
  const told = problem ? say(`${problem.code}.remedy`, facts) : "";
  const remedy = problem && remedyOf({ code: problem.code, facts, remedy: told === `${problem.code}.remedy` ? "" : told });
  const isHard = operation.state === "failed" || operation.state === "unknown";
  return (
    <StackItem>
      <Alert isInline variant={isHard ? "danger" : "warning"} title={problem ? sentence(say(problem.code, facts), Object.values(facts)) : t(means)}>
        {problem && <p>{t(means)}</p>}
        {remedy && <p>{remedy}</p>}
      </Alert>
    </StackItem>
  );
}

function meaning(operation: Operation) {
  switch (operation.state) {
    case "refused":
    case "cancelled":
    case "timeout":
    case "unknown":
      return `means_${operation.state}` as const;
    case "failed":
      return operation.left?.length ? "means_failedLeft" : "means_failed";
    case "interrupted":
      return isOfJournal(operation) ? "means_interruptedJournal" : "means_interruptedServer";
    default:
      return null;
  }
}

function Facts({ operation }: { operation: Operation }) {
  const t = useTexts(texts);
  const place = placeOf(operation);
  const asked = since(operation);
  const seconds = taken(operation);
  const recovered = (["undone", "repeated", "finished"] as const).find((one) => one === operation.recovered);
  const facts: [string, ReactNode][] = [
    [t("about_target"), operation.target && (place ? <Link to={place}>{operation.target}</Link> : operation.target)],
    [t("verb"), <code>{operation.verb}</code>],
    [t("who"), operation.who ?? (isOfJournal(operation) ? t("commandLine") : null)],
    [t("asked"), asked && dateTime(asked)],
    [t("ended"), operation.ended && dateTime(operation.ended)],
    [t("took"), seconds !== null && duration(seconds)],
    [t("step"), operation.step && <code>{operation.step}</code>],
    [t("process"), operation.pid],
    [t("attempts"), operation.attempts && operation.attempts > 1 ? operation.attempts : null],
    [t("retryOf"), operation.retry_of && <Link to={`/operations/${operation.retry_of}`}>{operation.retry_of}</Link>],
    [t("cancelledBy"), operation.cancelled_by],
    [t("recovered"), recovered && t(`recovered_${recovered}`)],
    [t("id"), <code>{operation.id}</code>],
    [t("undone"), operation.undone?.length ? <Deeds deeds={operation.undone} /> : null],
    [t("left"), operation.left?.length ? <Deeds deeds={operation.left} /> : null],
    [t("wouldUndo"), operation.state === "interrupted" && operation.undo?.length ? <Deeds deeds={operation.undo} /> : null],
  ];
  return (
    <DescriptionList aria-label={t("lines")} columnModifier={{ default: "1Col", lg: "2Col" }} isCompact>
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== false && value !== "")
        .map(([term, value]) => (
          <DescriptionListGroup key={term}>
            <DescriptionListTerm>{term}</DescriptionListTerm>
            <DescriptionListDescription className="inn-name">{value}</DescriptionListDescription>
          </DescriptionListGroup>
        ))}
    </DescriptionList>
  );
}
