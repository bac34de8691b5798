import { Checkbox, Content } from "@patternfly/react-core";
import { useState } from "react";

import { Names } from "@/guests/Bulk";
import { beginJob } from "@/guests/bulk";
import type { GuestRow } from "@/guests/rows";
import { texts as guestTexts } from "@/guests/texts";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** Several at once, each by its name. Those that are protected stay. */
export function PurgeMany({ guests, onClose }: { guests: readonly GuestRow[]; onClose: () => void }) {
  const t = useTexts(texts);
  const say = useTexts(guestTexts);
  const [asked] = useState(guests);
  const [keepDisks, setKeepDisks] = useState(false);
  const able = asked.filter((guest) => !guest.protected);
  const kept = asked.filter((guest) => guest.protected);
  const title = say("purgeMany", { count: able.length });
  return (
    <Confirm
      title={title}
      confirm={t("purge")}
      isDanger
      wayBack={null}
      why={able.length === 0 ? t("noneLeft") : undefined}
      onConfirm={() => void beginJob("purge", able, { keepDisks })}
      onClose={onClose}
    >
      <Names guests={able} label={title} />
      <Content component="p">{t("purgeManyLoses")}</Content>
      <Checkbox
        id="keep-disks"
        label={t("keepDisks")}
        description={t("keepDisksHow")}
        isChecked={keepDisks}
        onChange={(_, now) => setKeepDisks(now)}
      />
      {kept.length > 0 && (
        <>
          <Content component="p" className="inn-way-back">{t("protectedOnes", { count: kept.length })}</Content>
          <Names guests={kept} label={t("protectedOnes", { count: kept.length })} />
        </>
      )}
    </Confirm>
  );
}
