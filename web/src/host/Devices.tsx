import {
  Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, Label, Switch, Toolbar, ToolbarContent,
  ToolbarItem,
} from "@patternfly/react-core";
import { MicrochipIcon } from "@patternfly/react-icons";
import { useMemo, useState } from "react";
import { Link } from "react-router";

import { useLook } from "@/api/query";
import type { Schemas } from "@/api/types";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { type Column, Table } from "@/parts/Table";
import { SearchInput } from "@/patternfly/SearchInput";
import { list, size } from "@/text/format";
import { type Say, useTexts } from "@/text/texts";

import { texts } from "./texts";

type Device = Schemas["DeviceView"];
type T = Say<(typeof texts)["keys"]>;

export function Devices() {
  const t = useTexts(texts);
  const [all, setAll] = useState(false);
  const [search, setSearch] = useState("");
  const { data, error } = useLook("host", "host.device_list", { all }, { keep: true });
  const wanted = search.trim().toLowerCase();
  const rows = useMemo(
    () =>
      data?.filter(
        (one) =>
          !wanted ||
          [named(one), one.address, one.kind, one.driver, ...(one.users ?? []).map((user) => user.guest)]
            .join(" ")
            .toLowerCase()
            .includes(wanted),
      ),
    [data, wanted],
  );
  return (
    <>
      <p>{t("devicesAbout")}</p>
      <Toolbar>
        <ToolbarContent>
          <ToolbarItem>
            <SearchInput
              aria-label={t("searchDevices")}
              placeholder={t("searchDevices")}
              value={search}
              onChange={(_, value) => setSearch(value)}
              onClear={() => setSearch("")}
            />
          </ToolbarItem>
          <ToolbarItem alignSelf="center">
            <Switch id="all-devices" label={t("allDevices")} isChecked={all} onChange={(_, next) => setAll(next)} />
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      <ProblemAlert problem={error} />
      {!(error && !data) && (
        <Table
          label={t("devices")}
          rows={rows}
          id={(one) => one.name}
          columns={columns(t)}
          sort={{ key: "kind" }}
          empty={<Nothing onAll={all ? undefined : () => setAll(true)} />}
          onClear={wanted && data?.length ? () => setSearch("") : undefined}
        />
      )}
    </>
  );
}

function Nothing({ onAll }: { onAll: (() => void) | undefined }) {
  const t = useTexts(texts);
  return (
    <EmptyState titleText={t("noDevices")} headingLevel="h2" icon={MicrochipIcon}>
      <EmptyStateBody>{t("noDevicesBody")}</EmptyStateBody>
      {onAll && (
        <EmptyStateFooter>
          <EmptyStateActions>
            <Button variant="link" onClick={onAll}>
              {t("showAll")}
            </Button>
          </EmptyStateActions>
        </EmptyStateFooter>
      )}
    </EmptyState>
  );
}

function columns(t: T): Column<Device>[] {
  return [
    {
      key: "device",
      label: t("device"),
      width: 30,
      by: named,
      cell: (one) => <span className="inn-name">{named(one)}</span>,
    },
    { key: "address", label: t("address"), by: (one) => one.address, cell: (one) => <code className="inn-nowrap">{one.address}</code> },
    {
      key: "kind",
      label: t("kind"),
      by: (one) => t(`kind_${one.kind}`),
      cell: (one) => <Label isCompact>{t(`kind_${one.kind}`)}</Label>,
    },
    { key: "driver", label: t("driver"), by: (one) => one.driver, cell: (one) => one.driver ?? "—" },
    { key: "group", label: t("group"), by: (one) => one.iommu_group, cell: (one) => one.iommu_group ?? "—" },
    { key: "users", label: t("usedBy"), by: (one) => one.users?.length ?? 0, cell: (one) => <Users device={one} /> },
    { key: "remarks", label: t("remarks"), width: 20, cell: (one) => remarks(one, t).join("; ") || "—" },
  ];
}

function Users({ device }: { device: Device }) {
  const t = useTexts(texts);
  if (!device.users?.length) return <>—</>;
  return (
    <ul className="inn-used">
      {device.users.map(({ guest, running }) => (
        <li key={guest}>
          <Link className="inn-name" to={`/guests/${encodeURIComponent(guest)}`}>
            {running ? guest : t("stored", { guest })}
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** Its vendor's name and its own; numbers where the host has no names for them. */
function named(device: Device): string {
  const own = device.vendor_id
    ? `${device.vendor ?? device.vendor_id} ${device.product ?? device.product_id ?? ""}`
    : [device.vendor, device.product, device.mdev_type, device.mac].filter(Boolean).join(" ");
  return [own.trim() || device.name, device.size ? size(device.size) : ""].filter(Boolean).join(", ");
}

function remarks(device: Device, t: T): string[] {
  const most = device.virtual_functions_most ?? device.virtual_functions?.length ?? 0;
  const id = device.numa_node;
  return [
    device.assignable === false ? t("notAssignable") : "",
    device.physical_function ? t("virtual", { address: device.physical_function }) : "",
    most ? t("functions", { count: device.virtual_functions?.length ?? 0, most }) : "",
    device.group_members?.length ? t("together", { others: list(device.group_members) }) : "",
    ...(device.mdev_types ?? []).map((one) => t("types", { count: one.available ?? "?", type: one.name ?? one.id })),
    device.active === false ? t("notThere") : "",
    device.link && device.link !== "unknown" ? t("link", { state: device.link }) : "",
    id !== null && id !== undefined && id >= 0 ? t("node", { id }) : "",
  ].filter(Boolean);
}
