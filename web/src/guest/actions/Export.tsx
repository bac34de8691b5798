import { Checkbox, Content } from "@patternfly/react-core";
import { useState } from "react";

import { order } from "@/api/act";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import { type About, isActive } from "./reasons";
import { texts } from "./texts";

/** All of it as one file, which the browser fetches when the host has made it. */
export function Export({ guest, onClose }: { guest: About; onClose: () => void }) {
  const t = useTexts(texts);
  const { name } = guest;
  const isRunning = isActive(guest.state);
  const [freeze, setFreeze] = useState(true);
  const make = () => order("guest.export", { name, file: "download:", freeze }, name, { onDone: ({ file }) => fetchFile(file, `${name}.inn`) });
  return (
    <Confirm title={t("exportTitle", { name })} confirm={t("exportConfirm")} onConfirm={make} onClose={onClose}>
      <Content component="p">{t("exportWhat")}</Content>
      <Content component="p">{t(isRunning ? "exportRuns" : "exportOff")}</Content>
      {isRunning && <Checkbox id="export-freeze" label={t("freeze")} description={t("freezeHow")} isChecked={freeze} onChange={(_, now) => setFreeze(now)} />}
    </Confirm>
  );
}

function fetchFile(reference: string, name: string): void {
  const link = document.createElement("a");
  link.href = `/api/v1/downloads/${reference.replace("download:", "")}`;
  link.download = name;
  link.click();
}
