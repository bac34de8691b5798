import "./Table.css";

import { Bullseye, Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from "@patternfly/react-core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type MouseEvent, type ReactNode, useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";

import { Spinner } from "@/patternfly/Spinner";
import { locale } from "@/text/language";
import { useTexts } from "@/text/texts";

import { type Choice, type Sort, TableHead } from "./TableHead";
import { texts } from "./texts";

export interface Column<R> {
  key: string;
  label: string;
  /** Plain elements, since there may be thousands. Links are `<a href>`: the table follows them without a new page. */
  cell: (row: R) => ReactNode;
  /** what it is sorted by; without: it cannot be */
  by?: (row: R) => string | number | null | undefined;
  /** percent of the table's width; of those without, an equal share of what is left */
  width?: 10 | 15 | 20 | 25 | 30 | 35 | 40 | 45 | 50 | 60;
  /** what it is for is plain without a word, such as a menu's */
  isAction?: boolean;
  /** its figures stand below each other */
  isNumber?: boolean;
  /** what such a menu needs where there are thousands of rows, if that is more than two signs */
  room?: string;
}

interface Props<R> {
  label: string;
  rows: readonly R[] | undefined;
  columns: readonly Column<R>[];
  id: (row: R) => string;
  sort?: Sort;
  /** what is shown when there is nothing at all */
  empty: ReactNode;
  /** rows were filtered, and this shows them all again */
  onClear?: (() => void) | undefined;
  selected?: Choice;
}

const ROW = 45; // pixels of a row that has one line, until one is measured
const SPARE = 4; // rows above and below those that are seen
const FEW = 60; // so many are simply there

/** A table of a few rows or of thousands: then only those that are seen are in the page, each one line high. */
export function Table<R>({ label, rows, columns, id, sort, empty, onClear, selected }: Props<R>) {
  const t = useTexts(texts);
  const [sorted, setSorted] = useState(sort ?? { key: columns[0]!.key });
  const all = useMemo(() => order(rows ?? [], columns, sorted), [rows, columns, sorted]);
  const checks = useId();
  const follow = useFollow();
  const now = useRef({ selected, id });
  useEffect(() => {
    now.current = { selected, id };
  });
  const choose = useCallback((row: unknown, isSelected: boolean) => {
    const { selected: chosen, id: idOf } = now.current;
    const next = new Set(chosen?.ids);
    if (isSelected) next.add(idOf(row as R));
    else next.delete(idOf(row as R));
    chosen?.onSelect(next);
  }, []);
  const ids = selected?.ids;
  const isAll = useMemo(() => Boolean(ids?.size) && all.every((row) => ids!.has(id(row))), [all, ids, id]);
  const chooseAll = useCallback((isChosen: boolean) => now.current.selected?.onSelect(new Set(isChosen ? all.map(now.current.id) : [])), [all]);
  if (!rows) return <Bullseye className="inn-loading"><Spinner aria-label={t("loading")} /></Bullseye>;
  if (all.length === 0) return onClear ? <NothingMatches onClear={onClear} /> : <>{empty}</>;

  const head = (
    <TableHead columns={columns as readonly Column<unknown>[]} sorted={sorted} onSort={setSorted} isAll={selected && isAll} onAll={chooseAll} check={`${checks}-all`} />
  );
  const draw = (index: number, top?: number) => {
    const row = all[index]!;
    return (
      <Row
        key={id(row)}
        row={row}
        index={index}
        top={top}
        columns={columns as readonly Column<unknown>[]}
        isSelected={ids?.has(id(row))}
        onSelect={choose}
        check={selected && `${checks}-${id(row)}`}
        name={String(columns[0]!.by?.(row) ?? id(row))}
      />
    );
  };
  const whole = { label, count: all.length, head, draw, follow };
  return all.length > FEW ? <Long {...whole} widths={widthsOf(columns, selected !== undefined)} keyOf={(index) => id(all[index]!)} /> : <Short {...whole} />;
}

interface Whole {
  label: string;
  count: number;
  head: ReactNode;
  draw: (index: number, top?: number) => ReactNode;
  follow: (event: MouseEvent) => void;
}

function Short({ label, count, head, draw, follow }: Whole) {
  return (
    <div className="inn-table" onClick={follow}>
      <table className="inn-rows" role="grid" aria-label={label} aria-rowcount={count}>
        {head}
        <tbody role="rowgroup">{Array.from({ length: count }, (_, index) => draw(index))}</tbody>
      </table>
    </div>
  );
}

/** Each row stands where it belongs by itself, so that those which come and go move no other. */
function Long({ label, count, head, draw, follow, widths, keyOf }: Whole & { widths: object; keyOf: (index: number) => string }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(ROW);
  useEffect(() => {
    const at = scroller.current!;
    // On a phone, and with large letters, they are higher.
    const watch = new ResizeObserver(() => setHeight(at.querySelector("tbody")?.querySelector("tr")?.offsetHeight || ROW));
    watch.observe(at);
    return () => watch.disconnect();
  }, []);
  const virtual = useVirtualizer({ count, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: SPARE, getItemKey: keyOf });
  useEffect(() => virtual.measure(), [height, virtual]);
  return (
    <div ref={scroller} className="inn-table inn-table--long" tabIndex={0} role="region" aria-label={label} onClick={follow} onPointerOver={tell}>
      <table className="inn-rows" role="grid" aria-label={label} aria-rowcount={count} style={widths as React.CSSProperties}>
        {head}
        <tbody role="rowgroup" style={{ height: count * height }}>{virtual.getVirtualItems().map(({ index }) => draw(index, index * height))}</tbody>
      </table>
    </div>
  );
}

/** What is cut off in a cell is said when it is pointed at. */
function tell({ target }: { target: EventTarget }): void {
  const cell = (target as Element).closest<HTMLElement>("td[data-label]");
  if (!cell) return;
  if (cell.scrollWidth > cell.clientWidth) cell.title = cell.innerText;
  else cell.removeAttribute("title");
}

/** Rows share no layout with each other: the widths are the same for all. */
function widthsOf(columns: readonly Column<never>[], hasChecks: boolean): object {
  const widths = columns.map((one) => (one.isAction ? (one.room ?? "8rem") : `minmax(0, ${one.width ?? 15}fr)`));
  const facts = columns.filter((one) => !one.isAction).length - 1; // on a phone one stands in each line
  return { "--inn-columns": [...(hasChecks ? ["2.875rem"] : []), ...widths].join(" "), "--inn-facts": facts };
}

/** Follows links within the pages. */
function useFollow(): (event: MouseEvent) => void {
  const go = useNavigate();
  return useCallback(
    (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>("a[href]");
      if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      if (link.origin !== location.origin || link.hasAttribute("download") || link.target) return;
      event.preventDefault();
      void go(link.pathname + link.search + link.hash);
    },
    [go],
  );
}

interface RowProps {
  row: unknown;
  index: number;
  /** pixels, where it is one of thousands */
  top: number | undefined;
  columns: readonly Column<unknown>[];
  /** undefined: it cannot be */
  isSelected: boolean | undefined;
  onSelect: (row: unknown, isSelected: boolean) => void;
  /** the id of its checkbox */
  check: string | undefined;
  /** what people call it */
  name: string;
}

/** Drawn anew only when it is another row, or the columns tell something else: scrolling draws only what comes into view. */
const Row = memo(function Row({ row, index, top, columns, isSelected, onSelect, check, name }: RowProps) {
  const t = useTexts(texts);
  return (
    <tr role="row" className="inn-row" {...(top === undefined ? {} : { "aria-rowindex": index + 1, style: { top } })}>
      {isSelected !== undefined && (
        <td role="gridcell" className="inn-cell inn-cell--check">
          <input type="checkbox" className="inn-check" id={check} aria-label={t("select", { name })} checked={isSelected} onChange={(event) => onSelect(row, event.target.checked)} />
        </td>
      )}
      {columns.map((column) =>
        column.isAction ? (
          <td key={column.key} role="gridcell" className="inn-cell inn-cell--action">{column.cell(row)}</td>
        ) : (
          <td key={column.key} role="gridcell" className={column.isNumber ? "inn-cell inn-number" : "inn-cell"} data-label={column.label}>{column.cell(row)}</td>
        ),
      )}
    </tr>
  );
});

function order<R>(rows: readonly R[], columns: readonly Column<R>[], sorted: Sort): readonly R[] {
  const by = columns.find((one) => one.key === sorted.key)?.by;
  if (!by) return rows;
  const collator = new Intl.Collator(locale(), { numeric: true });
  const sign = sorted.descending ? -1 : 1;
  return [...rows].sort((left, right) => {
    const [a, b] = [by(left), by(right)];
    if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1; // what is not known comes last
    if (b === null || b === undefined) return -1;
    return sign * (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b)));
  });
}

function NothingMatches({ onClear }: { onClear: () => void }) {
  const t = useTexts(texts);
  return (
    <EmptyState titleText={t("none")} headingLevel="h2" variant="sm">
      <EmptyStateBody>{t("noneHow")}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button variant="link" onClick={onClear}>{t("clear")}</Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
