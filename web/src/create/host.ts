import { useQueries } from "@tanstack/react-query";

import { look } from "@/api/client";
import type { ApiProblem } from "@/api/problem";
import { useLook } from "@/api/query";
import type { Schemas } from "@/api/types";

// What there is on the host that a guest can be made of.

export type Image = Schemas["ImageView"];
export type Offer = Schemas["OfferView"];
export type Volume = Schemas["VolumeView"];
export const IMAGES_POOL = "innkeeper-images";

interface Images {
  /** undefined: not known yet */
  there: readonly Image[] | undefined;
  offers: readonly Offer[] | undefined;
  /** the catalogue comes still */
  isLoading: boolean;
  /** why they are not known */
  problem: ApiProblem | null;
  noOffers: ApiProblem | null;
}

/** Images that are there, and those that can be had for them. */
export function useImages(): Images {
  const there = useLook("image", "image.list", {});
  const available = useLook("image", "image.list", { available: true });
  return {
    there: there.data as readonly Image[] | undefined,
    offers: (available.data as Schemas["AvailableImages"] | undefined)?.offers,
    isLoading: available.isPending,
    problem: there.data ? null : there.error,
    noOffers: available.data ? null : available.error,
  };
}

/** Volumes of all pools that are active, while they are asked for. */
export function useVolumes(isWanted: boolean): readonly Volume[] | undefined {
  const pools = useLook("host", "host.show", {}).data?.pools;
  const wanted = isWanted ? (pools ?? []).filter((pool) => pool.active && pool.name !== IMAGES_POOL) : [];
  return useQueries({
    queries: wanted.map((pool) => ({
      queryKey: ["pool", "volume.list", { pool: pool.name }],
      queryFn: ({ signal }: { signal: AbortSignal }) => look("volume.list", { pool: pool.name }, signal) as Promise<readonly Volume[]>,
      retry: false,
    })),
    combine: (found) =>
      pools && found.every((one) => !one.isPending) ? found.flatMap((one) => one.data ?? []) : undefined,
  });
}

export function isCd(volume: Volume): boolean {
  return volume.format === "iso" || /\.iso$/i.test(volume.name);
}

/** A short name that begins as what the guest is made of, and nobody has. */
export function freeName(stem: string, taken: ReadonlySet<string>): string {
  const word = /^[a-z][a-z0-9]*/i.exec(stem)?.[0].toLowerCase().slice(0, 40) ?? "guest";
  for (let number = 1; ; number += 1) {
    const name = `${word}-${number}`;
    if (!taken.has(name)) return name;
  }
}
