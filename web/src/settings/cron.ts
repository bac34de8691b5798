// Times of a schedule: what people choose, as cron has it, and the other way round.

export const EVERY = ["hour", "day", "week", "month", "own"] as const;
export type Every = (typeof EVERY)[number];

export interface When {
  every: Every;
  /** HH:MM */
  time: string;
  minute: number;
  /** 0 is Sunday */
  weekday: number;
  monthday: number;
  own: string;
}

export function cronOf(when: When): string {
  const [hour, minute] = when.time.split(":").map(Number);
  switch (when.every) {
    case "hour":
      return `${when.minute} * * * *`;
    case "day":
      return `${minute} ${hour} * * *`;
    case "week":
      return `${minute} ${hour} * * ${when.weekday}`;
    case "month":
      return `${minute} ${hour} ${when.monthday} * *`;
    case "own":
      return when.own.trim();
  }
}

const NAMED: Record<string, string> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
};

/** What a line of cron comes to, where it is one of the simple ones; else null. */
export function simple(cron: string): { every: "hour" | "day" | "week" | "month"; minute: number; hour: number; day: number } | null {
  const found = /^(\d+) (\d+|\*) (\d+|\*) \* ([0-7]|\*)$/.exec(NAMED[cron] ?? cron.trim().replace(/\s+/g, " "));
  if (!found) return null;
  const [minute, hour, monthday, weekday] = found.slice(1).map((word) => (word === "*" ? null : Number(word))) as [
    number, number | null, number | null, number | null,
  ];
  if (hour === null) return monthday === null && weekday === null ? { every: "hour", minute, hour: 0, day: 0 } : null;
  if (weekday !== null) return monthday === null ? { every: "week", minute, hour, day: weekday % 7 } : null;
  return monthday === null ? { every: "day", minute, hour, day: 0 } : { every: "month", minute, hour, day: monthday };
}
