import { Content } from "@patternfly/react-core";

import { order } from "@/api/act";
import { Confirm } from "@/parts/Confirm";
import { dateTime, size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { type Backup, whichBackup } from "./Backups";
import { backupTexts } from "./backupTexts";
import type { Guest } from "./Page";

/** Its files are deleted; there is no way back. */
export function RemoveBackup({ guest, backup, onClose }: { guest: Guest; backup: Backup; onClose: () => void }) {
  const t = useTexts(backupTexts);
  return (
    <Confirm
      title={t("removeTitle", { when: dateTime(backup.made) })}
      confirm={t("removeConfirm")}
      isDanger
      wayBack={null}
      onConfirm={() => order("backup.remove", whichBackup(backup), backup.id)}
      onClose={onClose}
    >
      <Content component="p">{t("removeLoses", { name: guest.name, size: size(backup.size) })}</Content>
    </Confirm>
  );
}
