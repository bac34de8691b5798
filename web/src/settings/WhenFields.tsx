import { FormGroup, FormSelect, FormSelectOption, TextInput } from "@patternfly/react-core";

import { useTexts } from "@/text/texts";

import { EVERY, type Every, type When } from "./cron";
import { Hint } from "./NewToken";
import { texts } from "./texts";
import { weekdayName } from "./times";

const WEEK = [1, 2, 3, 4, 5, 6, 0] as const;

/** When a schedule is due: chosen, or written as cron has it. */
export function WhenFields({ when, onChange }: { when: When; onChange: (when: When) => void }) {
  const t = useTexts(texts);
  const set = (what: Partial<When>) => onChange({ ...when, ...what });
  const { every } = when;
  return (
    <div className="inn-fields__row">
      <FormGroup label={t("every")} fieldId="when-every">
        <FormSelect id="when-every" value={every} onChange={(_, value) => set({ every: value as Every })}>
          {EVERY.map((one) => (
            <FormSelectOption key={one} value={one} label={t(`every_${one}`)} />
          ))}
        </FormSelect>
      </FormGroup>
      {every === "week" && (
        <FormGroup label={t("weekday")} fieldId="when-weekday">
          <FormSelect id="when-weekday" value={String(when.weekday)} onChange={(_, value) => set({ weekday: Number(value) })}>
            {WEEK.map((day) => (
              <FormSelectOption key={day} value={String(day)} label={weekdayName(day)} />
            ))}
          </FormSelect>
        </FormGroup>
      )}
      {every === "month" && (
        <FormGroup label={t("monthday")} fieldId="when-monthday">
          <TextInput id="when-monthday" type="number" min={1} max={31} value={when.monthday} onChange={(_, value) => set({ monthday: Number(value) || 1 })} />
          {when.monthday > 28 && <Hint>{t("monthdayHow")}</Hint>}
        </FormGroup>
      )}
      {every === "hour" && (
        <FormGroup label={t("minute")} fieldId="when-minute">
          <TextInput id="when-minute" type="number" min={0} max={59} value={when.minute} onChange={(_, value) => set({ minute: Number(value) || 0 })} />
        </FormGroup>
      )}
      {every !== "hour" && every !== "own" && (
        <FormGroup label={t("at")} fieldId="when-time">
          <TextInput id="when-time" type="time" value={when.time} onChange={(_, value) => set({ time: value || when.time })} />
        </FormGroup>
      )}
      {every === "own" && (
        <FormGroup label={t("cron")} fieldId="when-cron">
          <TextInput id="when-cron" value={when.own} onChange={(_, value) => set({ own: value })} placeholder="30 2 * * *" autoComplete="off" />
          <Hint>{t("cronHow")}</Hint>
        </FormGroup>
      )}
    </div>
  );
}
