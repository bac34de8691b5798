import { Button, Form, FormGroup, FormHelperText, HelperText, TextArea, TextInput } from "@patternfly/react-core";
import { MinusCircleIcon, PlusCircleIcon } from "@patternfly/react-icons";
import { useState } from "react";

import { act } from "@/api/act";
import type { Fields, Schemas } from "@/api/types";
import { useWho } from "@/app/who";
import { ActionButton } from "@/parts/ActionButton";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { useDraft, whole } from "@/parts/drafts";
import { useSubmit } from "@/parts/submit";
import { HelperTextItem } from "@/patternfly/HelperTextItem";
import { type Say, useTexts } from "@/text/texts";

import { ChangesAlert } from "./Changes";
import { notesTexts } from "./notesTexts";
import type { Guest } from "./Page";

interface Row {
  key: string;
  value: string;
}
interface Draft {
  title?: string;
  notes?: string;
  labels?: readonly Row[];
  /** what each was when it was begun on */
  from: { title: string; notes: string };
}
type T = Say<(typeof notesTexts)["keys"]>;
const KEY = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/;

/** What people write down about it: title, notes, labels. */
export default function Notes({ guest }: { guest: Guest }) {
  const t = useTexts(notesTexts);
  const { role } = useWho();
  const [kept, setDraft] = useDraft<Draft>(`${guest.uuid}/notes`, whole);
  const [changes, setChanges] = useState<Schemas["GuestChanges"] | null>(null);
  const now = { title: guest.title ?? "", notes: guest.notes ?? "" };
  const draft: Draft = kept ?? { from: now };
  const title = draft.title ?? now.title;
  const notes = draft.notes ?? now.notes;
  const labels = draft.labels ?? Object.entries(guest.labels).map(([key, value]) => ({ key, value }));
  const fields = request(guest, title, notes, labels);
  const isDirty = Object.keys(fields).length > 1;
  const isBad = title.length > 255 || notes.length > 65536 || labels.some((_, index) => fault(labels, index, t));
  const why = role !== "admin" ? t("onlyAdmins") : !isDirty ? t("saveFirst") : isBad ? t("saveBad") : undefined;
  const put = (what: Partial<Draft>) => {
    const wanted = { ...draft, ...what };
    const isSame = wanted.labels === undefined && (wanted.title ?? now.title) === now.title && (wanted.notes ?? now.notes) === now.notes;
    setDraft(isSame ? undefined : wanted); // what was put back is no draft
  };
  const elsewhere = (name: "title" | "notes") =>
    draft[name] !== undefined && draft.from[name] !== now[name] && draft[name] !== now[name] ? t("elsewhere", { value: now[name].slice(0, 200) || t("nothing") }) : undefined;

  const { isBusy, problem, submit: save } = useSubmit(why, async () => {
    setChanges(null);
    setChanges(await act("guest.set", fields, guest.name, { isQuiet: true }));
    setDraft(undefined);
  });
  return (
    <Form className="inn-guest__form" onSubmit={(event) => void save(event)} noValidate>
      <FormGroup label={t("title")} fieldId="notes-title">
        <TextInput id="notes-title" value={title} onChange={(_, next) => put({ title: next })} validated={title.length > 255 ? "error" : "default"} aria-describedby="notes-title-help" autoComplete="off" />
        <Help id="notes-title-help" how={t("titleHow")} bad={title.length > 255 ? t("tooLong", { most: 255 }) : undefined} warning={elsewhere("title")} />
      </FormGroup>
      <FormGroup label={t("notes")} fieldId="notes-notes">
        <TextArea id="notes-notes" value={notes} onChange={(_, next) => put({ notes: next })} rows={8} resizeOrientation="vertical" aria-describedby="notes-notes-help" />
        <Help id="notes-notes-help" how={t("notesHow")} bad={notes.length > 65536 ? t("tooLong", { most: 65536 }) : undefined} warning={elsewhere("notes")} />
      </FormGroup>
      <FormGroup label={t("labels")} role="group" fieldId="notes-labels">
        <Labels labels={labels} onChange={(next) => put({ labels: next })} />
      </FormGroup>
      <ProblemAlert problem={problem} />
      {changes && <ChangesAlert changes={changes} onClose={() => setChanges(null)} />}
      <div className="inn-guest__buttons">
        <ActionButton type="submit" why={why} isLoading={isBusy}>{t("save")}</ActionButton>
        {kept && isDirty && <Button variant="link" onClick={() => setDraft(undefined)}>{t("discard")}</Button>}
      </div>
    </Form>
  );
}

