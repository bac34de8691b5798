import { Checkbox, FormGroup, TextInput } from "@patternfly/react-core";
import { useState } from "react";

import { order } from "@/api/act";
import { useLook } from "@/api/query";
import { Choice } from "@/create/Choice";
import { useImages } from "@/create/host";
import { Help } from "@/create/OtherSources";
import { Confirm } from "@/parts/Confirm";
import { Upload, useUpload } from "@/parts/Upload";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** An image from a disk file of this computer, and what is known of the system on it. */
export function Import({ onClose }: { onClose: () => void }) {
  const t = useTexts(texts);
  const upload = useUpload();
  const { there } = useImages();
  const support = useLook("host", "host.support", {}).data;
  const [form, setForm] = useState({ name: "", os: "", user: "", arch: "", cloudInit: false, agent: false, uefi: "both", replace: false });
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const stem = (upload.name ?? "").replace(/\.(qcow2|img|raw|vmdk|vdi|vhdx?|qed|gz|xz|bz2|zst)$/i, "").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 63);
  const name = form.name.trim() || stem;
  const isTaken = there?.some((one) => one.name === name);
  const why = !upload.reference ? t(upload.state === "none" ? "noFile" : "uploading") : !name ? t("noName") : isTaken && !form.replace ? t("nameTaken", { name }) : undefined;
  const firmware = form.uefi === "both" ? undefined : [form.uefi as "bios" | "uefi"];
  const fields = {
    file: upload.reference ?? "",
    name,
    arch: form.arch || support?.arch || "x86_64",
    os: form.os.trim() || null,
    user: form.user.trim() || null,
    cloud_init: form.cloudInit,
    agent: form.agent,
    ...(firmware ? { firmware } : {}),
    ...(isTaken ? { replace: true } : {}),
  };
  const firmwares = [{ value: "both", label: t("bootsBoth") }, { value: "bios", label: "BIOS" }, { value: "uefi", label: "UEFI" }];
  return (
    <Confirm
      title={t("upload")} confirm={t("importIt")} why={why} onClose={onClose}
      onConfirm={() => order("image.import", fields, name).then(upload.used)}
    >
      <div className="inn-images__form">
        <FormGroup label={t("file")} isRequired role="group">
          <Upload label={t("file")} upload={upload} hint={t("fileHint")} />
        </FormGroup>
        <FormGroup label={t("name")} fieldId="image-name">
          <TextInput id="image-name" value={form.name} placeholder={stem} onChange={(_, text) => set({ name: text })} />
        </FormGroup>
        <FormGroup label={t("logsIn")} fieldId="image-user">
          <TextInput id="image-user" value={form.user} placeholder="debian" onChange={(_, user) => set({ user })} />
          <Help text={t("userAbout")} />
        </FormGroup>
        <Checkbox id="image-cloud-init" label={t("hasCloudInit")} description={t("cloudInitAbout")} isChecked={form.cloudInit} onChange={(_, cloudInit) => set({ cloudInit })} />
        <Checkbox id="image-agent" label={t("hasAgent")} description={t("agentAbout")} isChecked={form.agent} onChange={(_, agent) => set({ agent })} />
        <FormGroup label={t("boots")} fieldId="image-firmware">
          <Choice id="image-firmware" label={t("boots")} value={form.uefi} options={firmwares} onChange={(uefi) => set({ uefi })} />
        </FormGroup>
        <FormGroup label={t("arch")} fieldId="image-arch">
          <Choice
            id="image-arch" label={t("arch")} value={form.arch || support?.arch || ""} onChange={(arch) => set({ arch })}
            options={(support?.arches ?? []).map((one) => ({ value: one.name, label: one.name }))}
          />
        </FormGroup>
        <FormGroup label={t("os")} fieldId="image-os">
          <TextInput id="image-os" value={form.os} placeholder="debian12" onChange={(_, os) => set({ os })} />
          <Help text={t("osAbout")} />
        </FormGroup>
        {isTaken && <Checkbox id="replace" label={t("replace", { name })} description={t("replaceAbout")} isChecked={form.replace} onChange={(_, replace) => set({ replace })} />}
      </div>
    </Confirm>
  );
}
