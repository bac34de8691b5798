import { Checkbox, Content, FormGroup, FormSelect, FormSelectOption } from "@patternfly/react-core";
import { useState } from "react";

import { order } from "@/api/act";
import { useLook } from "@/api/query";
import { Confirm } from "@/parts/Confirm";
import { size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { backupTexts } from "./backupTexts";
import { isOn } from "./Overview";
import type { Guest } from "./Page";

/** Pools that hold files, as a backup is a directory of files (backup/places.py). */
const HOLD_FILES = ["dir", "fs", "netfs"];

/** A backup of it as it is now. */
export function BackUp({ guest, onClose }: { guest: Guest; onClose: () => void }) {
  const t = useTexts(backupTexts);
  const pools = useLook("pool", "host.show", {}).data?.pools.filter((pool) => pool.active && HOLD_FILES.includes(pool.kind));
  const [place, setPlace] = useState("");
  const [freeze, setFreeze] = useState(true);
  const make = () => order("backup.create", { name: guest.name, freeze, ...(place ? { place } : {}) }, guest.name);
  return (
    <Confirm title={t("createTitle", { name: guest.name })} confirm={t("createConfirm")} onConfirm={make} onClose={onClose}>
      <div className="inn-guest__stack">
        <Content component="p">{t(isOn(guest) ? "createHow" : "createOff")}</Content>
        <FormGroup label={t("place")} fieldId="backup-place">
          <FormSelect id="backup-place" value={place} onChange={(_, next) => setPlace(next)}>
            <FormSelectOption value="" label={t("placeDefault")} />
            {pools?.map((pool) => <FormSelectOption key={pool.name} value={pool.name} label={t("placePool", { pool: pool.name, free: size(pool.available) })} />)}
          </FormSelect>
        </FormGroup>
        {isOn(guest) && (
          <Checkbox id="backup-freeze" label={t("freeze")} description={t("freezeHow")} isChecked={freeze} onChange={(_, next) => setFreeze(next)} />
        )}
      </div>
    </Confirm>
  );
}
