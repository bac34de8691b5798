import { Card, CardBody, CardTitle } from "@patternfly/react-core";
import { type ReactNode, useMemo, useSyncExternalStore } from "react";
import { useNavigate } from "react-router";

import { useStateName } from "@/parts/GuestState";
import { useTexts } from "@/text/texts";

import { type Cable, HEIGHT, layout, type Row } from "./layout";
import { texts } from "./texts";
import { path, useNames } from "./words";
import "./networks.css";

const NARROW = matchMedia("(max-width: 700px)");

function useSize(): "narrow" | "wide" {
  return useSyncExternalStore(
    (tell) => {
      NARROW.addEventListener("change", tell);
      return () => NARROW.removeEventListener("change", tell);
    },
    () => (NARROW.matches ? "narrow" : "wide"),
  );
}

/** The world, this host's ways out, networks and guests, and the cables between them. It moves as they change. */
export function Picture({ rows }: { rows: readonly Row[] }) {
  const t = useTexts(texts);
  const state = useStateName();
  const names = useNames();
  const size = useSize();
  const drawn = useMemo(() => layout(rows, size), [rows, size]);
  const below = (row: Row) => {
    if (!row.active && row.mode !== null) return [t("inactive"), row.addresses[0]].filter(Boolean).join(" · ");
    const said = names.short(row);
    if (size === "narrow" && row.outside.length > 0) return t("by", { what: said, ways: row.outside.join(", ") });
    return [said, row.addresses[0]].filter(Boolean).join(" · ");
  };
  return (
    <Card>
      <CardTitle component="h2">{t("pictureTitle")}</CardTitle>
      <CardBody>
        <div className="inn-net" tabIndex={0} role="region" aria-label={t("picture")}>
          <svg viewBox={`0 0 ${drawn.width} ${drawn.height}`} style={{ maxInlineSize: drawn.width * 1.25 }}>
            {drawn.cables.map((one) => <CablePath key={one.key} cable={one} />)}
            {drawn.interfaces.some((one) => one.isWay) && (
              <Box x={drawn.world.x} y={drawn.world.y} width={drawn.box.world} kind="world" title={t("world")} />
            )}
            {drawn.interfaces.map((one) => (
              <Box
                key={one.key}
                x={one.x}
                y={one.y}
                width={drawn.box.interface}
                kind={one.isWay ? "interface" : "off"}
                title={one.name ?? t("noWay")}
                below={one.isWay ? t("host") : undefined}
                hint={one.isWay ? undefined : t("noWayHow")}
              />
            ))}
            {drawn.networks.map(({ key, row, x, y }) => (
              <Box
                key={key}
                x={x}
                y={y}
                width={drawn.box.network}
                kind={row.active ? "network" : "bad"}
                title={names.title(row)}
                below={below(row)}
                to={path(row)}
              />
            ))}
            {drawn.guests.map((one) => (
              <Box
                key={one.key}
                x={one.x}
                y={one.y}
                width={drawn.box.guest}
                kind={one.state === "running" ? "running" : one.state === "crashed" ? "bad" : "off"}
                title={one.guest}
                below={state(one.state)}
                to={`/guests/${encodeURIComponent(one.guest)}`}
              />
            ))}
            {drawn.more.map((one) => (
              <Box key={one.key} x={one.x} y={one.y} width={drawn.box.guest} kind="more" title={t("moreGuests", { count: one.count })} to={path(one.row)} />
            ))}
          </svg>
        </div>
        <ul className="inn-net__legend">
          <li><Sample look="up" /> {t("legendUp")}</li>
          <li><Sample look="off" /> {t("legendOff")}</li>
          <li><Sample look="pulled" /> {t("legendPulled")}</li>
        </ul>
      </CardBody>
    </Card>
  );
}

function Sample({ look }: { look: Cable["look"] }) {
  return (
    <svg viewBox="0 0 36 12" width="36" height="12" aria-hidden="true">
      <CablePath cable={{ key: "", from: [0, 6], to: [36, 6], look }} />
    </svg>
  );
}

function CablePath({ cable: { from, to, look } }: { cable: Cable }) {
  const bend = (to[0] - from[0]) / 2;
  const d = `M ${from[0]} ${from[1]} C ${from[0] + bend} ${from[1]}, ${to[0] - bend} ${to[1]}, ${to[0]} ${to[1]}`;
  const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  return (
    <g className={`inn-net__cable inn-net__cable--${look}`}>
      <path d={d} style={{ d: `path("${d}")` } as React.CSSProperties} />
      {look === "pulled" && <path className="inn-net__cut" d={`M ${x - 5} ${y - 5} L ${x + 5} ${y + 5} M ${x + 5} ${y - 5} L ${x - 5} ${y + 5}`} />}
    </g>
  );
}

interface BoxProps {
  x: number;
  y: number;
  width: number;
  kind: "world" | "interface" | "network" | "running" | "off" | "bad" | "more";
  title: string;
  below?: string | undefined;
  hint?: string | undefined;
  to?: string;
}

function Box({ x, y, width, kind, title, below, hint, to }: BoxProps) {
  const letters = Math.floor((width - 20) / 7.6);
  const drawing: ReactNode = (
    <>
      <title>{[title, below, hint].filter(Boolean).join(", ")}</title>
      <rect width={width} height={HEIGHT} rx={kind === "world" ? HEIGHT / 2 : 8} />
      <text x={kind === "world" ? width / 2 : 12} y={below ? 20 : 28} className="inn-net__title">{cut(title, letters)}</text>
      {below && <text x={12} y={37} className="inn-net__below">{cut(below, letters + 4)}</text>}
    </>
  );
  return (
    <g className={`inn-net__box inn-net__box--${kind}`} style={{ transform: `translate(${x}px, ${y}px)` }}>
      {to === undefined ? drawing : <Way to={to}>{drawing}</Way>}
    </g>
  );
}

/** A link inside a drawing. */
function Way({ to, children }: { to: string; children: ReactNode }) {
  const navigate = useNavigate();
  return (
    <a
      href={to}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        void navigate(to);
      }}
    >
      {children}
    </a>
  );
}

const WIDE = /[ᄀ-ᅟ⺀-꓏가-힣豈-﫿︰-﹏＀-｠￠-￦]/;

/** No longer than that many letters; wide ones take two. */
function cut(text: string, most: number): string {
  let width = 0;
  const letters = [...text];
  for (const [at, letter] of letters.entries()) {
    width += WIDE.test(letter) ? 2 : 1;
    if (width > most) return `${letters.slice(0, Math.max(1, at - 1)).join("")}…`;
  }
  return text;
}
