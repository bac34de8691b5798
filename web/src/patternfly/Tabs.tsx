import { Tabs as PfTabs, type TabsProps } from "@patternfly/react-core";

import { useTexts } from "@/text/texts";

import { texts } from "./texts";

export function Tabs(props: Omit<TabsProps, "ref">) {
  const t = useTexts(texts);
  return <PfTabs {...props} backScrollAriaLabel={t("back")} forwardScrollAriaLabel={t("forward")} leftScrollAriaLabel={t("back")} rightScrollAriaLabel={t("forward")} />;
}
