import { FormSelect, FormSelectOption, TextInput } from "@patternfly/react-core";
import { useState } from "react";

import { number } from "@/text/format";

const UNITS = { MiB: 1024 ** 2, GiB: 1024 ** 3 };
type Unit = keyof typeof UNITS;

/** Bytes of such a text; NaN where it is none. */
function bytesOf(text: string, unit: Unit): number {
  const plain = text.trim().replace(",", ".");
  return plain === "" ? NaN : Math.round(Number(plain) * UNITS[unit]);
}

interface Props {
  id: string;
  label: string;
  unitLabel: string;
  bytes: number;
  /** NaN while it is no number */
  onChange: (bytes: number) => void;
  isBad: boolean;
  describedBy: string;
}

/** An amount of memory. What is typed stays as it was typed. */
export function Amount({ id, label, unitLabel, bytes, onChange, isBad, describedBy }: Props) {
  const [typed, setTyped] = useState<{ text: string; bytes: number } | null>(null);
  const [chosen, setChosen] = useState<Unit | null>(null);
  const unit = chosen ?? (bytes >= UNITS.GiB && bytes % (UNITS.GiB / 4) === 0 ? "GiB" : "MiB");
  const isTyped = typed !== null && (Object.is(typed.bytes, bytes) || Number.isNaN(bytes));
  const text = isTyped ? typed.text : Number.isNaN(bytes) ? "" : number(bytes / UNITS[unit], 2).replace(/[\s,](?=\d{3})/g, "");
  const change = (next: string, by: Unit) => {
    const now = bytesOf(next, by);
    setChosen(by);
    setTyped({ text: next, bytes: now });
    onChange(now);
  };
  return (
    <div className="inn-guest__amount">
      <TextInput
        id={id}
        inputMode="decimal"
        value={text}
        validated={isBad ? "error" : "default"}
        aria-describedby={describedBy}
        onChange={(_, next) => change(next, unit)}
        autoComplete="off"
      />
      <FormSelect aria-label={`${label}: ${unitLabel}`} value={unit} onChange={(_, next) => change(text, next as Unit)}>
        {Object.keys(UNITS).map((one) => (
          <FormSelectOption key={one} value={one} label={one} />
        ))}
      </FormSelect>
    </div>
  );
}
