import {
  Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, Label, Toolbar, ToolbarContent, ToolbarItem,
} from "@patternfly/react-core";
import { CubesIcon } from "@patternfly/react-icons";
import { useState } from "react";
import { Link, useNavigate } from "react-router";

import { announce } from "@/api/act";
import { useLook } from "@/api/query";
import type { Image, Offer } from "@/create/host";
import { ActionMenu } from "@/parts/ActionMenu";
import { ask } from "@/parts/Dialogs";
import { useMay } from "@/parts/may";
import { type Column, Table } from "@/parts/Table";
import { SearchInput } from "@/patternfly/SearchInput";
import { dateTime, list, size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { Details } from "./Details";
import { Remove } from "./Remove";
import { isInBin, nameOf } from "./standing";
import { texts } from "./texts";

/** The images of the host, and who stands on each. */
export function There({ images, offers, onCatalogue }: { images: readonly Image[] | undefined; offers: readonly Offer[] | undefined; onCatalogue: () => void }) {
  const t = useTexts(texts);
  const [search, setSearch] = useState("");
  const words = search.trim().toLowerCase();
  const newer = (image: Image) => offers?.find((offer) => offer.name === image.name && offer.arch === image.arch && offer.newer);
  const rows = images?.filter((image) => `${image.name} ${image.os ?? ""} ${image.arch}`.toLowerCase().includes(words));
  const columns: Column<Image>[] = [
    {
      key: "name", label: t("name"), by: (image) => image.name, width: 20,
      cell: (image) => (
        <>
          <Button variant="link" isInline className="inn-name" onClick={() => ask((close) => <Details name={image.name} onClose={close} />)}>{image.name}</Button>
          {newer(image) && <> <Label isCompact color="blue">{t("newer")}</Label></>}
        </>
      ),
    },
    { key: "os", label: t("os"), by: (image) => image.os, cell: (image) => image.os ?? "—" },
    { key: "arch", label: t("arch"), by: (image) => image.arch, cell: (image) => image.arch },
    { key: "size", label: t("size"), by: (image) => image.size, cell: (image) => <span className="inn-number">{size(image.size)}</span> },
    { key: "disk", label: t("diskSize"), by: (image) => image.virtual_size, cell: (image) => <span className="inn-number">{size(image.virtual_size)}</span> },
    { key: "guests", label: t("guests"), cell: (image) => <Guests name={image.name} /> },
    { key: "built", label: t("built"), width: 25, by: (image) => image.built, cell: (image) => dateTime(image.built) },
    { key: "actions", label: t("actions"), isAction: true, cell: (image) => <Actions image={image} newer={newer(image)} /> },
  ];
  return (
    <>
      {(images?.length ?? 0) > 5 && (
        <Toolbar>
          <ToolbarContent>
            <ToolbarItem>
              <SearchInput aria-label={t("search")} placeholder={t("search")} value={search} onChange={(_, text) => setSearch(text)} onClear={() => setSearch("")} />
            </ToolbarItem>
          </ToolbarContent>
        </Toolbar>
      )}
      <Table
        label={t("there")} rows={rows} columns={columns} id={(image) => image.name} onClear={words ? () => setSearch("") : undefined}
        empty={
          <EmptyState titleText={t("none")} icon={CubesIcon} headingLevel="h2">
            <EmptyStateBody>{t("noneHow")}</EmptyStateBody>
            <EmptyStateFooter>
              <EmptyStateActions><Button onClick={onCatalogue}>{t("toCatalogue")}</Button></EmptyStateActions>
            </EmptyStateFooter>
          </EmptyState>
        }
      />
    </>
  );
}

/** Who stands on it; the first few by name. */
function Guests({ name }: { name: string }) {
  const t = useTexts(texts);
  const guests = useLook("image", "image.show", { name }).data?.guests;
  if (!guests) return <>…</>;
  if (guests.length === 0) return <>—</>;
  const few = guests.slice(0, 3);
  return (
    <span className="inn-name">
      {few.map((guest, index) => (
        <span key={guest}>{index > 0 && t("comma")}{isInBin(guest) ? <Link to="/bin">{t("inBin", { name: nameOf(guest) })}</Link> : <Link to={`/guests/${encodeURIComponent(guest)}`}>{guest}</Link>}</span>
      ))}
      {guests.length > few.length && <> {t("andMore", { count: guests.length - few.length })}</>}
    </span>
  );
}

function Actions({ image, newer }: { image: Image; newer: Offer | undefined }) {
  const t = useTexts(texts);
  const may = useMay()("admin");
  const navigate = useNavigate();
  const guests = useLook("image", "image.show", { name: image.name }).data?.guests ?? [];
  const held = guests.length ? t("heldBy", { names: list(guests.slice(0, 5).map(nameOf)) }) : undefined;
  return (
    <ActionMenu
      of={image.name}
      actions={[
        { label: t("createGuest"), why: may, onClick: () => void navigate(`/create?image=${encodeURIComponent(image.name)}`) },
        { label: t("details"), onClick: () => ask((close) => <Details name={image.name} onClose={close} />) },
        {
          label: t("getNewer"),
          why: may ?? (newer ? undefined : image.origin ? t("noNewer") : t("notPulled")),
          onClick: () => announce("image.pull", { name: newer!.name, new_name: image.name, arch: image.arch, refresh: true }, image.name),
        },
        { label: t("remove"), isDanger: true, why: may ?? held, onClick: () => ask((close) => <Remove image={image} onClose={close} />) },
      ]}
    />
  );
}