function fault(labels: readonly Row[], index: number, t: T): string | undefined {
  const { key, value } = labels[index]!;
  if (!key && !value) return undefined; // a row that nobody filled
  if (!KEY.test(key)) return t("badKey");
  if (value.length > 255) return t("tooLong", { most: 255 });
  return labels.some((one, other) => other < index && one.key === key) ? t("twice") : undefined;
}

function request(guest: Guest, title: string, notes: string, labels: readonly Row[]): Fields<"guest.set"> {
  const fields: Record<string, unknown> = { name: guest.name };
  const clear: string[] = [];
  for (const [name, next, now] of [["title", title, guest.title ?? ""], ["notes", notes, guest.notes ?? ""]] as const) {
    if (next === now) continue;
    if (next.trim() === "") clear.push(name);
    else fields[name] = next;
  }
  const wanted = Object.fromEntries(labels.filter((one) => one.key).map((one) => [one.key, one.value]));
  const fresh = Object.entries(wanted).filter(([key, value]) => guest.labels[key] !== value);
  const gone = Object.keys(guest.labels).filter((key) => !(key in wanted));
  if (clear.length) fields.clear = clear;
  if (fresh.length) fields.labels = Object.fromEntries(fresh);
  if (gone.length) fields.remove_labels = gone;
  return fields as Fields<"guest.set">;
}

function Labels({ labels, onChange }: { labels: readonly Row[]; onChange: (labels: readonly Row[]) => void }) {
  const t = useTexts(notesTexts);
  const change = (index: number, what: Partial<Row>) => onChange(labels.map((one, at) => (at === index ? { ...one, ...what } : one)));
  return (
    <div className="inn-guest__stack">
      <HelperText><HelperTextItem>{labels.length ? t("labelsHow") : `${t("labelsNone")} ${t("labelsHow")}`}</HelperTextItem></HelperText>
      {labels.map((row, index) => {
        const bad = fault(labels, index, t);
        return (
          <div key={index}>
            <div className="inn-guest__label">
              <TextInput aria-label={t("key", { number: index + 1 })} value={row.key} placeholder={t("keyHint")} validated={bad ? "error" : "default"} onChange={(_, key) => change(index, { key: key.trim() })} />
              <TextInput aria-label={t("value", { number: index + 1 })} value={row.value} placeholder={t("valueHint")} onChange={(_, value) => change(index, { value })} />
              <Button variant="plain" icon={<MinusCircleIcon />} aria-label={t("remove", { key: row.key || String(index + 1) })} onClick={() => onChange(labels.filter((_, at) => at !== index))} />
            </div>
            {bad && <HelperText><HelperTextItem variant="error">{bad}</HelperTextItem></HelperText>}
          </div>
        );
      })}
      <div>
        <Button variant="link" isInline icon={<PlusCircleIcon />} onClick={() => onChange([...labels, { key: "", value: "" }])}>{t("add")}</Button>
      </div>
    </div>
  );
}

function Help({ id, how, bad, warning }: { id: string; how: string; bad: string | undefined; warning: string | undefined }) {
  return (
    <FormHelperText>
      <HelperText id={id} aria-live="polite">
        <HelperTextItem variant={bad ? "error" : "default"}>{bad ?? how}</HelperTextItem>
        {warning && <HelperTextItem variant="warning">{warning}</HelperTextItem>}
      </HelperText>
    </FormHelperText>
  );
}
