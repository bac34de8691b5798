import { Content } from "@patternfly/react-core";

import { act } from "@/api/act";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

export function Revoke({ name, onClose }: { name: string; onClose: () => void }) {
  const t = useTexts(texts);
  return (
    <Confirm
      title={t("revokeTitle", { name })}
      wayBack={null}
      confirm={t("revoke")}
      isDanger
      onConfirm={() => act("token.remove", { name }, name)}
      onClose={onClose}
    >
      <Content component="p">{t("revokeBody")}</Content>
    </Confirm>
  );
}
