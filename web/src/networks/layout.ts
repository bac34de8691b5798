import type { Schemas } from "@/api/types";

// Where everything stands in the picture: the world, the host's interfaces, networks, guests, from left to right.

export type Row = Schemas["NetworkRow"];
export type CardView = Schemas["NetworkCard"];

export interface Place {
  key: string;
  x: number;
  y: number;
}
export interface InterfacePlace extends Place {
  /** null: by which interface is not known */
  name: string | null;
  /** whether it leads to the world */
  isWay: boolean;
}
export interface NetworkPlace extends Place {
  row: Row;
}
export interface GuestPlace extends Place {
  guest: string;
  state: string;
}
export interface MorePlace extends Place {
  row: Row;
  count: number;
}
export interface Cable {
  key: string;
  from: [number, number];
  to: [number, number];
  look: "up" | "off" | "pulled" | "down";
}
export interface Layout {
  box: Columns;
  width: number;
  height: number;
  world: Place;
  interfaces: InterfacePlace[];
  networks: NetworkPlace[];
  guests: GuestPlace[];
  more: MorePlace[];
  cables: Cable[];
}

export interface Columns {
  world: number;
  interface: number;
  network: number;
  guest: number;
}
export const HEIGHT = 46;
const SIZES: Record<"wide" | "narrow", { box: Columns; at: Columns }> = {
  wide: { box: { world: 96, interface: 132, network: 220, guest: 220 }, at: { world: 8, interface: 164, network: 366, guest: 676 } },
  // no room for the ways out: each network says its own
  narrow: { box: { world: 0, interface: 0, network: 166, guest: 150 }, at: { world: 0, interface: 0, network: 2, guest: 208 } },
};
const STEP = 56;
const GAP = 20;
const MOST = 8; // guests of a network that are drawn
const ACTIVE = new Set(["running", "suspended", "stopping", "sleeping"]);
const NO_WAY = "?";

const middle = (places: readonly Place[]): number =>
  places.length === 0 ? 0 : (Math.min(...places.map((one) => one.y)) + Math.max(...places.map((one) => one.y))) / 2;

/** Each guest stands beside the first network that it is on. */
export function layout(rows: readonly Row[], size: "wide" | "narrow"): Layout {
  const { box, at } = SIZES[size];
  const guests = new Map<string, GuestPlace>();
  const more: MorePlace[] = [];
  const networks: NetworkPlace[] = [];
  let y = GAP;
  for (const row of rows) {
    const here = guestsOf(row).filter((card) => !guests.has(card.uuid));
    const shown = here.slice(0, here.length > MOST ? MOST - 1 : MOST);
    const top = y;
    for (const card of shown) {
      guests.set(card.uuid, { key: `guest:${card.uuid}`, guest: card.guest, state: card.state, x: at.guest, y });
      y += STEP;
    }
    if (here.length > shown.length) {
      more.push({ key: `more:${row.id}`, row, count: here.length - shown.length, x: at.guest, y });
      y += STEP;
    }
    if (y === top) y += STEP;
    networks.push({ key: row.id, row, x: at.network, y: top + (y - top - STEP) / 2 });
    y += GAP;
  }
  const interfaces = size === "wide" ? interfacesOf(networks, at.interface) : [];
  const world = { key: "world", x: at.world, y: middle(interfaces.filter((one) => one.isWay)) || middle(networks) };
  const cables = [
    ...(size === "wide" ? networks : []).flatMap((network) => wayOut(network, interfaces, box.interface)),
    ...interfaces.filter((one) => one.isWay).map((one) => cable(`world|${one.key}`, world, box.world, one, "up")),
    ...networks.flatMap((network) => plugsOf(network, guests, box.network)),
    ...more.map((one) => cable(`${one.row.id}|${one.key}`, networks.find((network) => network.row === one.row)!, box.network, one, "off")),
  ];
  const height = Math.max(y, ...interfaces.map((one) => one.y + STEP + GAP));
  return { box, width: at.guest + box.guest + (size === "wide" ? 8 : 2), height, world, interfaces, networks, guests: [...guests.values()], more, cables };
}

/** Those that run first. */
function guestsOf(row: Row): CardView[] {
  const each = new Map(row.cards.map((card) => [card.uuid, card]));
  return [...each.values()].sort((a, b) => Number(ACTIVE.has(b.state)) - Number(ACTIVE.has(a.state)) || a.guest.localeCompare(b.guest));
}

/** Names of the host's interfaces by which it leads out; `NO_WAY` where there should be one. */
function waysOf(row: Row): readonly string[] {
  if (row.outside.length > 0) return row.outside;
  const leadsOut = row.kind === "user" || (row.kind === "network" && row.mode !== null && row.mode !== "isolated");
  return leadsOut || row.kind === "bridge" ? [NO_WAY] : [];
}

function interfacesOf(networks: readonly NetworkPlace[], x: number): InterfacePlace[] {
  const found = new Map<string, NetworkPlace[]>();
  for (const network of networks) {
    for (const name of waysOf(network.row)) found.set(name, [...(found.get(name) ?? []), network]);
  }
  const placed = [...found].map(([name, users]) => ({
    key: `interface:${name}`,
    name: name === NO_WAY ? null : name,
    isWay: name !== NO_WAY,
    x,
    y: middle(users),
  }));
  placed.sort((a, b) => a.y - b.y);
  placed.forEach((one, at) => {
    const before = placed[at - 1];
    if (before) one.y = Math.max(one.y, before.y + STEP);
  });
  return placed;
}

function wayOut(network: NetworkPlace, interfaces: readonly InterfacePlace[], width: number): Cable[] {
  return waysOf(network.row).map((name) => {
    const way = interfaces.find((one) => one.key === `interface:${name}`)!;
    return cable(`${way.key}|${network.key}`, way, width, network, !network.row.active ? "down" : way.isWay ? "up" : "off");
  });
}

function plugsOf(network: NetworkPlace, guests: ReadonlyMap<string, GuestPlace>, width: number): Cable[] {
  return network.row.cards.flatMap((card, number) => {
    const guest = guests.get(card.uuid);
    if (!guest) return [];
    const look = !network.row.active ? "down" : !card.plugged ? "off" : card.link ? "up" : "pulled";
    return [cable(`${network.key}|${guest.key}|${card.mac ?? number}`, network, width, guest, look)];
  });
}

function cable(key: string, left: Place, width: number, right: Place, look: Cable["look"]): Cable {
  const half = HEIGHT / 2;
  return { key, from: [left.x + width, left.y + half], to: [right.x, right.y + half], look };
}
