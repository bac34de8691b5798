import "./Chart.css";

import { lazy, Suspense, useMemo, useState } from "react";

import { again } from "@/app/loading";
import { clock } from "@/text/format";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** With what draws it, once the browser has nothing more urgent: the rest of the page is useful without. */
const Drawing = lazy(async () => {
  await new Promise((resolve) => ("requestIdleCallback" in window ? requestIdleCallback(resolve, { timeout: 1000 }) : setTimeout(resolve, 200)));
  return again(() => import("./Drawing"))();
});

export interface Line {
  label: string;
  /** null where nothing is known */
  values: readonly (number | null)[];
}

interface Props {
  title: string;
  /** Unix seconds of the first value, and how many until each next one: as `Samples` tell them */
  begins: number;
  step: number;
  /** keep them the same object while they are the same: they are drawn anew when not */
  lines: readonly Line[];
  format: (value: number | null | undefined) => string;
  /** the axis reaches at least to here, such as to 100 of percents */
  most?: number | undefined;
  /** bytes, or bytes a second: the axis goes by powers of 1024 */
  isBytes?: boolean;
  /** charts of one name point at the same moment */
  together?: string;
  height?: number;
}

/** What was measured over a time: lines, and their values now, or at the moment that is pointed at (mouse or arrow keys). */
export function Chart({ title, begins, step, lines, format, most, isBytes = false, together, height = 150 }: Props) {
  const t = useTexts(texts);
  const [point, setPoint] = useState<number | null>(null);
  const count = lines[0]?.values.length ?? 0;
  const times = useMemo(() => Array.from({ length: count }, (_, index) => begins + index * step), [begins, step, count]);
  const isEmpty = lines.every((line) => line.values.every((value) => value === null));
  const at = point !== null && point < count ? point : null;
  const shown = lines.map((line) => (at === null ? last(line.values) : (line.values[at] ?? null)));
  const label = lines.map((line, index) => t("chartSaid", { line: line.label, now: format(shown[index]), most: format(peak(line.values)) }));
  return (
    <figure className="inn-chart">
      <figcaption className="inn-chart__head">
        <span className="inn-chart__title">
          {title}
          {at !== null && <span className="inn-chart__when">{clock(times[at]!, step < 60)}</span>}
        </span>
        {!isEmpty && (
          <ul className="inn-chart__lines">
            {lines.map((line, index) => (
              <li key={line.label} className="inn-chart__line" style={{ "--inn-chart-colour": `var(--inn-chart-${index})` } as React.CSSProperties}>
                {lines.length > 1 && line.label} <span className="inn-chart__value">{format(shown[index])}</span>
              </li>
            ))}
          </ul>
        )}
      </figcaption>
      {isEmpty ? (
        <div className="inn-chart__nothing" style={{ height }}>{t("chartNothing")}</div>
      ) : (
        <Suspense fallback={<div style={{ height }} />}>
          <Drawing
            label={`${title}. ${label.join(". ")}`}
            times={times}
            lines={lines}
            format={format}
            most={most}
            isBytes={isBytes}
            together={together}
            height={height}
            onPoint={setPoint}
          />
        </Suspense>
      )}
    </figure>
  );
}

function last(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

function peak(values: readonly (number | null)[]): number | null {
  return values.reduce((most, value) => (value !== null && (most === null || value > most) ? value : most), null);
}
