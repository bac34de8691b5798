import {
  Bullseye, Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, Label, PageSection, Title,
} from "@patternfly/react-core";
import { NetworkIcon } from "@patternfly/react-icons";
import { useMemo } from "react";
import { Link } from "react-router";

import { useLook } from "@/api/query";
import { PageHead } from "@/parts/PageHead";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { type Column, Table } from "@/parts/Table";
import { Spinner } from "@/patternfly/Spinner";
import { useTexts } from "@/text/texts";

import type { Row } from "./layout";
import { Picture } from "./Picture";
import { texts } from "./texts";
import { path, useNames } from "./words";

/** All that guests are plugged into, as a picture and as a table. */
export function Networks() {
  const t = useTexts(texts);
  const { data, error } = useLook("network", "network.list", { all: true }, { every: 30_000 });
  const rows = data as readonly Row[] | undefined;
  const columns = useColumns();
  return (
    <>
      <PageHead title={t("title")} about={t("about")} />
      <PageSection hasBodyWrapper={false} isFilled={false}>
        <ProblemAlert problem={error} />
        {!rows && !error && <Bullseye className="inn-loading"><Spinner aria-label={t("title")} /></Bullseye>}
        {rows?.length === 0 && <NoNetworks />}
        {rows && rows.length > 0 && <Picture rows={rows} />}
      </PageSection>
      {rows && rows.length > 0 && (
        <PageSection hasBodyWrapper={false} isFilled>
          <Title headingLevel="h2">{t("list")}</Title>
          <Table label={t("list")} rows={rows} columns={columns} id={(row) => row.id} sort={{ key: "name" }} empty={null} />
        </PageSection>
      )}
    </>
  );
}

function useColumns(): readonly Column<Row>[] {
  const t = useTexts(texts);
  const names = useNames();
  return useMemo(
    () => [
      {
        key: "name",
        label: t("name"),
        by: (row) => names.title(row),
        cell: (row) => <Link to={path(row)} className="inn-name">{names.title(row)}</Link>,
        width: 20,
      },
      { key: "state", label: t("state"), by: (row) => Number(!row.active), cell: (row) => <NetworkState row={row} /> },
      { key: "mode", label: t("mode"), by: (row) => names.leads(row), cell: (row) => names.leads(row), width: 30 },
      { key: "address", label: t("address"), by: (row) => row.addresses[0], cell: (row) => row.addresses.join(", ") || "—" },
      { key: "guests", label: t("guests"), by: guestsOn, cell: (row) => <span className="inn-number">{guestsOn(row)}</span> },
      { key: "leases", label: t("leases"), by: (row) => row.leases, cell: (row) => <span className="inn-number">{row.leases}</span> },
    ],
    [t, names],
  );
}

function guestsOn(row: Row): number {
  return new Set(row.cards.map((card) => card.uuid)).size;
}

export function NetworkState({ row }: { row: Pick<Row, "active" | "mode"> & { kind?: Row["kind"] } }) {
  const t = useTexts(texts);
  if (row.active) return <Label isCompact status="success">{t("active")}</Label>;
  const isMissing = row.kind === "network" && row.mode === null;
  return <Label isCompact status={isMissing ? "danger" : "warning"}>{t(isMissing ? "missing" : "inactive")}</Label>;
}

function NoNetworks() {
  const t = useTexts(texts);
  return (
    <EmptyState titleText={t("none")} headingLevel="h2" icon={NetworkIcon}>
      <EmptyStateBody>{t("noneHow")}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button component={(props: object) => <Link {...props} to="/host" />}>{t("toHost")}</Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
