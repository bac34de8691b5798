import { locale } from "@/text/language";
import { type Say, useTexts } from "@/text/texts";

import { simple } from "./cron";
import { texts } from "./texts";

/** The name of a day of the week; 0 is Sunday. */
export function weekdayName(day: number): string {
  return new Intl.DateTimeFormat(locale(), { weekday: "long", timeZone: "UTC" }).format(new Date(Date.UTC(2026, 10, 1 + day)));
}

/** Says when a line of cron is: `every day at 02:30`; what is not simple as it stands. */
export function useTimes(): (cron: string) => string {
  const t = useTexts(texts);
  return (cron) => timesOf(cron, t);
}

function timesOf(cron: string, t: Say<(typeof texts)["keys"]>): string {
  const found = simple(cron);
  if (!found) return cron;
  const time = new Intl.DateTimeFormat(locale(), { timeStyle: "short", timeZone: "UTC" }).format(Date.UTC(2026, 0, 1, found.hour, found.minute));
  switch (found.every) {
    case "hour":
      return t("said_hour", { minute: found.minute });
    case "day":
      return t("said_day", { time });
    case "week":
      return t("said_week", { day: weekdayName(found.day), time });
    case "month":
      return t("said_month", { day: found.day, time });
  }
}
