import { Content } from "@patternfly/react-core";

import { Confirm } from "@/parts/Confirm";
import { list } from "@/text/format";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";
import { useUsers, type Volume } from "./Volumes";

/** The browser fetches it as a file. */
export function fetchVolume(volume: Volume): void {
  const link = document.createElement("a");
  link.href = `/api/v1/hosts/local/pools/${encodeURIComponent(volume.pool)}/volumes/${encodeURIComponent(volume.name)}/content`;
  link.download = volume.name;
  link.click();
}

/** Of a volume that somebody uses: what they write meanwhile is not in the copy, or half of it. */
export function DownloadVolume({ volume, onClose }: { volume: Volume; onClose: () => void }) {
  const t = useTexts(texts);
  const users = useUsers()(volume.used_by);
  return (
    <Confirm title={t("downloadUsed", { name: volume.name })} confirm={t("download")} onConfirm={() => fetchVolume(volume)} onClose={onClose}>
      <Content component="p" className="inn-name">{t("downloadUsedHow", { users: list(users) })}</Content>
    </Confirm>
  );
}
