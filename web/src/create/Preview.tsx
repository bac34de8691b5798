import {
  Card, CardBody, CardTitle, Content, DescriptionList, DescriptionListDescription, DescriptionListGroup,
  DescriptionListTerm, ExpandableSection, Skeleton,
} from "@patternfly/react-core";
import { useState } from "react";

import type { ApiProblem } from "@/api/problem";
import type { Plan } from "@/api/types";
import { PlanCommands } from "@/parts/PlanCommands";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { Alert } from "@/patternfly/Alert";
import { useCatalogue } from "@/text/catalogue";
import { list, size } from "@/text/format";
import { useTexts } from "@/text/texts";

import type { Made } from "./made";
import type { Missing } from "./request";
import { texts } from "./texts";

interface Props {
  missing: Missing | undefined;
  plan: Plan | undefined;
  made: Made | null;
  problem: ApiProblem | null;
  isLooking: boolean;
  /** the name of what is fetched first */
  fetched: string | undefined;
  count: number;
}

/** The dry run: what the host answered that it would do. Nothing happens by it. */
export function Preview({ missing, plan, made, problem, isLooking, fetched, count }: Props) {
  const t = useTexts(texts);
  return (
    <Card className="inn-create__preview" aria-busy={isLooking}>
      <CardTitle component="h2">{t("dryRun")}</CardTitle>
      <CardBody>
        {missing && <Content component="p">{t(missing)}</Content>}
        {!missing && problem && <ProblemAlert problem={problem} />}
        {!missing && !problem && !plan && <Skeleton screenreaderText={t("looking")} />}
        {!missing && !problem && plan && (
          <>
            {fetched && <Alert isInline isPlain variant="info" title={t("fetchesFirst", { image: fetched })} />}
            {made && <Facts made={made} count={count} />}
            <Lines plan={plan} />
          </>
        )}
      </CardBody>
    </Card>
  );
}

function Facts({ made, count }: { made: Made; count: number }) {
  const t = useTexts(texts);
  const say = useCatalogue();
  const facts: [string, string][] = [
    [t("name"), count > 1 ? t("nameAnd", { name: made.name, count: count - 1 }) : made.name],
    [t("cpus"), String(made.cpus ?? "—")],
    [t("memory"), size(made.memory)],
    [t("disk"), made.disk ? (made.disk.isNew ? `${size(made.disk.capacity)} (${made.bus})` : t("diskThere", { bus: made.bus ?? "" })) : t("noDiskAtAll")],
    [t("network"), made.networks.length ? list(made.networks) : t("netNone")],
    [t("firmware"), t(made.firmware)],
    [t("accel"), t(made.isKvm ? "kvm" : "tcg")],
    ...(made.hasTpm ? [[t("tpm"), "2.0"] as [string, string]] : []),
    [t("machine"), `${made.arch} · ${made.machine}`],
  ];
  return (
    <>
      <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={{ default: "11ch" }}>
        {facts.map(([term, said]) => (
          <DescriptionListGroup key={term}>
            <DescriptionListTerm>{term}</DescriptionListTerm>
            <DescriptionListDescription className="inn-name">{said}</DescriptionListDescription>
          </DescriptionListGroup>
        ))}
      </DescriptionList>
      {!made.isKvm && made.accelReason && (
        <Content component="small" className="inn-create__why">{t("slow", { reason: say(made.accelReason, made.accelFacts) })}</Content>
      )}
    </>
  );
}

/** The equal lines, and the documents that they name. */
function Lines({ plan }: { plan: Plan }) {
  const t = useTexts(texts);
  const [isOpen, setOpen] = useState(true);
  const [isLong, setLong] = useState(false);
  const documents = Object.entries(plan.documents);
  const short = plan.inn ? { ...plan, commands: [] } : plan;
  return (
    <ExpandableSection toggleText={t("sameAs")} isExpanded={isOpen} onToggle={(_, now) => setOpen(now)} className="inn-create__lines">
      <PlanCommands plan={short} />
      {(plan.inn ? plan.commands.length + documents.length : documents.length) > 0 && (
        <ExpandableSection toggleText={t("inDetail")} isExpanded={isLong} onToggle={(_, now) => setLong(now)}>
          {plan.inn && plan.commands.length > 0 && <PlanCommands plan={{ ...plan, inn: "" }} />}
          {documents.map(([name, text]) => (
            <div key={name}>
              <Content component="h4" className="inn-name">{name}</Content>
              <pre className="inn-create__document" tabIndex={0}>{text}</pre>
            </div>
          ))}
        </ExpandableSection>
      )}
    </ExpandableSection>
  );
}
