import { Checkbox, FormGroup, FormHelperText, HelperText, Radio, TextInput } from "@patternfly/react-core";
import { useState } from "react";

import { order } from "@/api/act";
import { Confirm } from "@/parts/Confirm";
import { HelperTextItem } from "@/patternfly/HelperTextItem";
import { dateTime } from "@/text/format";
import { useTexts } from "@/text/texts";

import { isName } from "./actions/NameInput";
import { type Backup, whichBackup } from "./Backups";
import { backupTexts } from "./backupTexts";
import { isOn } from "./Overview";
import type { Guest } from "./Page";

/** A guest made of a backup: beside the original, or in its place. */
export function RestoreBackup({ guest, backup, onClose }: { guest: Guest; backup: Backup; onClose: () => void }) {
  const t = useTexts(backupTexts);
  const { name } = guest;
  const [isBeside, setBeside] = useState(true);
  const [newName, setNewName] = useState(`${name.slice(0, 54)}-restored`);
  const [force, setForce] = useState(false);
  const when = dateTime(backup.made);
  const restore = () =>
    isBeside
      ? order("backup.restore", { ...whichBackup(backup), new_name: newName }, newName)
      : order("backup.restore", { ...whichBackup(backup), replace: true, ...(force ? { force } : {}) }, name);
  const why = isBeside ? (isName(newName) && newName !== name ? undefined : t("badName")) : isOn(guest) && !force ? t("forceWhy") : undefined;
  return (
    <Confirm
      title={t("restoreTitle", { when })}
      confirm={t("restoreConfirm")}
      isDanger={!isBeside}
      wayBack={isBeside ? t("restoreBesideBack") : t("restoreBack", { name })}
      why={why}
      onConfirm={restore}
      onClose={onClose}
    >
      <div className="inn-guest__stack">
        <FormGroup role="radiogroup" label={t("how")} fieldId="restore-how" isStack>
          <Radio id="restore-beside" name="restore-how" label={t("beside")} description={t("besideHow", { name })} isChecked={isBeside} onChange={() => setBeside(true)} />
          <Radio id="restore-replace" name="restore-how" label={t("replace")} description={t("replaceHow", { name, when })} isChecked={!isBeside} onChange={() => setBeside(false)} />
        </FormGroup>
        {isBeside && (
          <FormGroup label={t("newName")} fieldId="restore-name">
            <TextInput id="restore-name" value={newName} onChange={(_, next) => setNewName(next)} validated={why ? "error" : "default"} aria-describedby="restore-name-how" autoComplete="off" spellCheck={false} />
            <FormHelperText>
              <HelperText id="restore-name-how"><HelperTextItem variant={why ? "error" : "default"}>{t("newNameHow")}</HelperTextItem></HelperText>
            </FormHelperText>
          </FormGroup>
        )}
        {!isBeside && isOn(guest) && (
          <Checkbox id="restore-force" label={t("force")} description={t("forceHow")} isChecked={force} onChange={(_, next) => setForce(next)} />
        )}
      </div>
    </Confirm>
  );
}
