import { AlertActionLink } from "@patternfly/react-core";
import { Link } from "react-router";

import { useLook } from "@/api/query";
import { useVerbName } from "@/parts/verbs";
import { Alert } from "@/patternfly/Alert";
import { useTexts } from "@/text/texts";

import type { Guest } from "./Page";
import { texts } from "./texts";

/** What is wrong with it, each with what helps. */
export function Attention({ guest }: { guest: Guest }) {
  const t = useTexts(texts);
  const verbName = useVerbName();
  const { data: broken } = useLook("operation", "operation.list", { target: [guest.name], state: ["interrupted"], limit: 3 });
  const logs = (
    <AlertActionLink component={(props: object) => <Link {...props} to={`/guests/${encodeURIComponent(guest.name)}/history`} />}>
      {t("toLogs")}
    </AlertActionLink>
  );
  const why = guest.state_reason;
  return (
    <>
      {(guest.state === "crashed" || why === "crashed") && (
        <Alert isInline variant="danger" title={t("crashed")} actionLinks={logs}>{t("crashedBody")}</Alert>
      )}
      {why === "io_error" && <Alert isInline variant="danger" title={t("ioError")}>{t("ioErrorBody")}</Alert>}
      {why === "failed" && <Alert isInline variant="warning" title={t("failed")} actionLinks={logs}>{t("failedBody")}</Alert>}
      {broken?.filter((one) => !one.kept).map((one) => (
        <Alert
          key={one.id}
          isInline
          variant="warning"
          title={t("interrupted", { what: `${verbName(one.verb)} ${one.target}` })}
          actionLinks={
            <AlertActionLink component={(props: object) => <Link {...props} to={`/operations/${one.id}`} />}>{t("toOperation")}</AlertActionLink>
          }
        >
          {t("interruptedBody")}
        </Alert>
      ))}
    </>
  );
}
