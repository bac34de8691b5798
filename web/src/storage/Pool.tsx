import { Card, CardBody, CardTitle, DescriptionList, Grid, GridItem, PageSection } from "@patternfly/react-core";
import { Link } from "react-router";

import { useViewed } from "@/api/events";
import { useLook } from "@/api/query";
import type { Schemas } from "@/api/types";
import { ActionButton } from "@/parts/ActionButton";
import { ask } from "@/parts/Dialogs";
import { Fact } from "@/parts/Fact";
import { NamedHead } from "@/parts/NamedHead";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { Alert } from "@/patternfly/Alert";
import { size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { PoolState, ToHost, useKind } from "./Pools";
import { fullness, Room } from "./Room";
import { texts } from "./texts";
import { UploadVolume } from "./UploadVolume";
import { useMayChange, type Volume, Volumes } from "./Volumes";

type PoolView = Schemas["PoolView"];
export const IMAGES = "innkeeper-images";

/** One pool: its room, and what is in it. */
export function Pool({ name }: { name: string }) {
  const t = useTexts(texts);
  useViewed("pool", name);
  const { data: pool, error } = useLook("pool", "pool.show", { name }, { every: 10_000 });
  const volumes = useLook("pool", "volume.list", pool?.active ? { pool: name } : undefined, { every: 10_000 });
  const why = useMayChange();
  const upload = (
    <ActionButton
      why={why ?? (pool && !pool.active ? t("inactive") : undefined)}
      onClick={() => ask((close) => <UploadVolume pool={name} onClose={close} />)}
    >
      {t("upload")}
    </ActionButton>
  );
  return (
    <>
      <NamedHead list={t("title")} to="/storage" name={name} state={pool && <PoolState pool={pool} />} actions={upload} />
      <PageSection hasBodyWrapper={false} isFilled>
        <ProblemAlert problem={error ?? volumes.error} />
        {pool && <Warnings pool={pool} />}
        {pool && (
          <Grid hasGutter>
            <GridItem lg={5}><Facts pool={pool} /></GridItem>
            <GridItem lg={7}><RoomOf pool={pool} /></GridItem>
          </Grid>
        )}
      </PageSection>
      {pool?.active && (
        <PageSection hasBodyWrapper={false} isFilled>
          <Volumes pool={name} volumes={volumes.data as readonly Volume[] | undefined} upload={upload} />
        </PageSection>
      )}
    </>
  );
}

function Warnings({ pool }: { pool: PoolView }) {
  const t = useTexts(texts);
  const full = fullness(pool);
  return (
    <>
      {!pool.active && <Alert isInline variant="warning" title={t("inactive")} actionLinks={<ToHost variant="link" />}>{t("inactiveHow")}</Alert>}
      {full !== "enough" && (
        <Alert isInline variant={full} title={t(full === "danger" ? "full" : "nearlyFull")}>{t("fullHow")}</Alert>
      )}
      {pool.name === IMAGES && (
        <Alert isInline variant="info" title={t("images")} actionLinks={<Link to="/images">{t("toImages")}</Link>} />
      )}
    </>
  );
}

function Facts({ pool }: { pool: PoolView }) {
  const t = useTexts(texts);
  const kind = useKind();
  return (
    <Card isFullHeight>
      <CardBody>
        <DescriptionList isCompact isHorizontal>
          <Fact term={t("kind")}>{kind(pool.kind)}</Fact>
          {pool.path && <Fact term={t("path")}>{pool.path}</Fact>}
          {pool.source.length > 0 && <Fact term={t("source")}>{pool.source.join(", ")}</Fact>}
          <Fact term={t("starts")}>{pool.persistent ? t(pool.autostart ? "yes" : "no") : t("transient")}</Fact>
        </DescriptionList>
      </CardBody>
    </Card>
  );
}

function RoomOf({ pool }: { pool: PoolView }) {
  const t = useTexts(texts);
  const { capacity, available, taken, promised } = pool;
  if (capacity === null || available === null) return null;
  const used = capacity - available;
  const ours = Math.min(taken ?? 0, used);
  return (
    <Card isFullHeight>
      <CardTitle component="h2">{t("roomTitle")}</CardTitle>
      <CardBody>
        <Room {...pool} />
        <ul className="inn-room__legend">
          <li className="inn-room__is-volumes">{t("partVolumes", { size: size(ours) })}</li>
          <li className="inn-room__is-other">{t("partOther", { size: size(used - ours) })}</li>
          <li>{t("partFree", { size: size(available) })}</li>
          {promised !== null && <li className="inn-room__is-promised">{t("promised", { size: size(promised) })}</li>}
        </ul>
        {promised !== null && promised > capacity && (
          <Alert isInline isPlain variant="warning" title={t("overcommitted", { promised: size(promised), whole: size(capacity) })} />
        )}
      </CardBody>
    </Card>
  );
}
