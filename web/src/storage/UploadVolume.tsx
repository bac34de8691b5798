import { Checkbox, Content, FormGroup, FormHelperText, HelperText, Stack, StackItem, TextInput } from "@patternfly/react-core";
import { useEffect, useState } from "react";

import { act } from "@/api/act";
import { useLook } from "@/api/query";
import { Confirm } from "@/parts/Confirm";
import { Upload, useUpload } from "@/parts/Upload";
import { HelperTextItem } from "@/patternfly/HelperTextItem";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** A name that a volume may have, near that of a file. */
function nameFor(file: string): string {
  const plain = file.normalize("NFKD").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  return plain.length > 63 ? plain.slice(0, 50) + plain.slice(-13) : plain;
}

/** A file of this computer becomes a volume. */
export function UploadVolume({ pool, onClose }: { pool: string; onClose: () => void }) {
  const t = useTexts(texts);
  const upload = useUpload();
  const { data: volumes } = useLook("pool", "volume.list", { pool });
  const [typed, setTyped] = useState<string | null>(null);
  const [replace, setReplace] = useState(false);
  const [isRaw, setRaw] = useState(false);
  const name = typed ?? nameFor(upload.name ?? "");
  const there = volumes?.find((one) => one.name === name);
  useEffect(() => setReplace(false), [name]);

  const why =
    upload.state === "none" || upload.state === "failed" ? t("chooseFirst")
    : !NAME.test(name) ? t("badName")
    : there && there.used_by.length > 0 ? t("isUsed", { name })
    : there && !replace ? t("sayReplace", { name })
    : upload.reference === undefined ? t("sending")
    : undefined;
  const put = async () => {
    const file = upload.reference!;
    await act("volume.upload", { pool, name, file, ...(there ? { replace } : {}), ...(isRaw ? { format: "raw" } : {}) }, `${pool}/${name}`);
    upload.used();
  };
  return (
    <Confirm title={t("uploadTo", { pool })} confirm={t("put")} why={why} onConfirm={put} onClose={onClose}>
      <Stack hasGutter>
        <StackItem><Content component="p">{t("uploadHow")}</Content></StackItem>
        <StackItem><Upload label={t("file")} upload={upload} /></StackItem>
        <StackItem>
          <FormGroup label={t("nameOf")} fieldId="volume-name">
            <TextInput
              id="volume-name"
              value={name}
              onChange={(_, now) => setTyped(now)}
              validated={name && !NAME.test(name) ? "error" : "default"}
              aria-describedby="volume-name-how"
            />
            <FormHelperText>
              <HelperText id="volume-name-how">
                <HelperTextItem variant={name && !NAME.test(name) ? "error" : "default"}>{t("nameHow")}</HelperTextItem>
              </HelperText>
            </FormHelperText>
          </FormGroup>
        </StackItem>
        <StackItem>
          <Checkbox id="volume-raw" label={t("raw")} description={t("rawHow")} isChecked={isRaw} onChange={(_, now) => setRaw(now)} />
        </StackItem>
        {there && (
          <StackItem>
            <Checkbox
              id="volume-replace"
              label={t("replace")}
              isChecked={replace}
              isDisabled={there.used_by.length > 0}
              onChange={(_, now) => setReplace(now)}
              {...(there.used_by.length > 0 ? { description: t("isUsed", { name }) } : {})}
            />
          </StackItem>
        )}
      </Stack>
    </Confirm>
  );
}
