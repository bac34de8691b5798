import { useState } from "react";

import { announce } from "@/api/act";
import { ActionMenu } from "@/parts/ActionMenu";
import { useMay } from "@/parts/may";
import { useTexts } from "@/text/texts";

import { StopAll } from "./StopAll";
import { texts } from "./texts";

/** What can be done with all guests of the host at once, such as before it is turned off. */
export function HostMenu({ running }: { running: number | undefined }) {
  const t = useTexts(texts);
  const may = useMay();
  const [isStopping, setStopping] = useState(false);
  return (
    <>
      <ActionMenu
        of={t("host")}
        actions={[
          { label: t("startAll"), onClick: () => announce("host.start_guests", {}, t("host")), why: may("admin") },
          {
            label: t("stopAll"),
            onClick: () => setStopping(true),
            why: running === 0 ? t("noneRuns") : may("admin"),
            isDanger: true,
          },
        ]}
      />
      {isStopping && <StopAll running={running ?? 0} onClose={() => setStopping(false)} />}
    </>
  );
}
