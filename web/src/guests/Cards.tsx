import { Card, CardBody, CardTitle, Checkbox } from "@patternfly/react-core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef, useState } from "react";
import { Link } from "react-router";

import { GuestState } from "@/parts/GuestState";
import { size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { Labels } from "./Cells";
import { Menu } from "./Menu";
import type { GuestRow } from "./rows";
import { texts } from "./texts";
import { Thumb } from "./Thumb";

const LEAST = 250; // pixels of a card
const GAP = 16;
const VIRTUAL = 60;

interface Props {
  rows: readonly GuestRow[];
  doing: ReadonlyMap<string, string>;
  selected: { ids: ReadonlySet<string>; onSelect: (ids: ReadonlySet<string>) => void };
  onLabel: (label: string) => void;
}

/** Guests by their screens. Of many only those that are seen are in the page. */
export function Cards({ rows, doing, selected, onLabel }: Props) {
  const t = useTexts(texts);
  const place = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(4);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => {
      setColumns(Math.max(1, Math.floor((entry!.contentRect.width + GAP) / (LEAST + GAP))));
    });
    watch.observe(place.current!);
    return () => watch.disconnect();
  }, []);
  const isVirtual = rows.length > VIRTUAL;
  const lines = Math.ceil(rows.length / columns);
  const virtual = useVirtualizer({
    count: isVirtual ? lines : 0,
    getScrollElement: () => place.current,
    estimateSize: () => 320,
    overscan: 2,
  });
  const choose = (uuid: string, isChosen: boolean) => {
    const next = new Set(selected.ids);
    if (isChosen) next.add(uuid);
    else next.delete(uuid);
    selected.onSelect(next);
  };
  const line = (index: number) =>
    rows.slice(index * columns, (index + 1) * columns).map((row) => (
      <Guest key={row.uuid} row={row} doing={doing.get(row.name)} isChosen={selected.ids.has(row.uuid)} onChoose={choose} onLabel={onLabel} />
    ));
  const grid = { gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` };
  if (!isVirtual) {
    return (
      <div ref={place} className="inn-cards">
        <div className="inn-cards__row" style={grid}>{Array.from({ length: lines }, (_, index) => line(index))}</div>
      </div>
    );
  }
  return (
    <div ref={place} className="inn-cards inn-cards--long" tabIndex={0} role="region" aria-label={t("guests")}>
      <div style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <div
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            className="inn-cards__row inn-cards__row--placed"
            style={{ ...grid, transform: `translateY(${item.start}px)` }}
          >
            {line(item.index)}
          </div>
        ))}
      </div>
    </div>
  );
}

interface GuestProps {
  row: GuestRow;
  doing: string | undefined;
  isChosen: boolean;
  onChoose: (uuid: string, isChosen: boolean) => void;
  onLabel: (label: string) => void;
}

const Guest = memo(function Guest({ row, doing, isChosen, onChoose, onLabel }: GuestProps) {
  const t = useTexts(texts);
  const path = `/guests/${encodeURIComponent(row.name)}`;
  return (
    <Card isCompact isSelected={isChosen} component="article" aria-label={row.name}>
      <CardTitle>
        <div className="inn-card__title">
          <Checkbox id={`choose-${row.uuid}`} aria-label={t("choose", { name: row.name })} isChecked={isChosen} onChange={(_, now) => onChoose(row.uuid, now)} />
          <Link className="inn-card__name" to={path} title={row.title ? `${row.name} – ${row.title}` : row.name}>{row.name}</Link>
          <Menu row={row} isPlain />
        </div>
      </CardTitle>
      <CardBody>
        <Link to={row.state === "running" ? `${path}/console` : path} tabIndex={-1} aria-hidden>
          <Thumb name={row.name} uuid={row.uuid} state={row.state} />
        </Link>
      </CardBody>
      <CardBody>
        <div className="inn-card__facts">
          <GuestState state={row.state} doing={doing} />
          <span className="inn-number">
            {t("cpusShort", { count: row.cpus ?? 0 })} · {size(row.memory)}
          </span>
        </div>
        <div className="inn-labels"><Labels row={row} onChoose={onLabel} /></div>
      </CardBody>
    </Card>
  );
});
