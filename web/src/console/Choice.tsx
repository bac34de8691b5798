import { MenuToggle, Select, SelectList, SelectOption } from "@patternfly/react-core";
import { useState } from "react";

interface Props<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string; description?: string }[];
  onChange: (value: T) => void;
}

/** One of a few, behind a button that says what it is for. */
export function Choice<T extends string>({ label, value, options, onChange }: Props<T>) {
  const [isOpen, setOpen] = useState(false);
  const chosen = options.find((one) => one.value === value)?.label ?? value;
  return (
    <Select
      isOpen={isOpen}
      selected={value}
      onOpenChange={setOpen}
      onSelect={(_, next) => {
        setOpen(false);
        onChange(next as T);
      }}
      toggle={(ref) => (
        <MenuToggle ref={ref} isExpanded={isOpen} onClick={() => setOpen(!isOpen)} aria-label={`${label}: ${chosen}`}>
          {label}: {chosen}
        </MenuToggle>
      )}
    >
      <SelectList aria-label={label}>
        {options.map((one) => (
          <SelectOption key={one.value} value={one.value} {...(one.description ? { description: one.description } : {})}>
            {one.label}
          </SelectOption>
        ))}
      </SelectList>
    </Select>
  );
}
