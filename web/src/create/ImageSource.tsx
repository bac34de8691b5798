import { Button, Card, CardBody, CardHeader, CardTitle, Content, EmptyState, EmptyStateBody, Gallery, Label } from "@patternfly/react-core";
import { useState } from "react";
import { Link } from "react-router";

import { SearchInput } from "@/patternfly/SearchInput";
import { Spinner } from "@/patternfly/Spinner";
import { size } from "@/text/format";
import { useTexts } from "@/text/texts";

import type { Image, Offer } from "./host";
import { texts } from "./texts";

interface Tile {
  name: string;
  title: string;
  arch: string;
  isThere: boolean;
  /** what it says below the title */
  about: readonly string[];
}

interface Props {
  there: readonly Image[] | undefined;
  offers: readonly Offer[] | undefined;
  /** the catalogue comes still */
  isLoading: boolean;
  hostArch: string | undefined;
  chosen: string;
  onChoose: (name: string) => void;
}

const FIRST = ["debian", "ubuntu", "fedora", "almalinux", "opensuse", "alpine"];

/** Images as cards: those that are there, and those that are fetched when a guest wants them. */
export function ImageSource({ there, offers, isLoading, hostArch, chosen, onChoose }: Props) {
  const t = useTexts(texts);
  const [search, setSearch] = useState("");
  const [isAll, setAll] = useState(false);
  if (!there) return <Spinner aria-label={t("loading")} />;

  const words = search.trim().toLowerCase();
  const matches = (tile: Tile) => `${tile.name} ${tile.title}`.toLowerCase().includes(words);
  const ready = there.map((image) => ofImage(image, offers ?? [])).filter(matches);
  const rest = offered(offers ?? [], there, hostArch).filter(matches);
  const few = words || isAll ? rest : rest.filter((tile, index) => isFirst(tile, rest, index) || tile.name === chosen);
  return (
    <>
      {there.length + rest.length > 6 && (
        <SearchInput
          className="inn-create__search"
          aria-label={t("searchImages")}
          placeholder={t("searchImages")}
          value={search}
          onChange={(_, text) => setSearch(text)}
          onClear={() => setSearch("")}
        />
      )}
      {ready.length > 0 && <Tiles label={t("ready")} tiles={ready} chosen={chosen} onChoose={onChoose} />}
      {few.length > 0 && <Tiles label={t("fetched")} tiles={few} chosen={chosen} onChoose={onChoose} />}
      {few.length < rest.length && (
        <Button variant="link" onClick={() => setAll(true)}>{t("showAll", { count: rest.length })}</Button>
      )}
      {isLoading && <Spinner aria-label={t("loading")} />}
      {ready.length + few.length === 0 && !isLoading && (
        <EmptyState titleText={t(words ? "noMatch" : "noImages")} headingLevel="h3" variant="sm">
          <EmptyStateBody>
            {words ? t("noMatchHow") : <>{t("noImagesHow")} <Link to="/images">{t("toImages")}</Link></>}
          </EmptyStateBody>
        </EmptyState>
      )}
    </>
  );
}

function Tiles({ label, tiles, chosen, onChoose }: { label: string; tiles: readonly Tile[]; chosen: string; onChoose: (name: string) => void }) {
  const t = useTexts(texts);
  return (
    <div role="radiogroup" aria-label={label} className="inn-create__tiles">
      <Content component="h3">{label}</Content>
      <Gallery hasGutter minWidths={{ default: "150px", sm: "190px" }}>
        {tiles.map((tile) => (
          <Card key={tile.name} isSelectable isSelected={tile.name === chosen} isCompact>
            <CardHeader
              selectableActions={{
                selectableActionId: `image-${tile.name}`,
                selectableActionAriaLabelledby: `image-${tile.name}-title`,
                name: "image",
                variant: "single",
                isHidden: true,
                onChange: () => onChoose(tile.name),
              }}
            >
              <CardTitle className="inn-name" id={`image-${tile.name}-title`}>{tile.title}</CardTitle>
            </CardHeader>
            <CardBody className="inn-create__about">
              {tile.isThere && <Label isCompact color="green">{t("isThere")}</Label>}
              {tile.about.map((line) => <span key={line} className="inn-name">{line}</span>)}
            </CardBody>
          </Card>
        ))}
      </Gallery>
    </div>
  );
}

function ofImage(image: Image, offers: readonly Offer[]): Tile {
  const offer = offers.find((one) => one.name === (image.origin?.offer ?? image.name));
  const title = offer && image.name === offer.name ? offer.title : image.name;
  return {
    name: image.name,
    title,
    arch: image.arch,
    isThere: true,
    about: [...(title === image.name ? [] : [image.name]), `${image.arch} · ${size(image.virtual_size)}`],
  };
}

/** What can be had for this host's processors and is not there. */
function offered(offers: readonly Offer[], there: readonly Image[], hostArch: string | undefined): Tile[] {
  const have = new Set(there.map((image) => image.name));
  return offers
    .filter((offer) => !have.has(offer.name) && offer.arch === hostArch)
    .map((offer) => ({ name: offer.name, title: offer.title, arch: offer.arch, isThere: false, about: [offer.name] }))
    .sort((left, right) => rank(left) - rank(right) || right.name.localeCompare(left.name, "en", { numeric: true }));
}

function family(tile: Tile): string {
  return tile.name.replace(/-?[\d.]+.*$/, "");
}

function rank(tile: Tile): number {
  const place = FIRST.findIndex((one) => family(tile).startsWith(one));
  return place === -1 ? FIRST.length : place;
}

/** Of each of the well-known families the newest. */
function isFirst(tile: Tile, all: readonly Tile[], index: number): boolean {
  return rank(tile) < FIRST.length && all.findIndex((one) => rank(one) === rank(tile)) === index;
}
