import { Button, Card, CardBody, CardTitle, Content, EmptyState } from "@patternfly/react-core";
import { useMemo } from "react";
import { Link } from "react-router";

import { useLook } from "@/api/query";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { type Column, Table } from "@/parts/Table";
import { Alert } from "@/patternfly/Alert";
import { size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { type Hardware as Known, hardwareOf } from "./hardware";
import { HardwareForm } from "./HardwareForm";
import { hardwareTexts } from "./hardwareTexts";
import { isOn } from "./Overview";
import type { Guest } from "./Page";

/** What it is made of: what can be changed here, and the rest shown and explained. */
export default function Hardware({ guest }: { guest: Guest }) {
  const t = useTexts(hardwareTexts);
  const { data, error } = useLook("guest", "guest.document", { name: guest.name });
  const hardware = useMemo(() => (data ? hardwareOf(data.document) : undefined), [data]);
  if (!data || !hardware) return <ProblemAlert problem={error} />;
  return (
    <div className="inn-guest__stack">
      <Pending guest={guest} hardware={hardware} />
      <Card isCompact component="section">
        <CardTitle component="h2">{t("settings")}</CardTitle>
        <CardBody><HardwareForm guest={guest} hardware={hardware} /></CardBody>
      </Card>
      <Disks guest={guest} />
      <Cards guest={guest} />
      <Devices hardware={hardware} />
      <Content component="p">
        {t("inXml")}{" "}
        <Button variant="link" isInline component={(props) => <Link {...props} to={`/guests/${encodeURIComponent(guest.name)}/xml`} />}>{t("toXml")}</Button>
      </Content>
    </div>
  );
}

/** What is stored already and waits for its next start. */
function Pending({ guest, hardware }: { guest: Guest; hardware: Known }) {
  const t = useTexts(hardwareTexts);
  if (!isOn(guest)) return null;
  const cpus = hardware.cpus !== guest.cpus;
  const memory = hardware.memory !== guest.memory;
  if (!cpus && !memory) return null;
  const said = (count: number, bytes: number) => [...(cpus ? [`${t("cpus")} ${count}`] : []), ...(memory ? [`${t("memory")} ${size(bytes)}`] : [])].join(", ");
  return (
    <Alert isInline variant="info" title={t("pending", { what: said(hardware.cpus, hardware.memory) })}>
      {t("pendingHow", { what: said(guest.cpus, guest.memory) })}
    </Alert>
  );
}

type Disk = Guest["disks"][number];

function Disks({ guest }: { guest: Guest }) {
  const t = useTexts(hardwareTexts);
  const kind = (disk: Disk) => (disk.device === "cdrom" || disk.device === "floppy" ? t(disk.device) : t("disk"));
  const where = (disk: Disk) => {
    if (disk.pool && disk.volume) return <Link to={`/storage/${encodeURIComponent(disk.pool)}`} title={disk.path ?? ""}>{disk.pool}/{disk.volume}</Link>;
    return disk.path ?? t("empty");
  };
  const columns: Column<Disk>[] = [
    { key: "target", label: t("disk"), cell: (disk) => `${disk.target} (${kind(disk)})`, by: (disk) => disk.target },
    { key: "bus", label: t("bus"), cell: (disk) => disk.bus },
    { key: "size", label: t("size"), cell: (disk) => <span className="inn-number">{size(disk.capacity)}</span> },
    { key: "format", label: t("format"), cell: (disk) => disk.format ?? "—" },
    { key: "where", label: t("where"), cell: (disk) => <span className="inn-guest__path">{where(disk)}</span>, width: 50 },
  ];
  return <Listed title={t("disks")} rows={guest.disks} columns={columns} id={(disk) => disk.target} none={t("disksNone")} />;
}

type Nic = Guest["nics"][number];

function Cards({ guest }: { guest: Guest }) {
  const t = useTexts(hardwareTexts);
  const network = (nic: Nic) => {
    if (nic.kind === "network" && nic.source) return <Link to={`/networks/${encodeURIComponent(nic.source)}`}>{nic.source}</Link>;
    return nic.kind === "user" ? t("userNetwork") : [nic.kind, nic.source].filter(Boolean).join(" ");
  };
  const columns: Column<Nic>[] = [
    { key: "mac", label: t("mac"), cell: (nic) => <span className="inn-guest__path">{nic.mac}</span>, by: (nic) => nic.mac },
    { key: "network", label: t("network"), cell: network },
    { key: "model", label: t("model"), cell: (nic) => nic.model ?? "—" },
    { key: "addresses", label: t("addresses"), cell: (nic) => nic.addresses.join(", ") || "—" },
  ];
  return <Listed title={t("nics")} rows={guest.nics} columns={columns} id={(nic) => nic.mac} none={t("nicsNone")} />;
}

interface Row {
  kind: string;
  count: number;
  what: string;
}

function Devices({ hardware }: { hardware: Known }) {
  const t = useTexts(hardwareTexts);
  const rows = useMemo(() => {
    const found = new Map<string, Row>();
    for (const { kind, what } of hardware.devices) {
      const row = found.get(kind) ?? { kind, count: 0, what: "" };
      const parts = new Set([...row.what.split("; ").filter(Boolean), ...(what ? [what] : [])]);
      found.set(kind, { kind, count: row.count + 1, what: [...parts].join("; ") });
    }
    return [...found.values()];
  }, [hardware]);
  const purpose = (kind: string) => (`d_${kind}` in hardwareTexts.keys ? t(`d_${kind}` as "d_rng") : "—");
  const columns: Column<Row>[] = [
    { key: "kind", label: t("device"), cell: (row) => row.kind, by: (row) => row.kind, width: 15 },
    { key: "count", label: t("count"), cell: (row) => <span className="inn-number">{row.count}</span>, by: (row) => row.count, width: 10 },
    { key: "purpose", label: t("purpose"), cell: (row) => purpose(row.kind), width: 35 },
    { key: "what", label: t("details"), cell: (row) => <span className="inn-guest__path">{row.what || "—"}</span>, width: 40 },
  ];
  return <Listed title={t("devices")} rows={rows} columns={columns} id={(row) => row.kind} none="—" />;
}

interface ListedProps<R> {
  title: string;
  rows: readonly R[];
  columns: readonly Column<R>[];
  id: (row: R) => string;
  none: string;
}

function Listed<R>({ title, rows, columns, id, none }: ListedProps<R>) {
  return (
    <Card isCompact component="section">
      <CardTitle component="h2">{title}</CardTitle>
      <CardBody>
        <Table label={title} rows={rows} columns={columns} id={id} empty={<EmptyState titleText={none} headingLevel="h3" variant="xs" />} />
      </CardBody>
    </Card>
  );
}
