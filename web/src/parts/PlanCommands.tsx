import { CodeBlock, CodeBlockCode, Content } from "@patternfly/react-core";

import type { Plan } from "@/api/types";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** The lines of a plan. */
export function PlanCommands({ plan }: { plan: Plan | undefined }) {
  const t = useTexts(texts);
  const lines = [...(plan?.inn ? [plan.inn] : []), ...(plan?.commands ?? [])];
  if (lines.length === 0) return <Content component="small">{t("commandsUntold")}</Content>;
  return (
    <CodeBlock>
      <CodeBlockCode>{lines.join("\n")}</CodeBlockCode>
    </CodeBlock>
  );
}
