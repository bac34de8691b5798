import { Content, FormGroup, Radio } from "@patternfly/react-core";
import { useState } from "react";

import { announce } from "@/api/act";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

const THEN = ["leave", "save", "force"] as const;

export function StopAll({ running, onClose }: { running: number; onClose: () => void }) {
  const t = useTexts(texts);
  const [then, setThen] = useState<(typeof THEN)[number]>("leave");
  const stop = () => announce("host.stop_guests", { then }, t("host")); // it takes minutes
  return (
    <Confirm
      title={t("stopAllTitle")}
      wayBack={t("stopAllBack")}
      confirm={t("stopAllConfirm")}
      isDanger
      onConfirm={stop}
      onClose={onClose}
    >
      <Content component="p">{t("stopAllBody", { count: running })}</Content>
      <FormGroup className="inn-way-back" role="radiogroup" label={t("stopAllThen")} fieldId="then">
        {THEN.map((one) => (
          <Radio
            key={one}
            id={`then-${one}`}
            name="then"
            label={t(`then_${one}`)}
            isChecked={then === one}
            onChange={() => setThen(one)}
          />
        ))}
      </FormGroup>
    </Confirm>
  );
}
