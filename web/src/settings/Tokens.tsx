import {
  Card, CardBody, CardHeader, CardTitle, Content, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, Label,
} from "@patternfly/react-core";
import { KeyIcon } from "@patternfly/react-icons";

import { useLook } from "@/api/query";
import { ActionButton } from "@/parts/ActionButton";
import { ask } from "@/parts/Dialogs";
import { useMay } from "@/parts/may";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { Table } from "@/parts/Table";
import { ago, dateTime } from "@/text/format";
import { useTexts } from "@/text/texts";

import { NewToken } from "./NewToken";
import { Revoke } from "./Revoke";
import { texts } from "./texts";

export function Tokens() {
  const t = useTexts(texts);
  const may = useMay();
  const why = may("admin");
  const { data, error } = useLook("token", "token.list", why ? undefined : {}, { every: 60_000 });
  const button = (
    <ActionButton variant="secondary" why={why} onClick={() => ask((close) => <NewToken onClose={close} />)}>
      {t("tokenMake")}
    </ActionButton>
  );
  return (
    <Card>
      <CardHeader actions={{ hasNoOffset: true, actions: data?.length === 0 ? null : button }}>
        <CardTitle component="h2">{t("tokens")}</CardTitle>
      </CardHeader>
      <CardBody>
        <Content component="p">{why ?? t("tokensAbout")}</Content>
        <ProblemAlert problem={error} />
        {!why && !(error && !data) && (
          <Table
            label={t("tokens")}
            rows={data}
            id={(one) => one.id}
            empty={
              <EmptyState titleText={t("tokenNone")} headingLevel="h3" icon={KeyIcon} variant="sm">
                <EmptyStateBody>{t("tokenNoneBody")}</EmptyStateBody>
                <EmptyStateFooter>
                  <EmptyStateActions>{button}</EmptyStateActions>
                </EmptyStateFooter>
              </EmptyState>
            }
            columns={[
              { key: "name", label: t("name"), width: 30, by: (one) => one.name, cell: (one) => <span className="inn-name">{one.name}</span> },
              { key: "role", label: t("role"), by: (one) => one.role, cell: (one) => t(`role_${one.role}`) },
              { key: "created", label: t("created"), by: (one) => one.created, cell: (one) => <span title={dateTime(one.created)}>{ago(one.created)}</span> },
              { key: "expires", label: t("expires"), by: (one) => one.expires, cell: (one) => <Expires at={one.expires} /> },
              { key: "used", label: t("used"), by: (one) => one.used, cell: (one) => (one.used ? ago(one.used) : t("never")) },
              {
                key: "revoke",
                label: t("actions"),
                cell: (one) => (
                  <ActionButton
                    variant="link"
                    isInline
                    isDanger
                    aria-label={`${t("revoke")}: ${one.name}`}
                    onClick={() => ask((close) => <Revoke name={one.name} onClose={close} />)}
                  >
                    {t("revoke")}
                  </ActionButton>
                ),
              },
            ]}
          />
        )}
      </CardBody>
    </Card>
  );
}

function Expires({ at }: { at: number | null | undefined }) {
  const t = useTexts(texts);
  if (at === null || at === undefined) return <>{t("never")}</>;
  if (at * 1000 < Date.now()) return <Label isCompact color="orange">{t("expired")}</Label>;
  return <span title={dateTime(at)}>{ago(at)}</span>;
}
