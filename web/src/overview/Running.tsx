import { Card, CardBody, CardHeader, CardTitle, Content } from "@patternfly/react-core";
import { Link } from "react-router";

import { useLook } from "@/api/query";
import { titleOf, useOperationActions } from "@/operations/actions";
import { Doing } from "@/operations/Doing";
import { isUnderWay, since } from "@/operations/state";
import { ActionButton } from "@/parts/ActionButton";
import { OperationState } from "@/parts/OperationState";
import { useVerbName } from "@/parts/verbs";
import { ago } from "@/text/format";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

const LATELY = 5;

/** What is under way, with a way to stop it; below, what ended lately. */
export function Running({ isFirst }: { isFirst: boolean }) {
  const t = useTexts(texts);
  const name = useVerbName();
  const { actions, dialog } = useOperationActions();
  const now = useLook("operation", "operation.list", isFirst ? undefined : { state: ["queued", "running"] }, { every: 10_000 }).data;
  const lately = useLook("operation", "operation.list", isFirst ? undefined : { limit: LATELY + 5 }).data;
  const ended = lately?.filter((one) => !isUnderWay(one) && one.ended).slice(0, LATELY) ?? [];
  return (
    <Card isFullHeight>
      <CardHeader actions={{ actions: <Link to="/operations">{t("allOperations")}</Link>, hasNoOffset: true }}>
        <CardTitle component="h2">{t("running")}</CardTitle>
      </CardHeader>
      <CardBody>
        {now?.length === 0 && <Content component="p">{t("runningNone")}</Content>}
        <ul className="inn-running">
          {now?.map((one) => {
            const cancel = actions(one)[0]!;
            return (
              <li key={one.id}>
                <div className="inn-running__what">
                  <Link className="inn-name" to={`/operations/${one.id}`}>{titleOf(one, name)}</Link>
                  <ActionButton variant="link" isInline why={cancel.why} onClick={cancel.onClick} aria-label={`${t("cancel")}: ${titleOf(one, name)}`}>
                    {t("cancel")}
                  </ActionButton>
                </div>
                <Doing operation={one} />
              </li>
            );
          })}
        </ul>
        {ended.length > 0 && (
          <>
            <h3 className="inn-running__lately">{t("recent")}</h3>
            <ul className="inn-running">
              {ended.map((one) => (
                <li key={one.id} className="inn-running__what">
                  <Link className="inn-name" to={`/operations/${one.id}`}>{titleOf(one, name)}</Link>
                  <span className="inn-running__when">
                    <OperationState state={one.state} /> {ago(one.ended ?? since(one) ?? 0)}
                  </span>
                </li>
              ))}
            </ul>
          </>
        )}
      </CardBody>
      {dialog}
    </Card>
  );
}
