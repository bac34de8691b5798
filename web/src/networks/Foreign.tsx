import { PageSection } from "@patternfly/react-core";

import { useLook } from "@/api/query";
import { NamedHead } from "@/parts/NamedHead";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { Alert } from "@/patternfly/Alert";
import { useTexts } from "@/text/texts";

import { Cards } from "./Cards";
import type { Row } from "./layout";
import { NetworkState } from "./Networks";
import { texts } from "./texts";
import { useNames } from "./words";

/** What is no network of libvirt's: a bridge or interface of the host, user networking; or one that is missing. */
export function Foreign({ id }: { id: string }) {
  const t = useTexts(texts);
  const names = useNames();
  const { data, error } = useLook("network", "network.list", { all: true }, { every: 30_000 });
  const rows = data as readonly Row[] | undefined;
  const row = rows?.find((one) => one.id === id);
  const [kind, ...rest] = id.split(":");
  const named = { kind: kind as Row["kind"], name: rest.join(":"), mode: null };
  return (
    <>
      <NamedHead list={t("title")} to="/networks" name={names.title(named)} about={names.leads(named)} state={row && <NetworkState row={row} />} />
      <PageSection hasBodyWrapper={false} isFilled>
        <ProblemAlert problem={error} />
        {row && !row.active && <Alert isInline variant="warning" title={t("missing")}>{t("missingHow")}</Alert>}
        {rows && <Cards cards={row?.cards ?? []} />}
      </PageSection>
    </>
  );
}
