import type { components, operations } from "@/generated/api";

export type Schemas = components["schemas"];
export type Verb = keyof operations;

type Path<O> = O extends { parameters: { path: infer P } } ? P : unknown;
type Query<O> = O extends { parameters: { query?: infer Q } } ? ([Q] extends [undefined] ? unknown : Omit<NonNullable<Q>, "dry_run">) : unknown;
type Body<O> = O extends { requestBody?: { content: { "application/json": infer B } } } ? (string extends keyof B ? unknown : Partial<B>) : unknown;
type Json<R> = R extends { content: { "application/json": infer V } } ? V : never;

/** The fields of a verb's request, flat as in Python: which go into the path, the query or the body is the client's to know. */
export type Fields<V extends Verb> = Path<operations[V]> & Query<operations[V]> & Body<operations[V]>;
/** Rows have all their fields, unless `fields` was asked for. */
type Rows<A> = A extends (infer R)[] ? Exclude<R, Record<string, never>>[] : A;
/** What a verb answers when it is done. */
export type Answer<V extends Verb> = operations[V] extends { responses: { 200: infer R } }
  ? Rows<Exclude<Json<R>, Schemas["Plan"]>>
  : never;
export type Plan = Schemas["Plan"];
export type Operation = Schemas["OperationView"];
