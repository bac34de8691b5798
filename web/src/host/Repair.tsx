import { Button, Content, ExpandableSection, ModalBody, ModalFooter } from "@patternfly/react-core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { act, useDeeds } from "@/api/act";
import { plan } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import type { Plan, Schemas } from "@/api/types";
import { PlanCommands } from "@/parts/PlanCommands";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { useSubmit } from "@/parts/submit";
import { Alert } from "@/patternfly/Alert";
import { Modal, ModalHeader } from "@/patternfly/Modal";
import { Spinner } from "@/patternfly/Spinner";
import { useCatalogue } from "@/text/catalogue";
import { useTexts } from "@/text/texts";

import { useLookAgain } from "./findings";
import { texts } from "./texts";

type Report = Schemas["SetupReport"];
interface Props {
  /** ids of findings; none: all problems */
  only: readonly string[];
  undo?: boolean;
  onClose: () => void;
}

/** Repairs what the doctor found, or takes repairs back: first what would be changed, then how it goes, then what was
 * done. It may be closed while it runs. */
export function Repair({ only, undo = false, onClose }: Props) {
  const t = useTexts(texts);
  const lookAgain = useLookAgain();
  const [report, setReport] = useState<Report | null>(null);
  const fields = { ...(only.length ? { only: [...only] } : {}), ...(undo ? { undo } : {}) };
  const planned = useQuery<Plan, ApiProblem>({
    queryKey: ["doctor", "plan", fields],
    queryFn: ({ signal }) => plan("host.setup", fields, signal),
    gcTime: 0,
  });
  const { isBusy: isRunning, problem, submit: go } = useSubmit(undefined, async () => {
    try {
      setReport(await act("host.setup", fields, t("host"), planned.data ? { planned: planned.data } : {}));
    } finally {
      lookAgain();
    }
  });
  const isNothing = planned.data?.summary?.length === 0;
  const title = t(undo ? "undoTitle" : "repairTitle");
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby="repair-title" aria-describedby="repair-body">
      <ModalHeader title={title} labelId="repair-title" {...(undo ? { titleIconVariant: "warning" as const } : {})} />
      <ModalBody id="repair-body" tabIndex={0}>
        {report ? <Done report={report} /> : isRunning ? <Working /> : <Before plan={planned.data} undo={undo} />}
        <ProblemAlert problem={problem ?? planned.error} />
      </ModalBody>
      <ModalFooter>
        {!report && (
          <Button
            variant={undo ? "danger" : "primary"}
            isLoading={isRunning}
            isDisabled={isRunning || !planned.data || isNothing}
            onClick={() => void go()}
          >
            {t(undo ? "undoConfirm" : "repair")}
          </Button>
        )}
        <Button variant={report ? "primary" : "link"} onClick={onClose}>
          {t(report || isRunning ? "close" : "cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

function Before({ plan: planned, undo }: { plan: Plan | undefined; undo: boolean }) {
  const t = useTexts(texts);
  const [isOpen, setOpen] = useState(false);
  if (!planned) return <><Spinner size="md" aria-label={t("planning")} /> {t("planning")}</>;
  if (planned.summary?.length === 0) return <Content component="p">{t("repairNothing")}</Content>;
  return (
    <>
      <Content component="p">{t(undo ? "undoBody" : "repairBody")}</Content>
      <ul className="inn-changes">
        {planned.summary?.map((line, index) => <li key={index}>{line}</li>)}
      </ul>
      <ExpandableSection toggleText={t("commands")} isExpanded={isOpen} onToggle={(_, next) => setOpen(next)}>
        <PlanCommands plan={planned} />
      </ExpandableSection>
      <Content component="p" className="inn-way-back">{t(undo ? "undoBack" : "repairBack")}</Content>
    </>
  );
}

function Working() {
  const t = useTexts(texts);
  const say = useCatalogue();
  const operation = useDeeds().find((one) => one.verb === "host.setup")?.operation;
  const text = say(operation?.text, operation?.facts ?? {});
  return (
    <div role="status">
      <Spinner size="md" aria-hidden /> {text || t("working")}
      <Content component="small">{t("workingHow")}</Content>
    </div>
  );
}

function Done({ report }: { report: Report }) {
  const t = useTexts(texts);
  const say = useCatalogue();
  const left = report.findings.filter((one) => one.status === "problem").length;
  return (
    <div role="status">
      {report.repairs.length === 0 && <Content component="p">{t("outcomeNothing")}</Content>}
      {report.repairs.map((one, index) => (
        <Alert
          key={index}
          isInline
          isPlain
          variant={one.outcome === "failed" ? "danger" : one.outcome === "left" ? "warning" : "success"}
          title={t(`outcome_${one.outcome}`, { what: say(`host.kind.${one.kind}`), key: one.key, reason: one.reason ?? "" })}
        />
      ))}
      {report.findings.length > 0 && (
        <Content component="p" className="inn-way-back">{left ? t("remains", { count: left }) : t("remainsNot")}</Content>
      )}
    </div>
  );
}
