import { Content } from "@patternfly/react-core";

import { act } from "@/api/act";
import { Confirm } from "@/parts/Confirm";
import { size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";
import type { Volume } from "./Volumes";

export function RemoveVolume({ volume: { pool, name, allocation }, onClose }: { volume: Volume; onClose: () => void }) {
  const t = useTexts(texts);
  return (
    <Confirm
      isDanger
      title={t("removeTitle", { name })}
      confirm={t("remove")}
      wayBack={t("removeBack")}
      onConfirm={() => act("volume.remove", { pool, name }, `${pool}/${name}`)}
      onClose={onClose}
    >
      <Content component="p" className="inn-name">{t("removeHow", { name, pool, size: size(allocation) })}</Content>
    </Confirm>
  );
}
