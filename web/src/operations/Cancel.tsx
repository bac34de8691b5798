import { Content } from "@patternfly/react-core";

import { act } from "@/api/act";
import type { Operation } from "@/api/types";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import { isOfJournal } from "./state";
import { texts } from "./texts";

export function Cancel({ operation, title, onClose }: { operation: Operation; title: string; onClose: () => void }) {
  const t = useTexts(texts);
  return (
    <Confirm
      title={t("cancelTitle", { what: title })}
      {...(isOfJournal(operation) ? {} : { wayBack: t("cancelBack") })}
      confirm={t("cancelConfirm")}
      onConfirm={() => act("operation.cancel", { id: operation.id }, title)}
      onClose={onClose}
    >
      <Content component="p">{t("cancelBody")}</Content>
    </Confirm>
  );
}
