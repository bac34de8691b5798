import { useLook } from "@/api/query";
import type { Answer, Schemas } from "@/api/types";
import { useCatalogue } from "@/text/catalogue";
import { useTexts } from "@/text/texts";

import type { Option } from "./Choice";
import type { Form } from "./form";
import type { Image } from "./host";
import { texts } from "./texts";

// What can be chosen: what the host can do, and what the image can. The rest is told with its reason.

export type Support = Answer<"host.support">;
type Offer = Schemas["SupportView"]["firmwares"][number];

export interface Choices {
  support: Support | undefined;
  arches: readonly Option[];
  machines: readonly Option[];
  accels: readonly Option[];
  firmwares: readonly Option[];
  buses: readonly Option[];
  tpm: readonly Option[];
  profiles: readonly Option[];
  networks: readonly Option[];
  pools: readonly Option[];
  /** of a guest for which nothing is said, while no dry run tells it */
  usual: { cpus: number | null | undefined; memory: number | null | undefined; diskSize: number | null | undefined };
  /** why there is no booting from the network */
  noNetboot: string | undefined;
}

export function useChoices(form: Form, image: Image | undefined): Choices {
  const t = useTexts(texts);
  const say = useCatalogue();
  const arch = form.arch || image?.arch;
  const asked = { ...(arch ? { arch } : {}), ...(form.machine ? { machine: form.machine } : {}) };
  const support = useLook("host", "host.support", asked, { keep: true }).data;

  const why = (offer: Offer) => {
    if (offer.possible) return undefined;
    const facts = (offer.facts ?? {}) as Record<string, unknown>;
    return [say(offer.reason, facts), say(offer.reason && `${offer.reason}.remedy`, facts)].filter(Boolean).map(begun).join(". ") || t("impossible");
  };
  const option = (offer: Offer, label = offer.name, about?: string, notOfImage?: string | false): Option => ({
    value: offer.name,
    label,
    why: why(offer) ?? (notOfImage || undefined),
    about,
  });
  const auto = (usual: string | undefined): Option => ({ value: "", label: usual ? t("autoIs", { what: usual }) : t("auto") });
  const profile = support?.profiles.find((one) => one.name === (form.profile || "linux") && one.possible && !image);
  const list = (offers: readonly Offer[] | undefined, make: (offer: Offer) => Option, ofProfile?: string | null): Option[] => {
    const all = (offers ?? []).map(make);
    const usual = ofProfile ?? (offers ?? []).find((one) => one.usual)?.name;
    return [auto(all.find((one) => !one.why && one.value === usual)?.label), ...all];
  };
  const ofImage = (known: readonly string[] | undefined, name: string) =>
    image && known && known.length > 0 && !known.includes(name) ? t("notOfImage", { image: image.name }) : undefined;
  const pxe = support?.sources.find((one) => one.name === "pxe");

  const installs = form.way === "cd" || form.way === "network";
  return {
    support,
    usual: {
      cpus: image ? undefined : profile?.cpus,
      memory: image ? undefined : installs ? profile?.media_memory : profile?.memory,
      diskSize: image ? undefined : profile?.disk_size,
    },
    arches: list(support?.arches, (one) => option(one, one.name, one.usual ? t("archOwn") : t("archOther"), image && one.name !== image.arch && t("archOfImage", { image: image.name, arch: image.arch }))),
    machines: [
      auto(support?.machines.find((one) => one.usual)?.name),
      ...(support?.machines ?? []).map((one) => ({ value: one.name, label: one.name, about: one.alias_of ? one.alias_of : one.deprecated ? t("deprecated") : undefined })),
    ],
    accels: [
      { value: "auto", label: support ? t("autoIs", { what: t(support.accel === "kvm" ? "kvm" : "tcg") }) : t("auto"), about: support && say(support.accel_reason, support.accel_facts) },
      ...(support?.accels ?? []).map((one) => option(one, t(one.name === "kvm" ? "kvm" : "tcg"), t(one.name === "kvm" ? "kvmAbout" : "tcgAbout"))),
    ],
    firmwares: list(support?.firmwares, (one) => option(one, t(one.name as "bios"), undefined, ofImage(image?.firmware, one.name.split("-")[0]!)), profile?.firmware),
    buses: list(support?.buses, (one) => option(one, one.name, undefined, ofImage(image?.disk_buses, one.name)), profile?.bus),
    tpm: [
      { value: "", label: t("autoIs", { what: t(profile?.tpm ? "yes" : "no") }) },
      { value: "yes", label: t("yes"), why: support && why(support.tpm), about: t("tpmAbout") },
      { value: "no", label: t("no") },
    ],
    profiles: [auto(undefined), ...(support?.profiles ?? []).map((one) => option(one, t(`profile-${one.name}` as "profile-linux"), t(`profile-${one.name}-about` as "profile-linux-about")))],
    networks: [
      ...(support?.networks ?? []).map((one) => option(one, networkName(one.name), one.name === "user" ? t("userAbout") : one.name === "none" ? t("noneAbout") : undefined)),
    ],
    pools: list(support?.pools, (one) => option(one)),
    noNetboot: pxe && why(pxe),
  };

  function networkName(name: string): string {
    return name === "user" ? t("netUser") : name === "none" ? t("netNone") : name;
  }
}

/** As a sentence begins. */
function begun(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
