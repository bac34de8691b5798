import type { Schemas } from "./types";

type Said = Partial<Omit<Schemas["Problem"], "facts">> & { facts?: Record<string, unknown> | undefined };

/** A refusal or failure as the server tells it, in the language of the page; or that it cannot be reached (status 0). */
export class ApiProblem extends Error {
  readonly code: string;
  readonly title: string;
  readonly remedy: string;
  readonly outcome: string;
  readonly facts: Record<string, unknown>;
  readonly left: readonly string[];

  constructor(
    readonly status: number,
    said: Said = {},
  ) {
    super(said.title ?? said.code ?? String(status));
    this.code = said.code ?? `http.${status}`;
    this.title = said.title ?? (status ? `HTTP ${status}` : "");
    this.remedy = said.remedy ?? "";
    this.outcome = said.outcome ?? "unknown";
    this.facts = said.facts ?? {};
    this.left = said.left ?? [];
  }

  /** Nobody answered: whether it was done is not known. */
  get unreachable(): boolean {
    return this.status === 0;
  }
}
