import { Alert, AlertActionLink } from "@patternfly/react-core";
import { useState } from "react";

import { act } from "@/api/act";
import { ApiProblem } from "@/api/problem";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** Why nothing moves, and how it moves again. */
export function Suspended({ name }: { name: string }) {
  const t = useTexts(texts);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const resume = async () => {
    try {
      await act("guest.resume", { name }, name);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    }
  };
  const action = <AlertActionLink onClick={() => void resume()}>{t("resume")}</AlertActionLink>;
  return (
    <Alert isInline variant="info" title={t("suspended", { name })} actionLinks={action}>
      <ProblemAlert problem={problem} />
    </Alert>
  );
}
