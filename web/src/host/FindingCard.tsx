import { Content } from "@patternfly/react-core";

import { ActionButton } from "@/parts/ActionButton";
import { useMay } from "@/parts/may";
import { Alert } from "@/patternfly/Alert";
import { sentence, useCatalogue } from "@/text/catalogue";
import { Copy } from "@/parts/Copy";
import { useTexts } from "@/text/texts";

import type { Finding } from "./findings";
import { texts } from "./texts";

const LOOKS = { problem: "danger", advice: "info", unknown: "warning", ok: "success" } as const;

/** One thing that is not as it should be: what it means, and what to do. */
export function FindingCard({ finding, onRepair }: { finding: Finding; onRepair: () => void }) {
  const t = useTexts(texts);
  const may = useMay();
  const { title, means, remedy } = useSaid(finding);
  return (
    <Alert
      isInline
      variant={LOOKS[finding.status]}
      title={title || "…"}
      component="h3"
      actionLinks={
        (finding.repairable || finding.remedy) && (
          <ActionButton
            variant="secondary"
            size="sm"
            why={finding.repairable ? may("admin") : t("notRepairable")}
            onClick={onRepair}
          >
            {t("repair")}
          </ActionButton>
        )
      }
    >
      {means && <p>{means}</p>}
      {remedy && <p>{remedy}</p>}
      {finding.remedy && (
        <div className="inn-finding__hand">
          <Content component="small">{t(finding.repairable ? "byHand" : "byHandOnly")}</Content>
          <Copy variant="expansion" label={t("byHand")}>
            {finding.remedy}
          </Copy>
        </div>
      )}
    </Alert>
  );
}

/** What a finding says, means for guests, and asks to be done. */
export function useSaid(finding: Finding): { title: string; means: string; remedy: string } {
  const say = useCatalogue();
  const part = (id: string) => {
    const said = say(id, finding.facts);
    return said === id ? "" : said; // there is no such text
  };
  const capital = (said: string) => sentence(said, Object.values(finding.facts));
  const title = capital(say(finding.text, finding.facts));
  return {
    title,
    means: capital(part(`${finding.text}.means`)),
    remedy: capital(part(`page.${finding.text}`) || part(`${finding.text}.remedy`)),
  };
}
