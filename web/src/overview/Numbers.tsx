import { Card, CardBody, Progress, Skeleton } from "@patternfly/react-core";
import { Link } from "react-router";

import type { Schemas } from "@/api/types";
import { number, size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

type Host = Schemas["HostView"];

/** How much there is and how much of it is given away: each leads to where that is changed. */
export function Numbers({ host, isAway }: { host: Host | undefined; isAway: boolean }) {
  const t = useTexts(texts);
  const stores = disks(host?.pools ?? []);
  const all = stores.reduce((sum, pool) => sum + (pool.capacity ?? 0), 0);
  const free = stores.reduce((sum, pool) => sum + (pool.available ?? 0), 0);
  return (
    <div className="inn-numbers">
      <Amount
        to="/guests"
        title={t("guests")}
        said={isAway ? "—" : host && (host.guests ? t("guestsOf", { running: number(host.running), all: number(host.guests) }) : t("guestsNone"))}
        part={host?.guests ? host.running / host.guests : undefined}
      />
      <Amount
        to="/host"
        title={t("cpusGiven")}
        said={isAway ? "—" : host && t("cpusGivenOf", { given: number(host.cpus_given), all: host.processor.cpus })}
        part={host && host.cpus_given / host.processor.cpus}
      />
      <Amount
        to="/host"
        title={t("memoryGiven")}
        said={isAway ? "—" : host && t("memoryGivenOf", { given: size(host.memory_given), all: size(host.memory) })}
        part={host && host.memory_given / host.memory}
      />
      <Amount
        to="/storage"
        title={t("storage")}
        said={isAway ? "—" : host && (all ? t("storageOf", { free: size(free) }) : t("storageNone"))}
        part={all ? 1 - free / all : undefined}
      />
    </div>
  );
}

/** Pools on one disk of the host tell its space each, as it was when they were looked at: it is counted once. */
function disks(pools: Host["pools"]): Host["pools"] {
  const known = pools.filter((pool) => pool.active && pool.capacity);
  return known.filter((pool, index) => !known.slice(0, index).some((other) => isSameDisk(pool, other)));
}

function isSameDisk(one: Host["pools"][number], other: Host["pools"][number]): boolean {
  const difference = Math.abs((one.available ?? 0) - (other.available ?? 0));
  return one.capacity === other.capacity && difference < (one.capacity ?? 0) * 0.02;
}

function Amount({ to, title, said, part }: { to: string; title: string; said: string | undefined; part: number | undefined }) {
  return (
    <Card isCompact>
      <CardBody className="inn-amount">
        <Link to={to}>{title}</Link>
        {said === undefined ? <Skeleton width="60%" /> : <span className="inn-amount__said inn-number">{said}</span>}
        {part !== undefined && (
          <Progress value={Math.min(100, Math.round(part * 100))} size="sm" measureLocation="none" aria-label={title} />
        )}
      </CardBody>
    </Card>
  );
}
