import { Card, CardBody, CardTitle, Content, EmptyState, EmptyStateBody } from "@patternfly/react-core";
import { Link } from "react-router";

import { useLook } from "@/api/query";
import type { Operation } from "@/api/types";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { OperationState } from "@/parts/OperationState";
import { type Column, Table } from "@/parts/Table";
import { useVerbName } from "@/parts/verbs";
import { ago, dateTime, duration } from "@/text/format";
import { useTexts } from "@/text/texts";

import { historyTexts } from "./historyTexts";
import { Logs } from "./Logs";
import type { Guest } from "./Page";

/** What was done to it, and what it and its QEMU said. */
export default function History({ guest }: { guest: Guest }) {
  return (
    <div className="inn-guest__stack">
      <Operations guest={guest} />
      <Logs guest={guest} />
    </div>
  );
}

function Operations({ guest }: { guest: Guest }) {
  const t = useTexts(historyTexts);
  const verbName = useVerbName();
  const { data, error } = useLook("operation", "operation.list", { target: [guest.name], sort: ["-requested"], limit: 200 }, { keep: true });
  const at = (one: Operation) => one.requested ?? one.began;
  const end = (one: Operation) => (one.ended !== null && one.began !== null ? one.ended - one.began : null);
  const columns: Column<Operation>[] = [
    { key: "what", label: t("what"), cell: (one) => <Link to={`/operations/${one.id}`}>{verbName(one.verb)}</Link>, by: (one) => verbName(one.verb), width: 30 },
    { key: "state", label: t("state"), cell: (one) => <OperationState state={one.state} />, by: (one) => one.state },
    { key: "who", label: t("who"), cell: (one) => one.who ?? "—", by: (one) => one.who },
    { key: "when", label: t("when"), cell: (one) => <When at={at(one)} />, by: at },
    { key: "took", label: t("took"), cell: (one) => <span className="inn-number">{end(one) === null ? "—" : duration(end(one)!)}</span>, by: end },
  ];
  const empty = (
    <EmptyState titleText={t("none")} headingLevel="h3" variant="sm">
      <EmptyStateBody>{t("noneBody")}</EmptyStateBody>
    </EmptyState>
  );
  return (
    <Card isCompact component="section">
      <CardTitle component="h2">{t("operations")}</CardTitle>
      <CardBody>
        <ProblemAlert problem={data ? null : error} />
        {!error && <Table label={t("operations")} rows={data} columns={columns} id={(one) => one.id} sort={{ key: "when", descending: true }} empty={empty} />}
        <Content component="small">{t("operationsHow", { name: guest.name })}</Content>
      </CardBody>
    </Card>
  );
}

function When({ at }: { at: number | null }) {
  return at === null ? "—" : <span title={dateTime(at)}>{ago(at)}</span>;
}
