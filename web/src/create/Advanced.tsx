import { Checkbox, ExpandableSection, FormGroup, Grid, GridItem, TextArea, TextInput } from "@patternfly/react-core";
import { useState } from "react";

import { useTexts } from "@/text/texts";

import { Choice, type Option } from "./Choice";
import type { Choices } from "./choices";
import { type Form, whole } from "./form";
import { Help } from "./OtherSources";
import { texts } from "./texts";

interface Props {
  form: Form;
  set: (change: Partial<Form>) => void;
  choices: Choices;
}

/** What most guests need not be told: each choice is one that this host offers; the others say why not. */
export function Advanced({ form, set, choices }: Props) {
  const t = useTexts(texts);
  const [isOpen, setOpen] = useState(false);
  const isExport = form.way === "disk" && form.diskFrom === "export";
  return (
    <ExpandableSection toggleText={t("advanced")} isExpanded={isOpen} onToggle={(_, now) => setOpen(now)}>
      <div className="inn-create__advanced">
        {!isExport && <Hardware form={form} set={set} choices={choices} />}
        <Grid hasGutter sm={12} md={6}>
          <Pick id="pool" label={t("pool")} value={form.pool} options={choices.pools} onChange={(pool) => set({ pool })} />
          <GridItem>
            <FormGroup label={t("ip")} fieldId="ip">
              <TextInput id="ip" value={form.ip} placeholder="192.168.122.10" onChange={(_, ip) => set({ ip })} />
              <Help text={t("ipHelp")} />
            </FormGroup>
          </GridItem>
          {!isExport && form.way !== "disk" && (
            <GridItem>
              <FormGroup label={t("count")} fieldId="count">
                <TextInput
                  id="count" inputMode="numeric" value={form.count} placeholder="1"
                  validated={whole(form.count) === null ? "error" : "default"} onChange={(_, count) => set({ count })}
                />
                <Help text={t("countHelp")} />
              </FormGroup>
            </GridItem>
          )}
        </Grid>
        <Switches form={form} set={set} />
        {!isExport && (
          <FormGroup label={t("xml")} fieldId="xml">
            <TextArea
              id="xml" className="inn-create__code" rows={2} resizeOrientation="vertical" spellCheck={false}
              value={form.xml} placeholder="./devices/video/model/@type=qxl" onChange={(_, xml) => set({ xml })}
            />
            <Help text={t("xmlHelp")} />
          </FormGroup>
        )}
      </div>
    </ExpandableSection>
  );
}

function Hardware({ form, set, choices }: Props) {
  const t = useTexts(texts);
  const isOther = form.way !== "image";
  return (
    <Grid hasGutter sm={12} md={6}>
      <Pick id="firmware" label={t("firmware")} value={form.firmware} options={choices.firmwares} onChange={(one) => set({ firmware: one as Form["firmware"] })} />
      <Pick id="tpm" label={t("tpm")} value={form.tpm} options={choices.tpm} onChange={(one) => set({ tpm: one as Form["tpm"] })} />
      <Pick id="accel" label={t("accel")} value={form.accel} options={choices.accels} onChange={(one) => set({ accel: one as Form["accel"] })} />
      <Pick id="bus" label={t("bus")} value={form.bus} options={choices.buses} onChange={(one) => set({ bus: one as Form["bus"] })} />
      <Pick id="arch" label={t("arch")} value={form.arch} options={choices.arches} onChange={(arch) => set({ arch, machine: "" })} />
      <Pick id="machine" label={t("machine")} value={form.machine} options={choices.machines} onChange={(machine) => set({ machine })} />
      {isOther && form.way !== "cd" && (
        <Pick id="profile" label={t("kind")} value={form.profile} options={choices.profiles} onChange={(one) => set({ profile: one as Form["profile"] })} />
      )}
    </Grid>
  );
}

function Pick({ id, label, value, options, onChange }: { id: string; label: string; value: string; options: readonly Option[]; onChange: (value: string) => void }) {
  return (
    <GridItem>
      <FormGroup label={label} fieldId={id}>
        <Choice id={id} label={label} value={value} options={options} onChange={onChange} />
      </FormGroup>
    </GridItem>
  );
}

function Switches({ form, set }: Pick<Props, "form" | "set">) {
  const t = useTexts(texts);
  const isExport = form.way === "disk" && form.diskFrom === "export";
  return (
    <FormGroup label={t("also")} role="group">
      {form.way === "image" && (
        <Checkbox id="full" label={t("full")} description={t("fullAbout")} isChecked={form.full} onChange={(_, full) => set({ full })} />
      )}
      {(form.way === "cd" || form.way === "network") && (
        <Checkbox id="diskless" label={t("diskless")} description={t("disklessAbout")} isChecked={form.diskless} onChange={(_, diskless) => set({ diskless })} />
      )}
      <Checkbox id="no-start" label={t("noStart")} isChecked={!form.start} onChange={(_, isOff) => set({ start: !isOff })} />
      <Checkbox id="overcommit" label={t("overcommit")} description={t("overcommitAbout")} isChecked={form.overcommit} onChange={(_, overcommit) => set({ overcommit })} />
      {!isExport && (
        <Checkbox id="no-acpi" label={t("noAcpi")} description={t("noAcpiAbout")} isChecked={!form.acpi} onChange={(_, isOff) => set({ acpi: !isOff })} />
      )}
    </FormGroup>
  );
}
