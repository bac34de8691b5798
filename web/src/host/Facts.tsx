import {
  Bullseye, Card, CardBody, CardTitle, DescriptionList, DescriptionListDescription, DescriptionListGroup,
  DescriptionListTerm, Grid, GridItem, Progress,
} from "@patternfly/react-core";
import type { ReactNode } from "react";
import { Link } from "react-router";

import { useLook } from "@/api/query";
import type { Schemas } from "@/api/types";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { Spinner } from "@/patternfly/Spinner";
import { useCatalogue } from "@/text/catalogue";
import { list, size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

type Host = Schemas["HostView"];

/** What the host is and has. */
export function Facts() {
  const t = useTexts(texts);
  const { data: host, error } = useLook("host", "host.show", {});
  if (!host) return error ? <ProblemAlert problem={error} /> : <Bullseye><Spinner aria-label={t("loading")} /></Bullseye>;
  return (
    <Grid hasGutter>
      {[System, Power, Guests, Places].map((Part, index) => (
        <GridItem key={index} md={12} lg={6}>
          <Part host={host} />
        </GridItem>
      ))}
    </Grid>
  );
}

type Fact = [string, ReactNode];

function Facet({ title, facts, children }: { title: string; facts: readonly Fact[]; children?: ReactNode }) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return (
    <Card isFullHeight>
      <CardTitle component="h2">{title}</CardTitle>
      <CardBody>
        <DescriptionList aria-label={title} isCompact columnModifier={{ default: "1Col", sm: "2Col" }}>
          {known.map(([term, value]) => (
            <DescriptionListGroup key={term}>
              <DescriptionListTerm>{term}</DescriptionListTerm>
              <DescriptionListDescription className="inn-name">{value}</DescriptionListDescription>
            </DescriptionListGroup>
          ))}
        </DescriptionList>
        {children}
      </CardBody>
    </Card>
  );
}

function System({ host }: { host: Host }) {
  const t = useTexts(texts);
  const say = useCatalogue();
  const why = host.accel_reason ? say(host.accel_reason, host.accel_facts) : "";
  const speed = host.accel === "kvm" || host.accel === "tcg" ? t(`speed_${host.accel}`) : host.accel;
  return (
    <Facet
      title={t("system")}
      facts={[
        [t("distribution"), host.system],
        [t("kernel"), host.kernel],
        [t("arch"), host.arch],
        [t("libvirt"), host.libvirt],
        [t("hypervisor"), host.hypervisor],
        [t("uri"), <code>{host.uri}</code>],
        [t("speed"), speed && (why ? <>{speed}<br /><small>{why}</small></> : speed)],
        [t("confined"), host.security.length ? list(host.security) : t("confinedNot")],
      ]}
    />
  );
}

function Power({ host }: { host: Host }) {
  const t = useTexts(texts);
  const { processor } = host;
  const { sockets, cores, threads } = processor;
  const used = host.memory_available === null ? null : host.memory - (host.memory_available ?? 0);
  return (
    <Facet
      title={`${t("processor")} · ${t("memory")}`}
      facts={[
        [t("model"), named(processor)],
        [
          t("processor"),
          <>
            {t("cpus", { count: processor.cpus })}
            {sockets && cores && threads && <><br /><small>{t("topology", { sockets, cores: cores / sockets, threads })}</small></>}
          </>,
        ],
        [t("total"), size(host.memory)],
        [t("available"), host.memory_available === null ? null : size(host.memory_available)],
        ...(host.numa.length > 1
          ? host.numa.map((node): Fact => [t("numa", { id: node.id }), t("numaOf", { memory: size(node.memory), cpus: node.cpus })])
          : []),
      ]}
    >
      {used !== null && (
        <Progress
          className="inn-way-back"
          aria-label={t("memory")}
          title={t("memory")}
          value={Math.round((used / host.memory) * 100)}
          size="sm"
        />
      )}
    </Facet>
  );
}

function named({ vendor, model }: Host["processor"]): string {
  return vendor && model && !model.startsWith(vendor) ? `${vendor} ${model}` : (model ?? vendor ?? "");
}

function Guests({ host }: { host: Host }) {
  const t = useTexts(texts);
  return (
    <Facet
      title={t("guests")}
      facts={[
        [t("running"), <Link to="/guests">{t("runningOf", { running: host.running, all: host.guests })}</Link>],
        [t("inBin"), <Link to="/bin">{host.deleted}</Link>],
        [t("given"), <>{t("givenCpus", { given: host.cpus_given, all: host.processor.cpus })}<br />{size(host.memory_given)}</>],
        [t("archs"), list(host.guest_arches)],
      ]}
    />
  );
}

function Places({ host }: { host: Host }) {
  const t = useTexts(texts);
  const pools = host.pools.map((pool): Fact => [
    pool.name,
    <Link to={`/storage/${encodeURIComponent(pool.name)}`}>
      {!pool.active
        ? t("inactive")
        : pool.capacity
          ? t("free", { free: size(pool.available), all: size(pool.capacity) })
          : pool.kind}
    </Link>,
  ]);
  const networks = host.networks.map((network): Fact => [
    network.name,
    <Link to={`/networks/${encodeURIComponent(network.name)}`}>
      {network.active ? [network.mode, network.bridge, ...network.addresses].filter(Boolean).join(" · ") : t("inactive")}
    </Link>,
  ]);
  return (
    <Card isFullHeight>
      <CardTitle component="h2">{t("places")}</CardTitle>
      <CardBody>
        <Named title={t("pools")} facts={pools} none={t("nonePools")} />
        <Named title={t("networks")} facts={networks} none={t("noneNetworks")} />
      </CardBody>
    </Card>
  );
}

function Named({ title, facts, none }: { title: string; facts: readonly Fact[]; none: string }) {
  return (
    <section className="inn-named">
      <h3>{title}</h3>
      {facts.length === 0 && <p>{none}</p>}
      <DescriptionList aria-label={title} isCompact isHorizontal isFluid>
        {facts.map(([name, value]) => (
          <DescriptionListGroup key={name}>
            <DescriptionListTerm className="inn-name">{name}</DescriptionListTerm>
            <DescriptionListDescription className="inn-name">{value}</DescriptionListDescription>
          </DescriptionListGroup>
        ))}
      </DescriptionList>
    </section>
  );
}
