import { useMemo } from "react";

import { useTexts } from "@/text/texts";

import type { Row } from "./layout";
import { texts } from "./texts";

type Key = keyof (typeof texts)["keys"];

/** Where a network of the list is shown whole. */
export function path(row: Pick<Row, "kind" | "name" | "id">): string {
  return `/networks/${encodeURIComponent(row.kind === "network" ? row.name : row.id)}`;
}

export interface Names {
  title: (row: Pick<Row, "kind" | "name">) => string;
  /** where it leads, in a sentence */
  leads: (row: Pick<Row, "kind" | "mode">) => string;
  /** the same in a word */
  short: (row: Pick<Row, "kind" | "mode">) => string;
}

/** What networks are called, and where they lead, in the page's language. */
export function useNames(): Names {
  const t = useTexts(texts);
  return useMemo(() => {
    const say = (key: string, otherwise: string) => (key in texts.keys ? t(key as Key & "nat") : otherwise);
    const id = (row: Pick<Row, "kind" | "mode">) => (row.kind === "network" && row.mode ? row.mode : `kind_${row.kind}`);
    return {
      title: (row) => (row.kind === "user" ? t("user") : row.name),
      leads: (row) => say(id(row), row.mode ?? row.kind),
      short: (row) => say(`short_${id(row)}`, row.mode ?? row.kind),
    };
  }, [t]);
}
