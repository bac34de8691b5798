import {
  Button, ExpandableSection, Form, FormGroup, FormHelperText, HelperText, NumberInput, Switch, TextInput,
} from "@patternfly/react-core";
import { type ReactNode, useState } from "react";

import { act } from "@/api/act";
import { useLook } from "@/api/query";
import type { Schemas } from "@/api/types";
import { useWho } from "@/app/who";
import { ActionButton } from "@/parts/ActionButton";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { useDraft, whole } from "@/parts/drafts";
import { useSubmit } from "@/parts/submit";
import { HelperTextItem } from "@/patternfly/HelperTextItem";
import { size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { Amount } from "./Amount";
import { ChangesAlert } from "./Changes";
import type { Hardware } from "./hardware";
import { hardwareTexts } from "./hardwareTexts";
import type { Guest } from "./Page";
import { type Draft, faults, isChanged, request, shown, stored, when } from "./settings";

/** What can be changed of its hardware. Only what was touched is sent, so that what others change meanwhile stays theirs. */
export function HardwareForm({ guest, hardware }: { guest: Guest; hardware: Hardware }) {
  const t = useTexts(hardwareTexts);
  const { role } = useWho();
  const host = useLook("host", "host.show", {}).data;
  const [kept, setDraft] = useDraft<Draft>(`${guest.uuid}/hardware`, whole);
  const [changes, setChanges] = useState<Schemas["GuestChanges"] | null>(null);
  const draft = kept ?? {};
  const now = stored(guest, hardware);
  const next = shown(now, draft);
  const bad = faults(next, t);
  const isDirty = isChanged(now, draft);
  const put = (what: Draft) => {
    const wanted = { ...draft, ...what };
    setDraft(isChanged(now, wanted) || wanted.nextStart ? wanted : undefined); // what was put back is no draft
  };
  const isRunning = ["running", "suspended"].includes(guest.state);
  const why = role !== "admin" ? t("onlyAdmins") : !isDirty ? t("saveFirst") : Object.keys(bad).length ? t("saveBad") : undefined;

  const { isBusy, problem, submit: save } = useSubmit(why, async () => {
    setChanges(null);
    setChanges(await act("guest.set", request(guest.name, now, draft), guest.name, { isQuiet: true }));
    setDraft(undefined);
  });
  const hostCpus = host && next.cpus > host.processor.cpus ? t("hostCpus", { count: host.processor.cpus }) : undefined;
  const hostMemory = host && next.memory > host.memory ? t("hostMemory", { size: size(host.memory) }) : undefined;
  return (
    <Form className="inn-guest__form" onSubmit={(event) => void save(event)} noValidate>
      <FormGroup label={t("cpus")} fieldId="hw-cpus">
        <Count id="hw-cpus" label={t("cpus")} value={next.cpus} onChange={(cpus) => put({ cpus })} isBad={Boolean(bad.cpus)} />
        <Help id="hw-cpus-help" bad={bad.cpus} warning={hostCpus} how={draft.cpus === undefined ? undefined : when("cpus", next, draft, guest, hardware, t)} />
      </FormGroup>
      <FormGroup label={t("memory")} fieldId="hw-memory">
        <Amount id="hw-memory" label={t("memory")} unitLabel={t("unit")} bytes={next.memory} onChange={(memory) => put({ memory })} isBad={Boolean(bad.memory)} describedBy="hw-memory-help" />
        <Help id="hw-memory-help" bad={bad.memory} warning={hostMemory} how={draft.memory === undefined ? undefined : when("memory", next, draft, guest, hardware, t)} />
      </FormGroup>
      <FormGroup fieldId="hw-autostart" role="group">
        <Switch id="hw-autostart" label={t("autostart")} isChecked={next.autostart} onChange={(_, autostart) => put({ autostart })} />
      </FormGroup>
      {next.autostart && (
        <>
          <WholeNumber id="hw-order" label={t("startOrder")} value={next.startOrder} onChange={(startOrder) => put({ startOrder })} bad={bad.startOrder} how={t("startOrderHow")} />
          <WholeNumber id="hw-delay" label={t("startDelay")} value={next.startDelay} onChange={(startDelay) => put({ startDelay })} bad={bad.startDelay} how={t("startDelayHow")} />
        </>
      )}
      <ExpandableSection toggleText={t("grow")} {...(bad.maxCpus || bad.maxMemory ? { isExpanded: true } : {})} isIndented>
        <div className="inn-guest__stack">
          <HelperText><HelperTextItem>{t("growHow")}</HelperTextItem></HelperText>
          <FormGroup label={t("maxCpus")} fieldId="hw-max-cpus">
            <Count id="hw-max-cpus" label={t("maxCpus")} value={next.maxCpus} onChange={(maxCpus) => put({ maxCpus })} isBad={Boolean(bad.maxCpus)} />
            <Help id="hw-max-cpus-help" bad={bad.maxCpus} how={isRunning && draft.maxCpus !== undefined ? t("next") : undefined} />
          </FormGroup>
          <FormGroup label={t("maxMemory")} fieldId="hw-max-memory">
            <Amount id="hw-max-memory" label={t("maxMemory")} unitLabel={t("unit")} bytes={next.maxMemory} onChange={(maxMemory) => put({ maxMemory })} isBad={Boolean(bad.maxMemory)} describedBy="hw-max-memory-help" />
            <Help id="hw-max-memory-help" bad={bad.maxMemory} how={isRunning && draft.maxMemory !== undefined ? t("next") : undefined} />
          </FormGroup>
        </div>
      </ExpandableSection>
      {isRunning && (
        <FormGroup fieldId="hw-next" role="group">
          <Switch id="hw-next" label={t("nextStart")} isChecked={Boolean(draft.nextStart)} onChange={(_, nextStart) => put({ nextStart })} aria-describedby="hw-next-help" />
          <Help id="hw-next-help" how={t("nextStartHow")} />
        </FormGroup>
      )}
      <ProblemAlert problem={problem} />
      {changes && <ChangesAlert changes={changes} onClose={() => setChanges(null)} />}
      <div className="inn-guest__buttons">
        <ActionButton type="submit" why={why} isLoading={isBusy}>{t("save")}</ActionButton>
        {isDirty && <Button variant="link" onClick={() => setDraft(undefined)}>{t("discard")}</Button>}
      </div>
    </Form>
  );
}

function Count({ id, label, value, onChange, isBad }: { id: string; label: string; value: number; onChange: (value: number) => void; isBad: boolean }) {
  const t = useTexts(hardwareTexts);
  return (
    <NumberInput
      value={Number.isNaN(value) ? "" : value}
      min={1}
      inputProps={{ id, "aria-describedby": `${id}-help` }}
      inputAriaLabel={label}
      minusBtnAriaLabel={`${label}: ${t("cpusFewer")}`}
      plusBtnAriaLabel={`${label}: ${t("cpusMore")}`}
      validated={isBad ? "error" : "default"}
      widthChars={4}
      onMinus={() => onChange(Math.max(1, (value || 1) - 1))}
      onPlus={() => onChange((value || 0) + 1)}
      onChange={(event) => onChange(event.currentTarget.value === "" ? NaN : Number(event.currentTarget.value))}
    />
  );
}

interface NumberProps {
  id: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  bad: string | undefined;
  how: ReactNode;
}

function WholeNumber({ id, label, value, onChange, bad, how }: NumberProps) {
  return (
    <FormGroup label={label} fieldId={id}>
      <div className="inn-guest__amount">
        <TextInput id={id} inputMode="numeric" value={value} validated={bad ? "error" : "default"} aria-describedby={`${id}-help`} onChange={(_, next) => onChange(next.trim())} autoComplete="off" />
      </div>
      <Help id={`${id}-help`} bad={bad} how={how} />
    </FormGroup>
  );
}

function Help({ id, bad, warning, how }: { id: string; bad?: string | undefined; warning?: string | undefined; how?: ReactNode }) {
  const variant = bad ? "error" : warning ? "warning" : "default";
  return (
    <FormHelperText>
      <HelperText id={id} aria-live="polite">
        {(bad ?? warning ?? how) && <HelperTextItem variant={variant}>{bad ?? warning ?? how}</HelperTextItem>}
        {!bad && warning && how && <HelperTextItem>{how}</HelperTextItem>}
      </HelperText>
    </FormHelperText>
  );
}
