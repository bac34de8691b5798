import { ArrowsAltVIcon, LongArrowAltDownIcon, LongArrowAltUpIcon } from "@patternfly/react-icons";
import { memo } from "react";

import { useTexts } from "@/text/texts";

import type { Column } from "./Table";
import { texts } from "./texts";

export interface Sort {
  key: string;
  descending?: boolean;
}

/** Which rows are chosen. */
export interface Choice {
  ids: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
}

interface Props {
  columns: readonly Column<unknown>[];
  sorted: Sort;
  onSort: (sorted: Sort) => void;
  /** whether all rows are chosen; undefined: none can be */
  isAll: boolean | undefined;
  onAll: (isChosen: boolean) => void;
  /** the id of the checkbox for all */
  check: string;
}

/** What the columns are, and by which of them the rows are sorted. */
export const TableHead = memo(function TableHead({ columns, sorted, onSort, isAll, onAll, check }: Props) {
  const t = useTexts(texts);
  return (
    <thead role="rowgroup">
      <tr role="row" className="inn-row">
        {isAll !== undefined && (
          <th role="columnheader" scope="col" className="inn-cell inn-cell--check">
            <input type="checkbox" className="inn-check" id={check} aria-label={t("selectAll")} checked={isAll} onChange={(event) => onAll(event.target.checked)} />
          </th>
        )}
        {columns.map((column) => (
          <Head key={column.key} column={column} sorted={sorted} onSort={onSort} />
        ))}
      </tr>
    </thead>
  );
});

function Head({ column, sorted, onSort }: Pick<Props, "sorted" | "onSort"> & { column: Column<unknown> }) {
  const t = useTexts(texts);
  if (column.isAction) {
    return <th role="columnheader" scope="col" className="inn-cell inn-cell--action"><span className="pf-v6-screen-reader">{column.label || t("more")}</span></th>;
  }
  const width = column.width ? { style: { width: `${column.width}%` } } : {};
  if (!column.by) return <th role="columnheader" scope="col" className="inn-cell" {...width}>{column.label}</th>;
  const isSorted = sorted.key === column.key;
  const isDown = isSorted && Boolean(sorted.descending);
  const Sign = !isSorted ? ArrowsAltVIcon : isDown ? LongArrowAltDownIcon : LongArrowAltUpIcon;
  return (
    <th role="columnheader" scope="col" className="inn-cell" {...width} aria-sort={!isSorted ? "none" : isDown ? "descending" : "ascending"}>
      <button type="button" className={isSorted ? "inn-sort inn-sort--now" : "inn-sort"} onClick={() => onSort({ key: column.key, descending: isSorted && !isDown })}>
        {column.label} <Sign />
      </button>
    </th>
  );
}
