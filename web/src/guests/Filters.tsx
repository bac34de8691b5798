import {
  Badge, Button, Divider, MenuToggle, Select, SelectList, SelectOption, TextInput, ToolbarFilter, ToolbarGroup,
  ToolbarItem,
} from "@patternfly/react-core";
import { BookmarkIcon, TrashIcon } from "@patternfly/react-icons";
import { useState } from "react";

import { Confirm } from "@/parts/Confirm";
import { ask } from "@/parts/Dialogs";
import { STATES, useStateName } from "@/parts/GuestState";
import { SearchInput } from "@/patternfly/SearchInput";
import { useTexts } from "@/text/texts";

import { type Filter, keepFilters, savedFilters } from "./filter";
import { texts } from "./texts";

interface Props {
  filter: Filter;
  /** what guests have */
  labels: readonly string[];
  isAny: boolean;
  change: (what: Partial<Filter>) => void;
}

const SHOWN = STATES.filter((state) => state !== "deleted" && state !== "unknown");

/** What is searched for; each choice can be taken away again below. */
export function Filters({ filter, labels, isAny, change }: Props) {
  const t = useTexts(texts);
  const stateName = useStateName();
  const without = (list: readonly string[], one: string) => list.filter((value) => value !== one);
  return (
    <>
      <ToolbarItem className="inn-search">
        <SearchInput
          aria-label={t("search")}
          placeholder={t("search")}
          value={filter.text}
          onChange={(_, text) => change({ text })}
          onClear={() => change({ text: "" })}
        />
      </ToolbarItem>
      <ToolbarGroup variant="filter-group">
        <ToolbarFilter
          categoryName={t("filterState")}
          labels={filter.states.map((state) => ({ key: state, node: stateName(state) }))}
          deleteLabel={(_, label) => change({ states: without(filter.states, typeof label === "string" ? label : label.key) })}
          deleteLabelGroup={() => change({ states: [] })}
        >
          <Several
            label={t("filterState")}
            options={SHOWN.map((state) => ({ value: state, label: stateName(state) }))}
            chosen={filter.states}
            onChange={(states) => change({ states })}
          />
        </ToolbarFilter>
        <ToolbarFilter
          categoryName={t("filterLabel")}
          labels={filter.labels.map((label) => ({ key: label, node: label }))}
          deleteLabel={(_, label) => change({ labels: without(filter.labels, typeof label === "string" ? label : label.key) })}
          deleteLabelGroup={() => change({ labels: [] })}
        >
          <Several
            label={t("filterLabel")}
            options={labels.map((label) => ({ value: label, label }))}
            none={t("noLabels")}
            chosen={filter.labels}
            onChange={(chosen) => change({ labels: chosen })}
          />
        </ToolbarFilter>
        <ToolbarItem>
          <Saved filter={filter} isAny={isAny} change={change} />
        </ToolbarItem>
      </ToolbarGroup>
    </>
  );
}

interface SeveralProps {
  label: string;
  options: readonly { value: string; label: string }[];
  none?: string;
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}

function Several({ label, options, none, chosen, onChange }: SeveralProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Select
      isOpen={isOpen}
      onOpenChange={setOpen}
      selected={[...chosen]}
      onSelect={(_, value) => onChange(chosen.includes(value as string) ? chosen.filter((one) => one !== value) : [...chosen, value as string])}
      isScrollable
      role="menu"
      toggle={(ref) => (
        <MenuToggle ref={ref} isExpanded={isOpen} onClick={() => setOpen(!isOpen)} badge={chosen.length > 0 ? <Badge isRead>{chosen.length}</Badge> : undefined}>
          {label}
        </MenuToggle>
      )}
    >
      <SelectList>
        {options.length === 0 && <SelectOption isDisabled>{none}</SelectOption>}
        {options.map((one) => (
          <SelectOption key={one.value} value={one.value} hasCheckbox isSelected={chosen.includes(one.value)}>
            {one.label}
          </SelectOption>
        ))}
      </SelectList>
    </Select>
  );
}

/** Filters that were given a name. They are kept in this browser. */
function Saved({ filter, isAny, change }: { filter: Filter; isAny: boolean; change: (what: Partial<Filter>) => void }) {
  const t = useTexts(texts);
  const [isOpen, setOpen] = useState(false);
  const [saved, setSaved] = useState(savedFilters);
  const keep = (next: typeof saved) => {
    keepFilters(next);
    setSaved(next);
  };
  const add = (name: string) => keep([...saved.filter((one) => one.name !== name), { name, filter }]);
  return (
    <Select
      isOpen={isOpen}
      onOpenChange={setOpen}
      role="menu"
      onSelect={(_, value) => {
        setOpen(false);
        const chosen = saved.find((one) => one.name === value);
        if (chosen) change(chosen.filter);
      }}
      toggle={(ref) => (
        <MenuToggle ref={ref} isExpanded={isOpen} onClick={() => setOpen(!isOpen)} icon={<BookmarkIcon />}>
          {t("saved")}
        </MenuToggle>
      )}
    >
      <SelectList>
        {saved.length === 0 && <SelectOption isDisabled>{t("noSaved")}</SelectOption>}
        {saved.map(({ name }) => (
          <SelectOption key={name} value={name}>{name}</SelectOption>
        ))}
      </SelectList>
      <Divider />
      <SelectList>
        <SelectOption
          isAriaDisabled={!isAny}
          {...(isAny ? {} : { description: t("saveNothing") })}
          onClick={() => isAny && ask((close) => <SaveFilter names={saved.map((one) => one.name)} onSave={add} onClose={close} />)}
        >
          {t("saveThis")}
        </SelectOption>
        {saved.map(({ name }) => (
          <SelectOption key={name} icon={<TrashIcon />} onClick={() => keep(saved.filter((one) => one.name !== name))}>
            {t("remove", { name })}
          </SelectOption>
        ))}
      </SelectList>
    </Select>
  );
}

function SaveFilter({ names, onSave, onClose }: { names: readonly string[]; onSave: (name: string) => void; onClose: () => void }) {
  const t = useTexts(texts);
  const [name, setName] = useState("");
  return (
    <Confirm title={t("saveThis")} confirm={t("saveThis")} why={name.trim() ? undefined : t("saveName")} onConfirm={() => onSave(name.trim())} onClose={onClose}>
      <TextInput aria-label={t("saveName")} placeholder={t("saveName")} value={name} onChange={(_, now) => setName(now)} autoFocus />
      {names.includes(name.trim()) && <p>{t("saveTaken")}</p>}
    </Confirm>
  );
}

export function ClearButton({ onClear }: { onClear: () => void }) {
  const t = useTexts(texts);
  return <Button variant="link" isInline onClick={onClear}>{t("clear")}</Button>;
}
