import { Button, FormSelect, FormSelectOption, Label, Toolbar, ToolbarContent, ToolbarItem } from "@patternfly/react-core";
import { useState } from "react";
import { Link } from "react-router";

import { order } from "@/api/act";
import { look } from "@/api/client";
import { mark } from "@/api/events";
import { ApiProblem } from "@/api/problem";
import { useLook } from "@/api/query";
import type { Offer } from "@/create/host";
import { ActionButton } from "@/parts/ActionButton";
import { useMay } from "@/parts/may";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { type Column, Table } from "@/parts/Table";
import { Alert } from "@/patternfly/Alert";
import { SearchInput } from "@/patternfly/SearchInput";
import { ago, size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { useRunning } from "./Running";
import { texts } from "./texts";

/** What the distributors offer. */
export function Catalogue({ offers }: { offers: readonly Offer[] | undefined }) {
  const t = useTexts(texts);
  const [search, setSearch] = useState("");
  const own = useLook("host", "host.show", {}).data?.arch;
  const [arch, setArch] = useState("");
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [isAsking, setAsking] = useState(false);
  const wanted = arch || own;
  const words = search.trim().toLowerCase();
  const rows = wanted ? offers?.filter((one) => one.arch === wanted && `${one.name} ${one.title} ${one.distributor}`.toLowerCase().includes(words)) : undefined;
  const arches = [...new Set(offers?.map((one) => one.arch))].sort();
  const asked = Math.max(0, ...(rows ?? []).map((one) => one.asked ?? 0));
  const faults = [...new Set((offers ?? []).map((one) => one.problem).filter((one) => one !== null && one !== undefined))];

  const refresh = async () => {
    setAsking(true);
    setProblem(null);
    try {
      await look("image.list", { available: true, refresh: true });
      mark(["image"]);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    } finally {
      setAsking(false);
    }
  };
  const columns: Column<Offer>[] = [
    { key: "title", label: t("name"), by: (one) => one.title, width: 30, cell: (one) => <><b>{one.title}</b><div className="inn-images__small inn-name">{one.name}</div></> },
    { key: "memory", label: t("leastMemory"), cell: (one) => <span className="inn-number">{size(one.memory)}</span> },
    { key: "disk", label: t("leastDisk"), cell: (one) => <span className="inn-number">{size(one.disk)}</span> },
    { key: "user", label: t("logsIn"), cell: (one) => one.user ?? "—" },
    ...(rows?.some((one) => one.supported_until)
      ? [{ key: "until", label: t("until"), cell: (one: Offer) => one.supported_until ?? "—" }]
      : []),
    { key: "signed", label: t("signed"), cell: (one) => (one.signed_by ? <span title={one.signed_by}>{t("yes")}</span> : <span title={t("unsigned")}>{t("byServer")}</span>) },
    { key: "state", label: t("state"), cell: (one) => <There offer={one} /> },
    { key: "pull", label: t("pull"), cell: (one) => <Pull offer={one} onProblem={setProblem} /> },
  ];
  return (
    <>
      <Toolbar>
        <ToolbarContent>
          <ToolbarItem>
            <SearchInput aria-label={t("searchCatalogue")} placeholder={t("searchCatalogue")} value={search} onChange={(_, text) => setSearch(text)} onClear={() => setSearch("")} />
          </ToolbarItem>
          <ToolbarItem>
            <FormSelect aria-label={t("arch")} value={wanted ?? ""} onChange={(_, next) => setArch(next)}>
              {arches.map((one) => <FormSelectOption key={one} value={one} label={one === own ? t("ownArch", { arch: one }) : one} />)}
            </FormSelect>
          </ToolbarItem>
          <ToolbarItem>
            <Button variant="secondary" isLoading={isAsking} isDisabled={isAsking} onClick={() => void refresh()}>{t("askNewest")}</Button>
          </ToolbarItem>
          <ToolbarItem alignSelf="center" className="inn-images__small">{asked > 0 ? t("asked", { ago: ago(asked) }) : t("neverAsked")}</ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      <ProblemAlert problem={problem} />
      {faults.length > 0 && <Alert isInline isExpandable variant="warning" title={t("notAsked", { count: faults.length })}>{faults.map((one) => <p key={one}>{one}</p>)}</Alert>}
      <Table
        label={t("catalogue")} rows={rows} columns={columns} id={(one) => `${one.name} ${one.arch}`} onClear={words ? () => setSearch("") : undefined}
        empty={<p>{t("nothingOffered")}</p>}
      />
    </>
  );
}

function There({ offer }: { offer: Offer }) {
  const t = useTexts(texts);
  if (!offer.there) return <>{offer.newest ?? "—"}</>;
  return (
    <>
      <Label isCompact color="green">{t("isThere")}</Label>{" "}
      {offer.newer && <Label isCompact color="blue">{t("newer")}</Label>}
      <div className="inn-images__small">{offer.there}</div>
    </>
  );
}

function Pull({ offer, onProblem }: { offer: Offer; onProblem: (problem: ApiProblem | null) => void }) {
  const t = useTexts(texts);
  const may = useMay()("admin");
  const isOnTheWay = useRunning().some((one) => one.verb === "image.pull" && one.target === offer.name);
  if (offer.there && !offer.newer && !isOnTheWay) {
    return <Button variant="link" isInline component={(props) => <Link {...props} to={`/create?image=${encodeURIComponent(offer.name)}`} />}>{t("createGuest")}</Button>;
  }
  const pull = async () => {
    onProblem(null);
    try {
      await order("image.pull", { name: offer.name, arch: offer.arch, refresh: Boolean(offer.there) }, offer.name);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      onProblem(error);
    }
  };
  return (
    <ActionButton
      variant="secondary" size="sm" why={may ?? (isOnTheWay ? t("onTheWay") : undefined)}
      aria-label={`${t(offer.there ? "getNewer" : "pull")}: ${offer.title}`} onClick={() => void pull()}
    >
      {t(offer.there ? "getNewer" : "pull")}
    </ActionButton>
  );
}
