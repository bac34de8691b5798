import { AlertActionLink } from "@patternfly/react-core";

import { act } from "@/api/act";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { useSubmit } from "@/parts/submit";
import { Alert } from "@/patternfly/Alert";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** Why nothing moves, and how it moves again. */
export function Suspended({ name }: { name: string }) {
  const t = useTexts(texts);
  const { problem, submit: resume } = useSubmit(undefined, () => act("guest.resume", { name }, name));
  const action = <AlertActionLink onClick={() => void resume()}>{t("resume")}</AlertActionLink>;
  return (
    <Alert isInline variant="info" title={t("suspended", { name })} actionLinks={action}>
      <ProblemAlert problem={problem} />
    </Alert>
  );
}
