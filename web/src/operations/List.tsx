import {
  Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, PageSection, ToggleGroup, ToggleGroupItem,
  Toolbar, ToolbarContent, ToolbarItem,
} from "@patternfly/react-core";
import { TaskIcon } from "@patternfly/react-icons";
import { useMemo, useState } from "react";
import { Link, useSearchParams } from "react-router";

import { useLook } from "@/api/query";
import type { Operation } from "@/api/types";
import { ActionMenu } from "@/parts/ActionMenu";
import { PageHead } from "@/parts/PageHead";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { OperationState } from "@/parts/OperationState";
import { type Column, Table } from "@/parts/Table";
import { useVerbName } from "@/parts/verbs";
import { SearchInput } from "@/patternfly/SearchInput";
import { ago, dateTime, duration } from "@/text/format";
import { type Say, useTexts } from "@/text/texts";

import { titleOf, useOperationActions } from "./actions";
import { Doing } from "./Doing";
import { isOfJournal, isUnderWay, since, taken } from "./state";
import { texts } from "./texts";

const FIELDS = [
  "id", "verb", "target", "state", "step", "began", "pid", "undo", "who", "requested", "ended", "fraction", "text", "facts",
] as const;
const SHOWN = ["all", "isRunning", "notWell", "isDone"] as const;
type Shown = (typeof SHOWN)[number];

const isShown: Record<Shown, (operation: Operation) => boolean> = {
  all: () => true,
  isRunning: isUnderWay,
  notWell: (one) => !isUnderWay(one) && one.state !== "done",
  isDone: (one) => one.state === "done",
};

export function List() {
  const t = useTexts(texts);
  const name = useVerbName();
  const [words, setWords] = useSearchParams();
  const [search, setSearch] = useState("");
  const shown = SHOWN.find((one) => one === words.get("show")) ?? "all";
  const show = (one: Shown) => setWords(one === "all" ? {} : { show: one }, { replace: true });
  const { data, error } = useLook("operation", "operation.list", { fields: [...FIELDS] }, { every: 30_000 });
  const { actions, dialog } = useOperationActions();
  const wanted = search.trim().toLowerCase();
  const rows = useMemo(
    () =>
      data?.filter(
        (one) =>
          isShown[shown](one) &&
          (!wanted || `${titleOf(one, name)} ${one.verb} ${one.id} ${one.who ?? ""}`.toLowerCase().includes(wanted)),
      ),
    [data, shown, wanted, name],
  );
  const isFiltered = Boolean(data?.length) && (shown !== "all" || wanted !== "");
  return (
    <>
      <PageHead title={t("operations")} about={t("about")} />
      <PageSection hasBodyWrapper={false}>
        <ProblemAlert problem={error} />
        <Toolbar className="inn-filter">
          <ToolbarContent>
            <ToolbarItem>
              <SearchInput
                aria-label={t("search")}
                placeholder={t("search")}
                value={search}
                onChange={(_, value) => setSearch(value)}
                onClear={() => setSearch("")}
              />
            </ToolbarItem>
            <ToolbarItem>
              <ToggleGroup aria-label={t("state")}>
                {SHOWN.map((one) => (
                  <ToggleGroupItem
                    key={one}
                    text={t(one)}
                    buttonId={`show-${one}`}
                    isSelected={shown === one}
                    onChange={() => show(one)}
                  />
                ))}
              </ToggleGroup>
            </ToolbarItem>
          </ToolbarContent>
        </Toolbar>
        {!(error && !data) && (
          <Table
            label={t("operations")}
            rows={rows}
            id={(one) => one.id}
            sort={{ key: "when", descending: true }}
            columns={columns(t, name, actions)}
            empty={<Nothing />}
            onClear={isFiltered ? () => { setSearch(""); show("all"); } : undefined}
          />
        )}
      </PageSection>
      {dialog}
    </>
  );
}

function columns(
  t: Say<(typeof texts)["keys"]>,
  name: (verb: string) => string,
  actions: ReturnType<typeof useOperationActions>["actions"],
): Column<Operation>[] {
  return [
    {
      key: "what",
      label: t("what"),
      width: 30,
      by: (one) => titleOf(one, name),
      cell: (one) => (
        <a className="inn-name" href={`/operations/${one.id}`}>
          {titleOf(one, name)}
        </a>
      ),
    },
    {
      key: "state",
      label: t("state"),
      width: 25,
      by: (one) => one.state,
      cell: (one) => (
        <>
          <OperationState state={one.state} /> <Doing operation={one} />
        </>
      ),
    },
    {
      key: "who",
      label: t("who"),
      by: (one) => one.who,
      cell: (one) => <span className="inn-name">{one.who ?? (isOfJournal(one) ? t("commandLine") : "—")}</span>,
    },
    {
      key: "when",
      label: t("when"),
      by: since,
      cell: (one) => {
        const at = since(one);
        return at === null ? "—" : <time dateTime={new Date(at * 1000).toISOString()} title={dateTime(at)}>{ago(at)}</time>;
      },
    },
    {
      key: "took",
      label: t("took"),
      by: (one) => taken(one),
      cell: (one) => {
        const seconds = taken(one);
        return <span className="inn-number">{seconds === null ? "—" : duration(seconds)}</span>;
      },
    },
    {
      key: "actions",
      label: "",
      isAction: true,
      cell: (one) => <ActionMenu of={titleOf(one, name)} actions={actions(one)} />,
    },
  ];
}

function Nothing() {
  const t = useTexts(texts);
  return (
    <EmptyState titleText={t("none")} headingLevel="h2" icon={TaskIcon}>
      <EmptyStateBody>{t("noneBody")}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button component={(props) => <Link {...props} to="/create" />}>{t("create")}</Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
