import { MenuToggle, Select, SelectList, SelectOption } from "@patternfly/react-core";
import { useState } from "react";

import { useTexts } from "@/text/texts";

import { texts } from "./texts";

export interface Option {
  value: string;
  label: string;
  about?: string | undefined;
  /** why it cannot be chosen here */
  why?: string | undefined;
}

/** One of several; what is impossible here stays in the list and says why. */
export function Choice({ id, label, value, options, onChange }: {
  id: string;
  label: string;
  value: string;
  options: readonly Option[];
  onChange: (value: string) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const t = useTexts(texts);
  const shown = options.find((one) => one.value === value)?.label ?? (value || t("auto"));
  return (
    <Select
      isOpen={isOpen}
      selected={value}
      onOpenChange={setOpen}
      onSelect={(_, next) => {
        setOpen(false);
        onChange(String(next));
      }}
      shouldFocusToggleOnSelect
      toggle={(ref) => (
        <MenuToggle ref={ref} id={id} isFullWidth isExpanded={isOpen} aria-label={`${label}: ${shown}`} onClick={() => setOpen(!isOpen)}>
          {shown}
        </MenuToggle>
      )}
    >
      <SelectList aria-label={label} className="inn-choices">
        {options.map((one) => (
          <SelectOption
            key={one.value}
            value={one.value}
            isSelected={one.value === value}
            isAriaDisabled={Boolean(one.why)}
            {...(one.why || one.about ? { description: one.why ?? one.about } : {})}
          >
            {one.label}
          </SelectOption>
        ))}
      </SelectList>
    </Select>
  );
}
