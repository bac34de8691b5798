import { Content } from "@patternfly/react-core";
import { useBlocker } from "react-router";

import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** Asks before the page is left while a file is on its way. */
export function Leaving({ isBusy }: { isBusy: boolean }) {
  const t = useTexts(texts);
  const blocker = useBlocker(({ currentLocation, nextLocation }) => isBusy && currentLocation.pathname !== nextLocation.pathname);
  if (blocker.state !== "blocked") return null;
  return (
    <Confirm title={t("leaveTitle")} confirm={t("leaveConfirm")} isDanger onConfirm={() => blocker.proceed()} onClose={() => blocker.reset()}>
      <Content component="p">{t("leaveWhat")}</Content>
    </Confirm>
  );
}
