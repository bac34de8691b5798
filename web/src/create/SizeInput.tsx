import { FormSelect, FormSelectOption, InputGroup, InputGroupItem, TextInput } from "@patternfly/react-core";

import { useTexts } from "@/text/texts";

import { asSize, bytes, type Size } from "./form";
import { texts } from "./texts";

/** A size as people write it; what is left empty is what the host chooses, shown behind. */
export function SizeInput({ id, label, value, usual, onChange }: {
  id: string;
  label: string;
  value: Size;
  usual: number | null | undefined;
  onChange: (value: Size) => void;
}) {
  const t = useTexts(texts);
  const shown = value.value === "" && usual ? asSize(usual) : value;
  return (
    <InputGroup>
      <InputGroupItem isFill>
        <TextInput
          id={id}
          inputMode="decimal"
          value={value.value}
          placeholder={usual ? asSize(usual).value : ""}
          validated={bytes(value) === null ? "error" : "default"}
          onChange={(_, text) => onChange({ value: text, unit: value.value === "" ? shown.unit : value.unit })}
        />
      </InputGroupItem>
      <InputGroupItem>
        <FormSelect
          className="inn-create__unit"
          aria-label={`${label}: ${t("unit")}`} value={shown.unit} onChange={(_, unit) => onChange({ ...value, unit: unit as Size["unit"] })}>
          <FormSelectOption value="M" label="MiB" />
          <FormSelectOption value="G" label="GiB" />
          <FormSelectOption value="T" label="TiB" />
        </FormSelect>
      </InputGroupItem>
    </InputGroup>
  );
}
