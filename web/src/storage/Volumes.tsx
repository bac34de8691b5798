import {
  Checkbox, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, Title, Toolbar, ToolbarContent,
  ToolbarItem,
} from "@patternfly/react-core";
import { OutlinedHddIcon } from "@patternfly/react-icons";
import { type ReactNode, useMemo, useState } from "react";

import type { Schemas } from "@/api/types";
import { useWho } from "@/app/who";
import { ActionMenu } from "@/parts/ActionMenu";
import { ask } from "@/parts/Dialogs";
import { type Column, Table } from "@/parts/Table";
import { SearchInput } from "@/patternfly/SearchInput";
import { ago, dateTime, list, size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { DownloadVolume, fetchVolume } from "./DownloadVolume";
import { IMAGES } from "./Pool";
import { RemoveVolume } from "./RemoveVolume";
import { texts } from "./texts";

export type Volume = Schemas["VolumeView"];

/** Why whoever is signed in may not change what is stored; undefined: they may. */
export function useMayChange(): string | undefined {
  const t = useTexts(texts);
  const { role } = useWho();
  return role === "admin" ? undefined : t(role === "viewer" ? "onlyLooks" : "onlyAdmin");
}

const BIN = / \(in the bin\)$/;

/** Who uses a volume, in the page's language. */
export function useUsers(): (users: readonly string[]) => string[] {
  const t = useTexts(texts);
  return (users) => users.map((user) => (BIN.test(user) ? t("inBin", { name: user.replace(BIN, "") }) : user));
}

/** What is in a pool. */
export function Volumes({ pool, volumes, upload }: { pool: string; volumes: readonly Volume[] | undefined; upload: ReactNode }) {
  const t = useTexts(texts);
  const [search, setSearch] = useState("");
  const [onlyUnused, setOnlyUnused] = useState(false);
  const columns = useColumns(pool);
  const shown = useMemo(() => {
    const word = search.trim().toLowerCase();
    return volumes?.filter(
      (one) =>
        (!onlyUnused || one.used_by.length === 0) &&
        (!word || [one.name, ...one.used_by].some((text) => text.toLowerCase().includes(word))),
    );
  }, [volumes, search, onlyUnused]);
  const clear = () => {
    setSearch("");
    setOnlyUnused(false);
  };
  const empty = (
    <EmptyState titleText={t("noVolumes")} headingLevel="h3" icon={OutlinedHddIcon}>
      <EmptyStateBody>{t("noVolumesHow")}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>{upload}</EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
  return (
    <>
      <Title headingLevel="h2">{t("volumes")}</Title>
      <Toolbar>
        <ToolbarContent>
          <ToolbarItem>
            <SearchInput aria-label={t("search")} placeholder={t("search")} value={search} onChange={(_, now) => setSearch(now)} onClear={() => setSearch("")} />
          </ToolbarItem>
          <ToolbarItem alignSelf="center">
            <Checkbox id="only-unused" label={t("unused")} isChecked={onlyUnused} onChange={(_, now) => setOnlyUnused(now)} />
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      <Table
        label={t("volumes")}
        rows={shown}
        columns={columns}
        id={(one) => one.name}
        sort={{ key: "name" }}
        empty={empty}
        onClear={volumes?.length ? clear : undefined}
      />
    </>
  );
}

function useColumns(pool: string): readonly Column<Volume>[] {
  const t = useTexts(texts);
  const users = useUsers();
  const forbidden = useMayChange();
  return useMemo(() => {
    const actions = (one: Volume) => {
      const isUsed = one.used_by.length > 0;
      const kept = isUsed ? t("stillUsed", { users: list(users(one.used_by)) }) : pool === IMAGES ? t("ofImage") : undefined;
      return [
        {
          label: t("download"),
          why: forbidden,
          onClick: () => (isUsed ? ask((close) => <DownloadVolume volume={one} onClose={close} />) : fetchVolume(one)),
        },
        {
          label: t("remove"),
          isDanger: true,
          why: forbidden ?? kept,
          onClick: () => ask((close) => <RemoveVolume volume={one} onClose={close} />),
        },
      ];
    };
    return [
      { key: "name", label: t("name"), by: (one) => one.name, cell: (one) => <span className="inn-name">{one.name}</span>, width: 30 },
      { key: "format", label: t("format"), by: (one) => one.format, cell: (one) => one.format ?? "—" },
      { key: "capacity", label: t("seen"), by: (one) => one.capacity, cell: (one) => <span className="inn-number">{size(one.capacity)}</span> },
      { key: "allocation", label: t("taken"), by: (one) => one.allocation, cell: (one) => <span className="inn-number">{size(one.allocation)}</span> },
      {
        key: "modified",
        label: t("written"),
        by: (one) => one.modified,
        cell: (one) => (one.modified ? <span title={dateTime(one.modified)}>{ago(one.modified)}</span> : "—"),
      },
      { key: "used", label: t("usedBy"), by: (one) => one.used_by[0], cell: (one) => <Users users={one.used_by} />, width: 25 },
      { key: "actions", label: t("actions"), isAction: true, cell: (one) => <ActionMenu actions={actions(one)} of={one.name} /> },
    ];
  }, [t, users, forbidden, pool]);
}

const FEW = 5;

function Users({ users }: { users: readonly string[] }) {
  const t = useTexts(texts);
  const said = useUsers()(users);
  if (users.length === 0) return <>{t("nobody")}</>;
  return (
    <span className="inn-users">
      {users.slice(0, FEW).map((user, at) => (
        <UserOf key={user} user={user} label={said[at]!} />
      ))}
      {users.length > FEW && <span title={list(said.slice(FEW))}>+{users.length - FEW}</span>}
    </span>
  );
}

/** A guest, one in the bin, or POOL/VOLUME that stands on it. */
function UserOf({ user, label }: { user: string; label: string }) {
  if (BIN.test(user)) return <a href="/bin">{label}</a>;
  if (user.includes("/")) return <a href={`/storage/${encodeURIComponent(user.split("/")[0]!)}`}>{label}</a>;
  return <a href={`/guests/${encodeURIComponent(user)}`}>{label}</a>;
}
