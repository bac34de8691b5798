import { Content } from "@patternfly/react-core";
import { useQueryClient } from "@tanstack/react-query";

import { act } from "@/api/act";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import { browserOf, type Session } from "./Sessions";
import { texts } from "./texts";

export function EndSession({ session, onClose }: { session: Session; onClose: () => void }) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const browser = browserOf(session.agent, t);
  const end = async () => {
    await act("access.end_session", { id: session.id }, browser);
    await client.invalidateQueries({ queryKey: ["session"] });
  };
  return (
    <Confirm title={t("endTitle", { browser })} wayBack={t("endBack")} confirm={t("signOut")} isDanger onConfirm={end} onClose={onClose}>
      <Content component="p">{t("endBody", { address: session.address })}</Content>
    </Confirm>
  );
}
