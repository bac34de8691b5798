import { Content, FormGroup, FormHelperText, HelperText, Radio, TextInput } from "@patternfly/react-core";

import { Upload, type UploadHandle } from "@/parts/Upload";
import { HelperTextItem } from "@/patternfly/HelperTextItem";
import { list } from "@/text/format";
import { useTexts } from "@/text/texts";

import { Choice } from "./Choice";
import type { Form } from "./form";
import { isCd, useVolumes } from "./host";
import { Medium } from "./Medium";
import { texts } from "./texts";

export interface Uploads {
  cd: UploadHandle;
  drivers: UploadHandle;
  kernel: UploadHandle;
  initrd: UploadHandle;
  disk: UploadHandle;
  bundle: UploadHandle;
}

interface Props {
  form: Form;
  set: (change: Partial<Form>) => void;
  uploads: Uploads;
}

/** Installed from a CD: uploaded here, or stored on the host. */
export function CdSource({ form, set, uploads }: Props) {
  const t = useTexts(texts);
  const cds = useVolumes(true)?.filter(isCd);
  const kinds = [
    { value: "", label: t("kindLinux") },
    { value: "windows", label: t("kindWindows"), about: t("kindWindowsAbout") },
    { value: "legacy", label: t("kindLegacy"), about: t("kindLegacyAbout") },
  ];
  return (
    <>
      <FormGroup label={t("cd")} isRequired role="group">
        <Medium
          id="cd" label={t("cd")} accept=".iso,.img" hint={t("cdHint")} upload={uploads.cd} volumes={cds}
          from={form.cdFrom} onFrom={(cdFrom) => set({ cdFrom })} volume={form.cd} onVolume={(cd) => set({ cd })}
        />
      </FormGroup>
      <FormGroup label={t("kind")} fieldId="kind">
        <Choice id="kind" label={t("kind")} value={form.profile} options={kinds} onChange={(profile) => set({ profile: profile as Form["profile"] })} />
      </FormGroup>
      {form.profile === "windows" && (
        <FormGroup label={t("drivers")} role="group">
          <Radio id="drivers-none" name="drivers" label={t("driversNone")} isChecked={form.driversFrom === "none"} onChange={() => set({ driversFrom: "none" })} />
          <Medium
            id="drivers" label={t("drivers")} accept=".iso" upload={uploads.drivers} volumes={cds}
            from={form.driversFrom}
            onFrom={(driversFrom) => set({ driversFrom })} volume={form.drivers} onVolume={(drivers) => set({ drivers })}
          />
          <Help text={t("driversHelp")} />
        </FormGroup>
      )}
    </>
  );
}

/** Booted from the network: by its card's firmware, or with a kernel. */
export function NetworkSource({ form, set, uploads, noNetboot }: Props & { noNetboot: string | undefined }) {
  const t = useTexts(texts);
  const ways = [
    { value: "pxe", label: t("pxe"), about: noNetboot ?? t("pxeAbout") },
    { value: "url", label: t("url"), about: t("urlAbout") },
    { value: "files", label: t("files"), about: t("filesAbout") },
  ] as const;
  return (
    <>
      <FormGroup label={t("bootsFrom")} role="radiogroup">
        {ways.map((one) => (
          <Radio
            key={one.value} id={`net-${one.value}`} name="net" label={one.label} description={one.about}
            isChecked={form.net === one.value} isDisabled={one.value === "pxe" && noNetboot !== undefined} onChange={() => set({ net: one.value })}
          />
        ))}
      </FormGroup>
      {form.net === "url" && (
        <FormGroup label={t("address")} fieldId="url" isRequired>
          <TextInput id="url" type="url" value={form.url} placeholder="https://" onChange={(_, url) => set({ url })} />
          <Help text={t("addressHelp")} />
        </FormGroup>
      )}
      {form.net === "files" && (
        <>
          <FormGroup label={t("kernel")} isRequired role="group"><Upload label={t("kernel")} upload={uploads.kernel} hint={t("kernelHint")} /></FormGroup>
          <FormGroup label={t("initrd")} role="group"><Upload label={t("initrd")} upload={uploads.initrd} hint={t("initrdHint")} /></FormGroup>
        </>
      )}
      {form.net !== "pxe" && (
        <FormGroup label={t("kernelArgs")} fieldId="kernel-args">
          <TextInput id="kernel-args" value={form.kernelArgs} onChange={(_, kernelArgs) => set({ kernelArgs })} />
          <Help text={t("kernelArgsHelp")} />
        </FormGroup>
      )}
    </>
  );
}

/** A disk with a system on it, or a whole guest that was exported. */
export function DiskSource({ form, set, uploads }: Props) {
  const t = useTexts(texts);
  const disks = useVolumes(true)?.filter((volume) => !isCd(volume) && ["raw", "qcow2", "vmdk", "vdi", "vpc", "qed"].includes(volume.format ?? ""));
  const isExport = form.diskFrom === "export";
  return (
    <>
      <FormGroup label={t("brings")} role="radiogroup">
        <Radio
          id="brings-disk" name="brings" label={t("bringsDisk")} description={t("bringsDiskAbout")}
          isChecked={!isExport} onChange={() => set({ diskFrom: "upload" })}
        />
        <Radio
          id="brings-export" name="brings" label={t("bringsExport")} description={t("bringsExportAbout")}
          isChecked={isExport} onChange={() => set({ diskFrom: "export" })}
        />
      </FormGroup>
      {isExport ? (
        <FormGroup label={t("export")} isRequired role="group">
          <Upload label={t("export")} upload={uploads.bundle} hint={t("exportHint")} />
        </FormGroup>
      ) : (
        <FormGroup label={t("disk")} isRequired role="group">
          <Medium
            id="disk" label={t("disk")} hint={t("diskHint")} upload={uploads.disk} volumes={disks}
            from={form.diskFrom === "volume" ? "volume" : "upload"} onFrom={(diskFrom) => set({ diskFrom })}
            volume={form.disk} onVolume={(disk) => set({ disk })}
            why={(volume) => (volume.used_by.length ? t("diskUsed", { names: list(volume.used_by) }) : undefined)}
          />
        </FormGroup>
      )}
      {isExport && <Content component="small">{t("exportSafe")}</Content>}
    </>
  );
}

export function Help({ text, isError = false }: { text: string; isError?: boolean }) {
  return (
    <FormHelperText>
      <HelperText>
        <HelperTextItem {...(isError ? { variant: "error" as const } : {})}>{text}</HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}
