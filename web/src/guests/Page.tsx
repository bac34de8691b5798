import "./guests.css";

import {
  Bullseye, Button, Content, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, PageSection, ToggleGroup,
  ToggleGroupItem, Toolbar, ToolbarContent, ToolbarItem,
} from "@patternfly/react-core";
import { ListIcon, ThLargeIcon, VirtualMachineIcon } from "@patternfly/react-icons";
import { useCallback, useDeferredValue, useMemo, useState } from "react";
import { Link } from "react-router";

import { useLook } from "@/api/query";
import { GuestState, useStateName } from "@/parts/GuestState";
import { PageHead } from "@/parts/PageHead";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { type Column, Table } from "@/parts/Table";
import { useVerbName } from "@/parts/verbs";
import { Spinner } from "@/patternfly/Spinner";
import { number, size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { Cards } from "./Cards";
import { Labels, Name } from "./Cells";
import { Chosen } from "./Chosen";
import { labelsOf, matching, NOTHING, useFilter } from "./filter";
import { ClearButton, Filters } from "./Filters";
import { Menu } from "./Menu";
import { Progress } from "./Progress";
import { type GuestRow, guestsAhead, useGuestRows } from "./rows";
import { texts } from "./texts";

type View = "table" | "cards";
const KEPT = "innkeeper.guests-view";
const NOTHING_CHOSEN: ReadonlySet<string> = new Set();

export const ahead = guestsAhead;

export function Page() {
  const t = useTexts(texts);
  const { data: rows, error } = useGuestRows("here");
  const { filter, change, isAny } = useFilter();
  const sought = useDeferredValue(filter);
  const [view, setView] = useState<View>(() => (localStorage.getItem(KEPT) === "cards" ? "cards" : "table"));
  const [ids, setIds] = useState<ReadonlySet<string>>(NOTHING_CHOSEN);
  const doing = useDoing();
  const found = useMemo(() => rows && matching(rows, sought), [rows, sought]);
  const labels = useMemo(() => [...new Set((rows ?? []).flatMap(labelsOf))].sort(), [rows]);
  const chosen = useMemo(() => (ids.size > 0 ? (rows ?? []).filter((row) => ids.has(row.uuid)) : []), [rows, ids]);
  const clear = useCallback(() => change(NOTHING), [change]);
  const onLabel = useCallback((label: string) => change({ labels: [label] }), [change]);
  const show = (next: View) => {
    localStorage.setItem(KEPT, next);
    setView(next);
  };
  const running = rows?.filter((row) => row.state === "running").length ?? 0;
  const selected = { ids, onSelect: setIds };
  return (
    <>
      <PageHead title={t("guests")} about={rows && rows.length > 0 ? t("about", { count: rows.length, running: number(running) }) : undefined} />
      <PageSection hasBodyWrapper={false} isFilled>
        <ProblemAlert problem={rows ? null : error} />
        <Progress />
        {rows && rows.length > 0 && (
          <Toolbar className="inn-guests-bar" clearAllFilters={clear} clearFiltersButtonText={t("clear")}>
            <ToolbarContent>
              <Filters filter={filter} labels={labels} isAny={isAny} change={change} />
              <ToolbarItem align={{ default: "alignEnd" }}>
                <ToggleGroup aria-label={t("view")}>
                  <ToggleGroupItem icon={<ListIcon />} text={t("asTable")} isSelected={view === "table"} onChange={() => show("table")} />
                  <ToggleGroupItem icon={<ThLargeIcon />} text={t("asCards")} isSelected={view === "cards"} onChange={() => show("cards")} />
                </ToggleGroup>
              </ToolbarItem>
              {chosen.length > 0 && (
                <ToolbarItem className="inn-chosen-bar">
                  <Chosen guests={chosen} onNone={() => setIds(NOTHING_CHOSEN)} />
                </ToolbarItem>
              )}
            </ToolbarContent>
          </Toolbar>
        )}
        {isAny && found && found.length > 0 && (
          <Content component="small" aria-live="polite">
            {t("shown", { shown: number(found.length), total: number(rows?.length ?? 0) })} <ClearButton onClear={clear} />
          </Content>
        )}
        {view === "cards" && found && found.length > 0 ? (
          <Cards rows={byName(found)} doing={doing} selected={selected} onLabel={onLabel} />
        ) : rows || !error ? (
          <GuestTable rows={found} doing={doing} selected={selected} onLabel={onLabel} onClear={isAny ? clear : undefined} />
        ) : null}
      </PageSection>
    </>
  );
}

interface TableProps {
  rows: readonly GuestRow[] | undefined;
  doing: ReadonlyMap<string, string>;
  selected: { ids: ReadonlySet<string>; onSelect: (ids: ReadonlySet<string>) => void };
  onLabel: (label: string) => void;
  onClear: (() => void) | undefined;
}

function GuestTable({ rows, doing, selected, onLabel, onClear }: TableProps) {
  const t = useTexts(texts);
  const stateName = useStateName();
  const columns = useMemo<Column<GuestRow>[]>(
    () => [
      { key: "name", label: t("name"), by: (row) => row.name, cell: (row) => <Name row={row} />, width: 35 },
      { key: "state", label: t("state"), by: (row) => stateName(row.state), cell: (row) => <GuestState state={row.state} doing={doing.get(row.name)} />, width: 15 },
      { key: "cpus", label: t("cpus"), by: (row) => row.cpus, isNumber: true, cell: (row) => row.cpus ?? "—", width: 10 },
      { key: "memory", label: t("memory"), by: (row) => row.memory, isNumber: true, cell: (row) => size(row.memory), width: 10 },
      { key: "labels", label: t("labels"), by: (row) => labelsOf(row).join(" ") || null, cell: (row) => <Labels row={row} onChoose={onLabel} />, width: 20 },
      { key: "actions", label: t("actions"), isAction: true, cell: (row) => <Menu row={row} /> },
    ],
    [t, stateName, doing, onLabel],
  );
  if (!rows) return <Bullseye className="inn-loading"><Spinner aria-label={t("guests")} /></Bullseye>;
  return (
    <Table label={t("guests")} rows={rows} columns={columns} id={idOf} sort={BY_NAME} empty={<Empty />} onClear={onClear} selected={selected} />
  );
}

const idOf = (row: GuestRow) => row.uuid;
const BY_NAME = { key: "name" };
const names = new Intl.Collator("en", { numeric: true });
const byName = (rows: readonly GuestRow[]) => [...rows].sort((a, b) => names.compare(a.name, b.name));

function Empty() {
  const t = useTexts(texts);
  return (
    <EmptyState titleText={t("empty")} headingLevel="h2" icon={VirtualMachineIcon}>
      <EmptyStateBody>{t("emptyBody")}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button component={(props: object) => <Link {...props} to="/create" />}>{t("emptyCreate")}</Button>
        </EmptyStateActions>
        <EmptyStateActions>
          <Button variant="link" component={(props: object) => <Link {...props} to="/images" />}>{t("emptyImages")}</Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}

/** Name of a guest → what is being done to it now, whoever asked for it. */
function useDoing(): ReadonlyMap<string, string> {
  const verb = useVerbName();
  const { data } = useLook("operation", "operation.list", { state: ["queued", "running"] }, { keep: true });
  return useMemo(
    () => new Map((data ?? []).filter((one) => one.verb.startsWith("guest.")).map((one) => [one.target, verb(one.verb)])),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the name of a verb changes with the language alone, and then data does too
    [data],
  );
}
