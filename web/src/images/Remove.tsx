import { Content } from "@patternfly/react-core";

import { act } from "@/api/act";
import { useLook } from "@/api/query";
import type { Image } from "@/create/host";
import { Confirm } from "@/parts/Confirm";
import { list, size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** An image with all its versions, or one version of it (`version`: NAME@RELEASE). */
export function Remove({ image, version, onClose }: { image: Image; version?: string; onClose: () => void }) {
  const t = useTexts(texts);
  const name = version ?? image.name;
  const versions = useLook("image", "image.show", { name: image.name }).data?.versions ?? [];
  const origin = image.origin?.offer;
  return (
    <Confirm
      title={t("removeTitle", { name })}
      confirm={t("remove")}
      isDanger
      wayBack={origin ? t("pullAgain", { name: origin }) : null}
      onConfirm={() => act("image.remove", { name }, name)}
      onClose={onClose}
    >
      <Content component="p">{version ? t("removeVersion") : t("removeWhat", { size: size(image.size) })}</Content>
      {!version && versions.length > 0 && <Content component="p">{t("removeVersions", { names: list(versions) })}</Content>}
    </Confirm>
  );
}
