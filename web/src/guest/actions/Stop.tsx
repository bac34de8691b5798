import { Radio, Stack } from "@patternfly/react-core";
import { useState } from "react";

import { look, send } from "@/api/client";
import { order } from "@/api/act";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import type { About } from "./reasons";
import { texts } from "./texts";

/** Asks it to power off, or cuts it off. One that is suspended hears nothing, and a crashed one neither. */
export function Stop({ guest, onClose }: { guest: About; onClose: () => void }) {
  const t = useTexts(texts);
  const { name } = guest;
  const isDeaf = guest.state !== "running" && guest.state !== "stopping" && guest.state !== "unknown";
  const [force, setForce] = useState(isDeaf);
  return (
    <Confirm
      title={t("stopTitle", { name })}
      confirm={t(force ? "cutOff" : "stop")}
      isDanger={force}
      {...(force ? { wayBack: t("cutOffBack") } : {})}
      onConfirm={() => (force ? cutOff(name) : order("guest.stop", { name }, name))}
      onClose={onClose}
    >
      <Stack hasGutter>
        <Radio
          id="stop-asked"
          name="stop"
          label={t("stopAsk")}
          description={isDeaf ? t("stopDeaf") : t("stopAskHow")}
          isChecked={!force}
          isDisabled={isDeaf}
          onChange={() => setForce(false)}
        />
        <Radio
          id="stop-forced"
          name="stop"
          label={t("cutOff")}
          description={t("cutOffLoses")}
          isChecked={force}
          onChange={() => setForce(true)}
        />
      </Stack>
    </Confirm>
  );
}

/** At once. A stop that still waits for the guest is called off first: it holds the guest's lock. */
async function cutOff(name: string): Promise<void> {
  const waiting = await look("operation.list", { target: [name], verb: ["guest.stop", "guest.reboot"], state: ["queued", "running"] });
  for (const { id } of waiting) await send(`/api/v1/operations/${id}/cancel`, { method: "POST", body: {} });
  for (let wait = 0; wait < 30 && waiting.length > 0; wait += 1) {
    const left = await look("operation.list", { target: [name], state: ["queued", "running"] });
    if (left.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await order("guest.stop", { name, force: true }, name);
}
