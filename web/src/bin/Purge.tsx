import { Checkbox, Content, List, ListItem } from "@patternfly/react-core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { order } from "@/api/act";
import { plan } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { useLook } from "@/api/query";
import type { Schemas } from "@/api/types";
import type { GuestRow } from "@/guests/rows";
import { Confirm } from "@/parts/Confirm";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { Spinner } from "@/patternfly/Spinner";
import { size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

const VOLUME = /^delete volume (.+)$/;

/** Deletes it for good, after having said by name what is lost with it. */
export function Purge({ guest, onClose }: { guest: GuestRow; onClose: () => void }) {
  const t = useTexts(texts);
  const { name, uuid } = guest;
  const [keepDisks, setKeepDisks] = useState(false);
  const what = useQuery({
    queryKey: ["guest", "guest.purge", uuid],
    queryFn: ({ signal }) => plan("guest.purge", { name: uuid }, signal),
    staleTime: 0,
  });
  const shown = useLook("guest", "guest.show", { name: uuid });
  const volumes = (what.data?.summary ?? []).flatMap((line) => VOLUME.exec(line)?.slice(1, 2) ?? []);
  const disks = shown.data?.disks ?? [];
  const others = disks.filter((disk) => disk.path && !volumes.includes(place(disk)));
  const problem = what.error instanceof ApiProblem ? what.error : null;
  return (
    <Confirm
      title={t("purgeTitle", { name })}
      confirm={t("purge")}
      isDanger
      wayBack={null}
      why={what.isPending ? t("reading") : undefined}
      onConfirm={() => order("guest.purge", { name: uuid, keep_disks: keepDisks }, name)}
      onClose={onClose}
    >
      {what.isPending ? (
        <Spinner size="md" aria-label={t("reading")} />
      ) : (
        <>
          <ProblemAlert problem={problem} onLeave={onClose} />
          <Content component="p">{t("purgeLoses")}</Content>
          <List className="inn-names">
            <ListItem>{t("purgeGuest")}</ListItem>
            {!keepDisks && volumes.map((volume) => (
              <ListItem key={volume}>
                <b>{volume}</b> {capacity(disks, volume)}
              </ListItem>
            ))}
          </List>
          {others.length > 0 && (
            <>
              <Content component="p">{t("keeps")}</Content>
              <List className="inn-names">
                {others.map((disk) => (
                  <ListItem key={disk.target}>{disk.pool ? place(disk) : disk.path}</ListItem>
                ))}
              </List>
            </>
          )}
          {volumes.length > 0 ? (
            <Checkbox
              id="keep-disks"
              label={t("keepDisks")}
              description={t("keepDisksHow")}
              isChecked={keepDisks}
              onChange={(_, now) => setKeepDisks(now)}
            />
          ) : (
            what.data && <Content component="p">{t("purgeNothing")}</Content>
          )}
        </>
      )}
    </Confirm>
  );
}

type Disk = Schemas["Disk"];
const place = (disk: Disk) => `${disk.pool}/${disk.volume}`;

function capacity(disks: readonly Disk[], volume: string): string {
  const found = disks.find((disk) => place(disk) === volume)?.capacity;
  return found ? `– ${size(found)}` : "";
}
