import "uplot/dist/uPlot.min.css";

import { type KeyboardEvent, useEffect, useRef } from "react";
import uPlot from "uplot";

import { clock } from "@/text/format";
import { language } from "@/text/language";

import type { Line } from "./Chart";
import { useDark } from "./dark";

type Format = (value: number | null | undefined) => string;

interface Props {
  label: string;
  times: readonly number[];
  lines: readonly Line[];
  format: Format;
  most: number | undefined;
  isBytes: boolean;
  together: string | undefined;
  height: number;
  onPoint: (index: number | null) => void;
}

const POWERS = Array.from({ length: 50 }, (_, power) => 2 ** power);

/** The lines themselves, on a canvas. */
export default function Drawing({ label, times, lines, format, most, isBytes, together, height, onPoint }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const now = useRef({ times, lines, format, onPoint });
  now.current = { times, lines, format, onPoint };
  const isDark = useDark();
  const count = lines.length;
  const spoken = language();

  useEffect(() => {
    const at = holder.current!;
    const options: uPlot.Options = {
      width: Math.max(at.clientWidth, 100),
      height,
      padding: [8, 16, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 }, ...(together ? { sync: { key: together } } : {}) },
      scales: { x: { time: true }, y: { range: (_, __, top) => [0, Math.max(most ?? (isBytes ? 1024 : 1), (top ?? 0) * 1.08)] } },
      axes: axes(at, isBytes, (value) => now.current.format(value)),
      series: [{}, ...Array.from({ length: count }, (_, index) => series(at, index))],
      hooks: { setCursor: [(self) => now.current.onPoint((self.cursor.left ?? -1) < 0 ? null : (self.cursor.idx ?? null))] },
    };
    const made = new uPlot(options, data(now.current), at);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: Math.max(at.clientWidth, 100), height }));
    observer.observe(at);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [isDark, spoken, count, most, isBytes, together, height]);

  useEffect(() => plot.current?.setData(data({ times, lines })), [times, lines]);

  const onKeyDown = (event: KeyboardEvent) => {
    const made = plot.current;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!made || (!by && event.key !== "Escape")) return;
    event.preventDefault();
    if (!by) return made.setCursor({ left: -10, top: -10 });
    const from = made.cursor.idx ?? times.length;
    const index = Math.min(Math.max(from + by, 0), times.length - 1);
    made.setCursor({ left: made.valToPos(times[index]!, "x"), top: 1 });
  };
  return (
    <div
      ref={holder}
      className="inn-chart__drawing"
      style={{ height }}
      role="img"
      aria-label={label}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={() => plot.current?.setCursor({ left: -10, top: -10 })}
    />
  );
}

function data({ times, lines }: { times: readonly number[]; lines: readonly Line[] }): uPlot.AlignedData {
  return [[...times], ...lines.map((line) => [...line.values])];
}

function colour(at: HTMLElement, token: string): string {
  return getComputedStyle(at).getPropertyValue(token).trim();
}

function series(at: HTMLElement, index: number): uPlot.Series {
  const stroke = colour(at, `--inn-chart-${index}`);
  return { stroke, width: 1.5, points: { show: false }, ...(index === 0 ? { fill: `color-mix(in srgb, ${stroke} 13%, transparent)` } : {}) };
}

function axes(at: HTMLElement, isBytes: boolean, format: Format): uPlot.Axis[] {
  const stroke = colour(at, "--pf-t--global--text--color--subtle");
  const line = { stroke: colour(at, "--pf-t--global--border--color--subtle") || colour(at, "--pf-t--global--border--color--default"), width: 1 };
  const font = `11px ${getComputedStyle(at).fontFamily}`;
  const common = { stroke, font, grid: line, ticks: { ...line, size: 4 } };
  return [
    { ...common, size: 24, gap: 3, values: (_, splits) => splits.map((value) => clock(value)), grid: { show: false }, space: 64 },
    {
      ...common,
      gap: 3,
      space: 32,
      size: (_, values) => 14 + 6.2 * Math.max(...(values ?? [""]).map((value) => value.length)),
      values: (_, splits) => splits.map((value) => format(value)),
      ...(isBytes ? { incrs: POWERS } : {}),
    },
  ];
}
