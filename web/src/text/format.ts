import { language, locale } from "./language";

// Numbers, sizes and times by locale. Sizes are in powers of 1024, as everywhere in Innkeeper.

/** What formats is dear to make, and the same for each language and shape. */
function kept<F>(make: (spoken: string, shape: object) => F): (spoken: string, shape: object) => F {
  const known = new Map<string, F>();
  return (spoken, shape) => {
    const key = spoken + JSON.stringify(shape);
    let found = known.get(key);
    if (!found) known.set(key, (found = make(spoken, shape)));
    return found;
  };
}
const numbers = kept((spoken, shape) => new Intl.NumberFormat(spoken, shape));
const dates = kept((spoken, shape) => new Intl.DateTimeFormat(spoken, shape));
const times = kept((spoken, shape) => new Intl.RelativeTimeFormat(spoken, shape));

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

export function number(value: number, digits = 1): string {
  return numbers(locale(), { maximumFractionDigits: digits }).format(value);
}

/** `2 GiB`; `—` for what is not known. */
export function size(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return "—";
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${number(value, value < 10 && unit > 0 ? 1 : 0)} ${UNITS[unit]}`;
}

export function rate(bytes: number | null | undefined): string {
  return bytes === null || bytes === undefined ? "—" : `${size(bytes)}/s`;
}

/** `12.5 %` of 0 to 100. */
export function percent(value: number | null | undefined, digits = 0): string {
  if (value === null || value === undefined) return "—";
  return numbers(locale(), { style: "percent", maximumFractionDigits: digits }).format(value / 100);
}

/** Unix seconds as a date with time. */
export function dateTime(seconds: number): string {
  return dates(locale(), { dateStyle: "medium", timeStyle: "medium" }).format(seconds * 1000);
}

export function clock(seconds: number, withSeconds = false): string {
  const style = withSeconds ? "medium" : "short";
  return dates(locale(), { timeStyle: style }).format(seconds * 1000);
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** `5 minutes ago`, `in 2 hours`. */
export function ago(seconds: number, now = Date.now() / 1000): string {
  const past = seconds - now;
  const [unit, length] = STEPS.find(([, least]) => Math.abs(past) >= least) ?? ["second", 1];
  return times(locale(), { numeric: "auto" }).format(Math.trunc(past / length), unit);
}

/** How long something took: `1 min 5 s`. */
export function duration(seconds: number): string {
  const [h, min, s] = language() === "zh" ? ["小时", "分", "秒"] : ["h", "min", "s"];
  if (seconds < 10) return `${number(seconds, 1)} ${s}`;
  if (seconds < 60) return `${Math.floor(seconds)} ${s}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} ${min} ${Math.floor(seconds % 60)} ${s}`;
  return `${Math.floor(minutes / 60)} ${h} ${minutes % 60} ${min}`;
}

/** Names in a sentence: `a, b and c`, `a、b、c`. */
export function list(names: readonly string[]): string {
  return language() === "zh" ? names.join("、") : new Intl.ListFormat("en", { type: "conjunction" }).format(names);
}
