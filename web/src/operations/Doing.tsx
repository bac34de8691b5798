import { Progress } from "@patternfly/react-core";

import type { Operation } from "@/api/types";
import { useVerbName } from "@/parts/verbs";
import { useCatalogue } from "@/text/catalogue";
import { useTexts } from "@/text/texts";

import { titleOf } from "./actions";
import { isUnderWay } from "./state";
import { texts } from "./texts";

/** How far an operation is that runs: what it says, and how much of that is done. */
export function Doing({ operation }: { operation: Operation }) {
  const t = useTexts(texts);
  const say = useCatalogue();
  const name = useVerbName();
  if (!isUnderWay(operation)) return null;
  const text = operation.state === "queued" ? t("means_queued") : say(operation.text, operation.facts ?? {});
  if (typeof operation.fraction !== "number") return <span className="inn-doing">{text}</span>;
  return (
    <Progress
      className="inn-doing"
      aria-label={t("progress", { what: titleOf(operation, name) })}
      title={text}
      value={Math.round(operation.fraction * 100)}
      size="sm"
    />
  );
}
