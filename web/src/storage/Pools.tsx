import {
  Button, Card, CardBody, CardHeader, CardTitle, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, Flex,
  Gallery, GalleryItem, Label, PageSection, Bullseye,
} from "@patternfly/react-core";
import { DatabaseIcon } from "@patternfly/react-icons";
import { Link } from "react-router";

import { useViewed } from "@/api/events";
import { useLook } from "@/api/query";
import type { Schemas } from "@/api/types";
import { PageHead } from "@/parts/PageHead";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { Spinner } from "@/patternfly/Spinner";
import { size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { fullness, Room } from "./Room";
import { texts } from "./texts";

export type PoolRow = Schemas["PoolRow"];

/** What kind of pool that is, in words. */
export function useKind(): (kind: string) => string {
  const t = useTexts(texts);
  return (kind) => (kind in texts.keys ? t(kind as "dir") : kind);
}

/** All pools, with the room each has. */
export function Pools() {
  const t = useTexts(texts);
  useViewed("pool");
  const { data, error } = useLook("pool", "pool.list", {}, { every: 15_000 });
  const pools = data as readonly PoolRow[] | undefined;
  return (
    <>
      <PageHead title={t("title")} about={t("about")} />
      <PageSection hasBodyWrapper={false} isFilled>
        <ProblemAlert problem={error} />
        {!pools && !error && <Bullseye className="inn-loading"><Spinner aria-label={t("pools")} /></Bullseye>}
        {pools?.length === 0 && <NoPools />}
        {pools && pools.length > 0 && (
          <Gallery hasGutter minWidths={{ default: "min(100%, 320px)" }} component="ul" aria-label={t("pools")}>
            {pools.map((pool) => (
              <GalleryItem key={pool.name} component="li">
                <PoolCard pool={pool} />
              </GalleryItem>
            ))}
          </Gallery>
        )}
      </PageSection>
    </>
  );
}

/** What is wrong with it in a word, or that nothing is. */
export function PoolState({ pool }: { pool: Pick<PoolRow, "active" | "capacity" | "available"> }) {
  const t = useTexts(texts);
  if (!pool.active) return <Label isCompact status="warning">{t("inactive")}</Label>;
  const full = fullness(pool);
  if (full === "danger") return <Label isCompact status="danger">{t("full")}</Label>;
  if (full === "warning") return <Label isCompact status="warning">{t("nearlyFull")}</Label>;
  return <Label isCompact status="success">{t("active")}</Label>;
}

function PoolCard({ pool }: { pool: PoolRow }) {
  const t = useTexts(texts);
  const kind = useKind();
  return (
    <Card isFullHeight>
      <CardHeader actions={{ actions: <PoolState pool={pool} />, hasNoOffset: true }}>
        <CardTitle component="h2">
          <Link to={`/storage/${encodeURIComponent(pool.name)}`} className="inn-name">{pool.name}</Link>
        </CardTitle>
      </CardHeader>
      <CardBody>
        <div>
          {kind(pool.kind)}
          {pool.volumes !== null && ` · ${t("volumesOf", { count: pool.volumes })}`}
        </div>
        {pool.path && <div className="inn-pool__path">{pool.path}</div>}
        {pool.active ? (
          <div className="inn-pool__room">
            <Room {...pool} />
            {t("free", { free: size(pool.available), whole: size(pool.capacity) })}
          </div>
        ) : (
          <div className="inn-pool__room">{t("inactiveHow")}</div>
        )}
      </CardBody>
    </Card>
  );
}

function NoPools() {
  const t = useTexts(texts);
  return (
    <EmptyState titleText={t("noPools")} headingLevel="h2" icon={DatabaseIcon}>
      <EmptyStateBody>{t("noPoolsHow")}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <ToHost variant="primary" />
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}

export function ToHost({ variant }: { variant: "primary" | "link" }) {
  const t = useTexts(texts);
  return (
    <Flex>
      <Button variant={variant} isInline={variant === "link"} component={(props: object) => <Link {...props} to="/host" />}>
        {t("toHost")}
      </Button>
    </Flex>
  );
}
