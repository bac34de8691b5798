import { Content } from "@patternfly/react-core";

import { act } from "@/api/act";
import type { Operation } from "@/api/types";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

export function Clean({ operation, title, onClose }: { operation: Operation; title: string; onClose: () => void }) {
  const t = useTexts(texts);
  const undo = operation.undo ?? [];
  return (
    <Confirm
      title={t("cleanTitle", { what: title })}
      wayBack={t("cleanBack")}
      confirm={t("clean")}
      isDanger={undo.length > 0}
      onConfirm={() => act("operation.clean", { id: operation.id }, title)}
      onClose={onClose}
    >
      <Content component="p">{t(undo.length ? "cleanBody" : "cleanBodyNone")}</Content>
      {undo.length > 0 && <Deeds deeds={undo} />}
    </Confirm>
  );
}

/** Deeds as the record names them, one a line. */
export function Deeds({ deeds }: { deeds: readonly string[] }) {
  return (
    <ol className="inn-deeds">
      {deeds.map((deed, index) => (
        <li key={index}>
          <code>{deed}</code>
        </li>
      ))}
    </ol>
  );
}
