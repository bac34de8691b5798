import { Radio, Stack } from "@patternfly/react-core";
import { useState } from "react";

import { order } from "@/api/act";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import type { About } from "./reasons";
import { texts } from "./texts";

/** Asks it to boot again, or presses its reset button. */
export function Restart({ guest, onClose }: { guest: About; onClose: () => void }) {
  const t = useTexts(texts);
  const { name } = guest;
  const [force, setForce] = useState(false);
  return (
    <Confirm
      title={t("restartTitle", { name })}
      confirm={t(force ? "reset" : "restart")}
      isDanger={force}
      onConfirm={() => (force ? order("guest.reset", { name }, name) : order("guest.reboot", { name }, name))}
      onClose={onClose}
    >
      <Stack hasGutter>
        <Radio
          id="restart-asked"
          name="restart"
          label={t("restartAsk")}
          description={t("restartAskHow")}
          isChecked={!force}
          onChange={() => setForce(false)}
        />
        <Radio
          id="restart-forced"
          name="restart"
          label={t("reset")}
          description={t("resetLoses")}
          isChecked={force}
          onChange={() => setForce(true)}
        />
      </Stack>
    </Confirm>
  );
}
