import { Card, CardBody, DescriptionList, PageSection, Title } from "@patternfly/react-core";
import { useMemo } from "react";
import { Link } from "react-router";

import { useViewed } from "@/api/events";
import { useLook } from "@/api/query";
import type { Schemas } from "@/api/types";
import { Fact } from "@/parts/Fact";
import { NamedHead } from "@/parts/NamedHead";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { type Column, Table } from "@/parts/Table";
import { Alert } from "@/patternfly/Alert";
import { dateTime } from "@/text/format";
import { useTexts } from "@/text/texts";

import { Cards } from "./Cards";
import { NetworkState } from "./Networks";
import { texts } from "./texts";
import { useNames } from "./words";

type View = Schemas["NetworkView"];
type Lease = Schemas["Lease"];
type Reservation = Schemas["Reservation"];

/** One network of libvirt's: where it leads, who is on it, what its DHCP server gave out. */
export function Network({ name }: { name: string }) {
  const t = useTexts(texts);
  const names = useNames();
  useViewed("network", name);
  const { data, error } = useLook("network", "network.show", { name }, { every: 30_000 });
  const network = data as View | undefined;
  return (
    <>
      <NamedHead
        list={t("title")}
        to="/networks"
        name={name}
        about={network && names.leads({ kind: "network", mode: network.mode })}
        state={network && <NetworkState row={network} />}
      />
      <PageSection hasBodyWrapper={false} isFilled={false}>
        <ProblemAlert problem={error} />
        {network && !network.active && (
          <Alert isInline variant="warning" title={t("inactive")} actionLinks={<Link to="/host">{t("toHost")}</Link>}>{t("inactiveHow")}</Alert>
        )}
        {network && <Facts network={network} />}
      </PageSection>
      {network && (
        <PageSection hasBodyWrapper={false} isFilled={false}>
          <Title headingLevel="h2">{t("guests")}</Title>
          <Cards cards={network.cards} />
        </PageSection>
      )}
      {network && <Leases network={network} />}
    </>
  );
}

function Facts({ network }: { network: View }) {
  const t = useTexts(texts);
  const { addresses, ranges, bridge, outside, domain, mtu, persistent, autostart } = network;
  const facts: [string, string | number | null | undefined][] = [
    [t("address"), addresses.join(", ")],
    [t("ranges"), ranges.join(", ").replaceAll("-", " – ")],
    [t("outside"), outside.join(", ")],
    [t("bridgeName"), bridge],
    [t("domain"), domain],
    [t("mtu"), mtu],
    [t("starts"), persistent ? t(autostart ? "yes" : "no") : t("transient")],
  ];
  return (
    <Card>
      <CardBody>
        <DescriptionList isCompact columnModifier={{ default: "1Col", lg: "2Col", xl: "3Col" }}>
          {facts.map(([term, fact]) => (fact ? <Fact key={term} term={term}>{fact}</Fact> : null))}
        </DescriptionList>
      </CardBody>
    </Card>
  );
}

/** What its DHCP server gave out, and what it keeps for somebody. */
function Leases({ network }: { network: View }) {
  const t = useTexts(texts);
  const columns = useMemo<readonly Column<Lease>[]>(
    () => [
      { key: "address", label: t("addresses"), by: (one) => one.address, cell: (one) => <span className="inn-number">{one.address}</span> },
      { key: "guest", label: t("guest"), by: (one) => one.guest, cell: (one) => <GuestLink name={one.guest} /> },
      { key: "hostname", label: t("hostname"), by: (one) => one.hostname, cell: (one) => <span className="inn-name">{one.hostname ?? "—"}</span> },
      { key: "mac", label: t("mac"), by: (one) => one.mac, cell: (one) => one.mac ?? "—" },
      { key: "expires", label: t("expires"), by: (one) => one.expires, cell: (one) => (one.expires ? dateTime(one.expires) : t("never")) },
    ],
    [t],
  );
  const reserved = useMemo<readonly Column<Reservation>[]>(
    () => [
      { key: "address", label: t("addresses"), by: (one) => one.address, cell: (one) => <span className="inn-number">{one.address ?? "—"}</span> },
      { key: "guest", label: t("guest"), by: (one) => one.guest, cell: (one) => <GuestLink name={one.guest ?? null} /> },
      { key: "hostname", label: t("name"), by: (one) => one.hostname, cell: (one) => <span className="inn-name">{one.hostname ?? "—"}</span> },
      { key: "mac", label: t("mac"), by: (one) => one.mac, cell: (one) => one.mac ?? "—" },
    ],
    [t],
  );
  const hasDhcp = network.ranges.length > 0 || network.reservations.length > 0;
  const none = <p>{hasDhcp ? `${t("noLeases")}. ${t("noLeasesHow")}` : t("noDhcp")}</p>;
  return (
    <>
      <PageSection hasBodyWrapper={false} isFilled={network.reservations.length === 0}>
        <Title headingLevel="h2">{t("leases")}</Title>
        {network.leases.length > 0 && <p>{t("leasesHow")}</p>}
        <Table label={t("leases")} rows={network.leases} columns={columns} id={(one) => one.address} empty={none} />
      </PageSection>
      {network.reservations.length > 0 && (
        <PageSection hasBodyWrapper={false} isFilled>
          <Title headingLevel="h2">{t("reserved")}</Title>
          <Table
            label={t("reserved")}
            rows={network.reservations}
            columns={reserved}
            id={(one) => `${one.mac} ${one.address} ${one.hostname}`}
            empty={null}
          />
        </PageSection>
      )}
    </>
  );
}

function GuestLink({ name }: { name: string | null }) {
  const t = useTexts(texts);
  if (name === null) return <>{t("nobody")}</>;
  return <Link to={`/guests/${encodeURIComponent(name)}`} className="inn-name">{name}</Link>;
}
