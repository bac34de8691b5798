import { Radio } from "@patternfly/react-core";

import { Upload, type UploadHandle } from "@/parts/Upload";
import { list, size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { Choice } from "./Choice";
import type { Volume } from "./host";
import { texts } from "./texts";

interface Props {
  id: string;
  label: string;
  from: "upload" | "volume" | "none";
  onFrom: (from: "upload" | "volume") => void;
  upload: UploadHandle;
  accept?: string;
  hint?: string;
  volume: string;
  onVolume: (volume: string) => void;
  /** that may be meant; undefined: not known yet */
  volumes: readonly Volume[] | undefined;
  /** why one of them cannot be taken */
  why?: (volume: Volume) => string | undefined;
}

/** A file of this computer, or one that is on the host already. */
export function Medium({ id, label, from, onFrom, upload, accept, hint, volume, onVolume, volumes, why }: Props) {
  const t = useTexts(texts);
  return (
    <div role="radiogroup" aria-label={label} className="inn-create__medium">
      <Radio id={`${id}-upload`} name={`${id}-from`} label={t("fromHere")} isChecked={from === "upload"} onChange={() => onFrom("upload")} />
      {from === "upload" && <Upload label={label} upload={upload} {...(accept ? { accept } : {})} {...(hint ? { hint } : {})} />}
      <Radio
        id={`${id}-volume`}
        name={`${id}-from`}
        label={t("fromStorage")}
        isChecked={from === "volume"}
        onChange={() => onFrom("volume")}
        {...(volumes?.length === 0 ? { description: t("nothingStored") } : {})}
      />
      {from === "volume" && (
        <Choice
          id={`${id}-stored`}
          label={label}
          value={volume}
          onChange={onVolume}
          options={[
            { value: "", label: volumes ? t("choose") : t("loading") },
            ...(volumes ?? []).map((one) => ({
              value: `${one.pool}/${one.name}`,
              label: one.name,
              about: `${one.pool} · ${size(one.capacity)}${one.used_by.length ? ` · ${list(one.used_by)}` : ""}`,
              why: why?.(one),
            })),
          ]}
        />
      )}
    </div>
  );
}
