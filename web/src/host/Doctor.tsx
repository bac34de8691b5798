import { Bullseye, Button, Card, CardBody, CardTitle, ExpandableSection, Flex, FlexItem, Stack, StackItem } from "@patternfly/react-core";
import { CheckCircleIcon, RedoIcon } from "@patternfly/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { plan } from "@/api/client";
import { ActionButton } from "@/parts/ActionButton";
import { useMay } from "@/parts/may";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { Alert } from "@/patternfly/Alert";
import { Spinner } from "@/patternfly/Spinner";
import { sentence, useCatalogue } from "@/text/catalogue";
import { ago } from "@/text/format";
import { useTexts } from "@/text/texts";

import { FindingCard } from "./FindingCard";
import { type Finding, keyOf, useFindings, useLookAgain } from "./findings";
import { Repair } from "./Repair";
import { texts } from "./texts";

const ORDER = ["problem", "unknown", "advice"] as const;

/** The doctor's findings: what is wrong first, each with what it means and its repair. */
export function Doctor() {
  const t = useTexts(texts);
  const may = useMay();
  const lookAgain = useLookAgain();
  const { data, error, isFetching, dataUpdatedAt } = useFindings();
  const [repair, setRepair] = useState<{ only: string[]; undo?: boolean } | null>(null);
  const undoable = useUndoable();

  if (!data && !error) {
    return (
      <Bullseye className="inn-loading">
        <Flex direction={{ default: "column" }} alignItems={{ default: "alignItemsCenter" }}>
          <Spinner aria-label={t("loading")} />
          <p>{t("looking")}</p>
        </Flex>
      </Bullseye>
    );
  }
  const findings = data?.findings ?? [];
  const wrong = ORDER.flatMap((status) => findings.filter((one) => one.status === status));
  const able = [...new Set(findings.filter((one) => one.status === "problem" && one.repairable).map((one) => one.id))];
  return (
    <Stack hasGutter>
      <StackItem>
        <Flex justifyContent={{ default: "justifyContentSpaceBetween" }}>
          <FlexItem>{data && <Summary findings={findings} />}</FlexItem>
          <Flex gap={{ default: "gapSm" }}>
            <ActionButton
              onClick={() => setRepair({ only: able })}
              why={able.length ? may("admin") : t("nothingToRepair")}
            >
              {able.length ? t("repairAll", { count: able.length }) : t("repair")}
            </ActionButton>
            <ActionButton
              variant="secondary"
              onClick={() => setRepair({ only: [], undo: true })}
              why={undoable ? may("admin") : t("nothingToUndo")}
            >
              {t("undo")}
            </ActionButton>
            <Button
              variant="link"
              icon={<RedoIcon />}
              isLoading={isFetching}
              onClick={lookAgain}
              title={dataUpdatedAt ? t("looked", { ago: ago(dataUpdatedAt / 1000) }) : ""}
            >
              {t("again")}
            </Button>
          </Flex>
        </Flex>
      </StackItem>
      <ProblemAlert problem={error} />
      {wrong.length > 0 && (
        <StackItem className="inn-findings">
          {wrong.map((one) => (
            <FindingCard key={keyOf(one)} finding={one} onRepair={() => setRepair({ only: [one.id] })} />
          ))}
        </StackItem>
      )}
      <Fine findings={findings.filter((one) => one.status === "ok")} isOpen={wrong.length === 0} />
      {repair && <Repair only={repair.only} undo={repair.undo ?? false} onClose={() => setRepair(null)} />}
    </Stack>
  );
}

/** Whether there is a repair to take back: what an undo would do. */
function useUndoable(): boolean {
  const { data } = useQuery({
    queryKey: ["doctor", "undo"],
    queryFn: ({ signal }) => plan("host.setup", { undo: true }, signal),
  });
  return Boolean(data?.summary?.length);
}

function Summary({ findings }: { findings: readonly Finding[] }) {
  const t = useTexts(texts);
  const count = (status: Finding["status"]) => findings.filter((one) => one.status === status).length;
  const problems = count("problem");
  const said = [
    problems && t("problems", { count: problems }),
    count("unknown") && t("unknowns", { count: count("unknown") }),
    count("advice") && t("advice", { count: count("advice") }),
  ].filter(Boolean);
  if (problems === 0) {
    return (
      <Alert isInline isPlain variant="success" title={t("well")} component="h2">
        {said.join(" · ") || t("wellBody")}
      </Alert>
    );
  }
  return <Alert isInline isPlain variant="danger" title={said.join(" · ")} component="h2" />;
}

function Fine({ findings, isOpen: isOpenFirst }: { findings: readonly Finding[]; isOpen: boolean }) {
  const t = useTexts(texts);
  const say = useCatalogue();
  const [isOpen, setOpen] = useState(isOpenFirst);
  if (findings.length === 0) return null;
  const areas = [...new Set(findings.map((one) => one.id.split(".")[0]!))];
  return (
    <ExpandableSection
      toggleText={t("fine", { count: findings.length })}
      isExpanded={isOpen}
      onToggle={(_, next) => setOpen(next)}
    >
      <div className="inn-findings">
        {areas.map((area) => (
          <Card key={area} isCompact>
            <CardTitle component="h3">{areaName(area, t)}</CardTitle>
            <CardBody>
              <ul className="inn-finding__fine">
                {findings
                  .filter((one) => one.id.startsWith(`${area}.`))
                  .map((one) => (
                    <li key={keyOf(one)}>
                      <CheckCircleIcon className="inn-ok" /> {sentence(say(one.text, one.facts), Object.values(one.facts))}
                    </li>
                  ))}
              </ul>
            </CardBody>
          </Card>
        ))}
      </div>
    </ExpandableSection>
  );
}

function areaName(area: string, t: ReturnType<typeof useTexts<(typeof texts)["keys"]>>): string {
  const key = `area_${area}`;
  return key in texts.keys ? t(key as "area_kvm") : area;
}
