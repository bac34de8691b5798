import {
  Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, Label, Toolbar, ToolbarContent, ToolbarItem,
} from "@patternfly/react-core";
import { VirtualMachineIcon } from "@patternfly/react-icons";
import { useMemo, useState } from "react";
import { Link } from "react-router";

import { GuestState } from "@/parts/GuestState";
import { type Column, Table } from "@/parts/Table";
import { SearchInput } from "@/patternfly/SearchInput";
import { useTexts } from "@/text/texts";

import type { CardView } from "./layout";
import { texts } from "./texts";

const FEW = 10;

/** The cards of guests that are plugged in there. */
export function Cards({ cards }: { cards: readonly CardView[] }) {
  const t = useTexts(texts);
  const [search, setSearch] = useState("");
  const columns = useColumns(cards.some((card) => card.forwards.length > 0));
  const shown = useMemo(() => {
    const word = search.trim().toLowerCase();
    return cards.filter((card) => !word || [card.guest, card.mac ?? "", ...card.addresses].some((text) => text.toLowerCase().includes(word)));
  }, [cards, search]);
  const empty = (
    <EmptyState titleText={t("noGuests")} headingLevel="h3" icon={VirtualMachineIcon} variant="sm">
      <EmptyStateBody>{t("noGuestsHow")}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button component={(props: object) => <Link {...props} to="/create" />}>{t("create")}</Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
  return (
    <>
      {cards.length > FEW && (
        <Toolbar>
          <ToolbarContent>
            <ToolbarItem>
              <SearchInput aria-label={t("search")} placeholder={t("search")} value={search} onChange={(_, now) => setSearch(now)} onClear={() => setSearch("")} />
            </ToolbarItem>
          </ToolbarContent>
        </Toolbar>
      )}
      <Table
        label={t("guests")}
        rows={shown}
        columns={columns}
        id={(card) => `${card.uuid} ${card.mac}`}
        sort={{ key: "guest" }}
        empty={empty}
        onClear={cards.length > 0 ? () => setSearch("") : undefined}
      />
    </>
  );
}

function useColumns(hasForwards: boolean): readonly Column<CardView>[] {
  const t = useTexts(texts);
  return useMemo(() => {
    const columns: Column<CardView>[] = [
      {
        key: "guest",
        label: t("guest"),
        by: (card) => card.guest,
        cell: (card) => <Link to={`/guests/${encodeURIComponent(card.guest)}`} className="inn-name">{card.guest}</Link>,
        width: 25,
      },
      { key: "state", label: t("state"), by: (card) => card.state, cell: (card) => <GuestState state={card.state} /> },
      { key: "card", label: t("card"), by: (card) => Number(!card.plugged), cell: (card) => <Plug card={card} /> },
      { key: "addresses", label: t("addresses"), by: (card) => card.addresses[0], cell: (card) => card.addresses.join(", ") || "—" },
      { key: "mac", label: t("mac"), by: (card) => card.mac, cell: (card) => card.mac ?? "—" },
      { key: "device", label: t("device"), by: (card) => card.device, cell: (card) => card.device ?? "—" },
    ];
    if (hasForwards) columns.push({ key: "forwards", label: t("forwards"), cell: (card) => card.forwards.map(forward).join(", ") || "—" });
    return columns;
  }, [t, hasForwards]);
}

function forward(one: CardView["forwards"][number]): string {
  return `${one.protocol} ${one.address ?? "*"}:${one.ports} → ${one.to}`;
}

function Plug({ card }: { card: CardView }) {
  const t = useTexts(texts);
  if (!card.plugged) return <Label isCompact variant="outline">{t("later")}</Label>;
  if (!card.link) return <Label isCompact status="warning">{t("cable")}</Label>;
  return <Label isCompact variant="outline" color="green">{t("plugged")}</Label>;
}
