import { Checkbox, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, Button, Bullseye } from "@patternfly/react-core";
import { Table as PfTable, Tbody, Td, Th, Thead, type ThProps, Tr } from "@patternfly/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type ReactNode, useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";

import { Spinner } from "@/patternfly/Spinner";
import { locale } from "@/text/language";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

export interface Column<R> {
  key: string;
  label: string;
  cell: (row: R) => ReactNode;
  /** what it is sorted by; without: it cannot be */
  by?: (row: R) => string | number | null | undefined;
  /** percent of the table's width */
  width?: 10 | 15 | 20 | 25 | 30 | 35 | 40 | 45 | 50 | 60;
  /** what it is for is plain without a word, such as a menu's */
  isAction?: boolean;
}

interface Props<R> {
  label: string;
  rows: readonly R[] | undefined;
  columns: readonly Column<R>[];
  id: (row: R) => string;
  sort?: { key: string; descending?: boolean };
  /** what is shown when there is nothing at all */
  empty: ReactNode;
  /** rows were filtered, and this shows them all again */
  onClear?: (() => void) | undefined;
  selected?: { ids: ReadonlySet<string>; onSelect: (ids: ReadonlySet<string>) => void };
  rowClass?: (row: R) => string;
}

const ROW = 45; // pixels of a compact row, until one is measured
const VIRTUAL = 60; // fewer rows than that are simply there

/** A table of a few rows or of thousands: then only those that are seen are in the page. */
export function Table<R>({ label, rows, columns, id, sort, empty, onClear, selected, rowClass }: Props<R>) {
  const t = useTexts(texts);
  const [sorted, setSorted] = useState(sort ?? { key: columns[0]!.key });
  const scroller = useRef<HTMLDivElement>(null);
  const all = useMemo(() => order(rows ?? [], columns, sorted), [rows, columns, sorted]);
  const isVirtual = all.length > VIRTUAL;
  const [height, setHeight] = useState(ROW);
  const keyOf = useCallback((index: number) => id(all[index]!), [id, all]);
  const virtual = useVirtualizer({
    count: isVirtual ? all.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    getItemKey: keyOf, // always the same function: all places are counted anew with another
  });
  // A row that turns out taller or smaller moves nothing that is seen: else a scroll that is under way would stop there.
  virtual.shouldAdjustScrollPositionOnItemSizeChange = () => false;
  const isShown = isVirtual && virtual.getVirtualItems().length > 0;
  useLayoutEffect(() => {
    const row = isShown ? scroller.current?.querySelector<HTMLElement>("tr[data-index]") : null;
    if (row) setHeight(row.offsetHeight);
  }, [isShown]);
  useEffect(() => virtual.measure(), [height, virtual]);
  const checks = useId();
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
  if (!rows) return <Bullseye className="inn-loading"><Spinner aria-label={t("loading")} /></Bullseye>;
  if (all.length === 0) return onClear ? <NothingMatches onClear={onClear} /> : <>{empty}</>;

  const items = virtual.getVirtualItems();
  const shown = isVirtual ? items.map((item) => item.index) : all.map((_, index) => index);
  const above = isVirtual ? (items[0]?.start ?? 0) : 0;
  const below = isVirtual ? virtual.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;
  const span = columns.length + (selected ? 1 : 0);
  const sorting = (column: Column<R>, index: number): { sort: NonNullable<ThProps["sort"]> } | object =>
    column.by
      ? {
          sort: {
            columnIndex: index,
            sortBy: { index: columns.findIndex((one) => one.key === sorted.key), direction: sorted.descending ? "desc" : "asc" },
            onSort: (_: unknown, __: number, direction: string) => setSorted({ key: column.key, descending: direction === "desc" }),
          },
        }
      : {};
  const isAll = selected ? all.every((row) => selected.ids.has(id(row))) : false;
  return (
    <div ref={scroller} className={isVirtual ? "inn-table inn-table--long" : "inn-table"} {...(isVirtual ? { tabIndex: 0, role: "region", "aria-label": label } : {})}>
      <PfTable aria-label={label} aria-rowcount={all.length} variant="compact" gridBreakPoint="grid-md" isStickyHeader={isVirtual}>
        <Thead>
          <Tr>
            {selected && (
              <Th className="pf-v6-c-table__check">
                <Checkbox
                  id={`${checks}-all`}
                  aria-label={t("selectAll")}
                  isChecked={isAll}
                  onChange={(_, now) => selected.onSelect(new Set(now ? all.map(id) : []))}
                />
              </Th>
            )}
            {columns.map((column, index) => (
              <Th key={column.key} modifier="nowrap" {...(column.width ? { width: column.width } : {})} {...sorting(column, index)} {...(column.isAction ? { screenReaderText: column.label } : {})}>
                {column.isAction ? undefined : column.label}
              </Th>
            ))}
          </Tr>
        </Thead>
        <Tbody>
          {above > 0 && <tr aria-hidden="true"><td colSpan={span} style={{ height: above, padding: 0 }} /></tr>}
          {shown.map((index) => {
            const row = all[index]!;
            return (
              <Row
                key={id(row)}
                row={row}
                index={index}
                columns={columns as readonly Column<unknown>[]}
                measure={isVirtual ? virtual.measureElement : undefined}
                isSelected={selected?.ids.has(id(row))}
                onSelect={choose}
                check={selected && `${checks}-${id(row)}`}
                name={String(columns[0]!.by?.(row) ?? id(row))}
                className={rowClass?.(row)}
              />
            );
          })}
          {below > 0 && <tr aria-hidden="true"><td colSpan={span} style={{ height: below, padding: 0 }} /></tr>}
        </Tbody>
      </PfTable>
    </div>
  );
}

interface RowProps {
  row: unknown;
  index: number;
  columns: readonly Column<unknown>[];
  /** of a virtual table: told its height */
  measure: ((element: HTMLElement | null) => void) | undefined;
  /** undefined: it cannot be */
  isSelected: boolean | undefined;
  onSelect: (row: unknown, isSelected: boolean) => void;
  /** the id of its checkbox */
  check: string | undefined;
  /** what people call it */
  name: string;
  className: string | undefined;
}

/** Drawn anew only when it is another row, or the columns tell something else: scrolling draws only what comes into view. */
const Row = memo(function Row({ row, index, columns, measure, isSelected, onSelect, check, name, className }: RowProps) {
  const t = useTexts(texts);
  return (
    <Tr {...(measure ? { ref: measure, "aria-rowindex": index + 1, "data-index": index } : {})} {...(className ? { className } : {})}>
      {isSelected !== undefined && check && (
        <Td className="pf-v6-c-table__check">
          <Checkbox id={check} aria-label={t("select", { name })} isChecked={isSelected} onChange={(_, now) => onSelect(row, now)} />
        </Td>
      )}
      {columns.map((column) => (
        <Td key={column.key} {...(column.isAction ? { isActionCell: true } : { dataLabel: column.label })}>
          {column.cell(row)}
        </Td>
      ))}
    </Tr>
  );
});

function order<R>(rows: readonly R[], columns: readonly Column<R>[], sorted: { key: string; descending?: boolean }): readonly R[] {
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
