import {
  Button, Card, CardBody, CardHeader, CardTitle, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, Grid,
  GridItem, PageSection, Skeleton,
} from "@patternfly/react-core";
import { HomeIcon } from "@patternfly/react-icons";
import { useState } from "react";
import { Link } from "react-router";

import { useViewed } from "@/api/events";
import { lookAhead, useLook } from "@/api/query";
import { PageHead } from "@/parts/PageHead";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { EACH, SampleCharts, type Span, SpanChoice } from "@/parts/Samples";
import { useTexts } from "@/text/texts";

import { Attention } from "./Attention";
import { Numbers } from "./Numbers";
import { Running } from "./Running";
import { texts } from "./texts";

import "./overview.css";

const FIRST: Span = "minutes";

export function ahead(): void {
  lookAhead("host", "host.show", {});
  lookAhead("samples", "host.samples", { span: FIRST });
}

export function Page() {
  const t = useTexts(texts);
  useViewed("host");
  const { data: host, error, isPending } = useLook("host", "host.show", {});
  return (
    <>
      <PageHead title={t("overview")} about={host && t("about", { name: host.name })} />
      <PageSection hasBodyWrapper={false} isFilled>
        <Grid hasGutter>
          <ProblemAlert problem={host ? null : error} />
          {host?.guests === 0 && (
            <GridItem>
              <Welcome />
            </GridItem>
          )}
          <GridItem>
            <Numbers host={host} isAway={!host && error !== null} />
          </GridItem>
          <GridItem lg={8} md={12}>
            <Attention host={host} isFirst={isPending} />
          </GridItem>
          <GridItem lg={4} md={12}>
            <Running isFirst={isPending} />
          </GridItem>
          <GridItem>
            <Charts memory={host?.memory} />
          </GridItem>
        </Grid>
      </PageSection>
    </>
  );
}

/** What the host did in the last minutes, hour or day. */
function Charts({ memory }: { memory: number | undefined }) {
  const t = useTexts(texts);
  const [span, setSpan] = useState<Span>(FIRST);
  const { data, error } = useLook("samples", "host.samples", { span }, { every: EACH[span], keep: true });
  return (
    <Card>
      <CardHeader actions={{ actions: <SpanChoice span={span} onChange={setSpan} />, hasNoOffset: true }}>
        <CardTitle component="h2">{t("charts")}</CardTitle>
      </CardHeader>
      <CardBody>
        <ProblemAlert problem={data ? null : error} />
        {data ? <SampleCharts samples={data} memory={memory} /> : !error && <Skeleton height="10rem" screenreaderText={t("loading")} />}
        {data && data.cpu.every((one) => one === null) && <small>{t("chartsLate")}</small>}
      </CardBody>
    </Card>
  );
}

/** For a host without guests: what one is, and the way to the first. */
function Welcome() {
  const t = useTexts(texts);
  return (
    <Card>
      <CardBody>
        <EmptyState titleText={t("welcome")} headingLevel="h2" icon={HomeIcon} variant="sm">
          <EmptyStateBody>{t("welcomeBody")}</EmptyStateBody>
          <EmptyStateFooter>
            <EmptyStateActions>
              <Button component={(props) => <Link {...props} to="/create" />}>{t("create")}</Button>
            </EmptyStateActions>
            <EmptyStateActions>
              <Button variant="link" component={(props) => <Link {...props} to="/images" />}>
                {t("images")}
              </Button>
            </EmptyStateActions>
          </EmptyStateFooter>
        </EmptyState>
      </CardBody>
    </Card>
  );
}
