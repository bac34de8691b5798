import { Button, Tooltip } from "@patternfly/react-core";
import { TerminalIcon } from "@patternfly/react-icons";
import { lazy, Suspense, useState } from "react";

import { again } from "@/app/loading";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

const CommandsDialog = lazy(again(async () => ({ default: (await import("./CommandsDialog")).CommandsDialog })));

/** "Show commands", on every page: the lines that amount to what was done here. */
export function CommandsButton() {
  const t = useTexts(texts);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Tooltip content={t("commands")}>
        <Button variant="plain" icon={<TerminalIcon />} aria-label={t("commands")} onClick={() => setOpen(true)} />
      </Tooltip>
      {isOpen && (
        <Suspense>
          <CommandsDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
