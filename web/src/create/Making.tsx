import { Button, Card, CardBody, CardTitle, Content, PageSection, Progress } from "@patternfly/react-core";
import { useState } from "react";
import { Link } from "react-router";

import { act, type Deed, useDeeds } from "@/api/act";
import { PageHead } from "@/parts/PageHead";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { useSubmit } from "@/parts/submit";
import { Spinner } from "@/patternfly/Spinner";
import { useCatalogue } from "@/text/catalogue";
import { useTexts } from "@/text/texts";

import { LoginFacts } from "./LogIn";
import { texts } from "./texts";

/** While it is made: how far it is, and how one will log in. */
export function Making({ name, user, password }: { name: string; user: string | null; password: string | null }) {
  const t = useTexts(texts);
  const say = useCatalogue();
  const deed = useDeeds().find((one) => one.verb === "guest.create" && one.target === name);
  const operation = deed?.operation;
  const fraction = operation?.fraction;
  const text = operation ? say(operation.text, operation.facts as Record<string, unknown>) : "";
  return (
    <>
      <PageHead title={t("making", { name })} about={t("makingAbout")} />
      <PageSection hasBodyWrapper={false}>
        <Card className="inn-create__making">
          <CardTitle component="h2">
            <Spinner size="md" aria-hidden="true" /> <span role="status">{text || t("beginning")}</span>
          </CardTitle>
          <CardBody>
            {typeof fraction === "number" && <Progress aria-label={t("making", { name })} value={Math.round(fraction * 100)} />}
            {user && <LoginFacts user={user} password={password} />}
            {operation && <Content component="p"><Link to={`/operations/${operation.id}`}>{t("itsLog")}</Link></Content>}
            {deed && <Stop deed={deed} name={name} />}
          </CardBody>
        </Card>
      </PageSection>
    </>
  );
}

function Stop({ deed, name }: { deed: Deed; name: string }) {
  const t = useTexts(texts);
  const [isAsked, setAsked] = useState(false);
  const id = deed.operation?.id;
  const { isBusy, problem, submit: stop } = useSubmit(id ? undefined : "", async () => {
    await act("operation.cancel", { id: id ?? "" }, name);
    setAsked(true);
  });
  return (
    <>
      <ProblemAlert problem={problem} />
      <Button variant="secondary" isDisabled={!id || isBusy || isAsked} isLoading={isBusy || isAsked} onClick={() => void stop()}>{t("stopMaking")}</Button>
      <Content component="small">{t("stopMakingAbout")}</Content>
    </>
  );
}
