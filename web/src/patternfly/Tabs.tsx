import { Tabs as PfTabs, type TabsProps } from "@patternfly/react-core";
import { useEffect, useRef } from "react";

import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** The chosen one is in view, also where not all of them have room. */
export function Tabs(props: Omit<TabsProps, "ref">) {
  const t = useTexts(texts);
  const around = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const list = around.current?.querySelector("[role=tablist]");
    if (!list) return;
    const show = () => {
      list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    };
    const observer = new ResizeObserver(show); // also when its scroll buttons come, on a narrow screen
    observer.observe(list);
    return () => observer.disconnect();
  }, [props.activeKey]);
  return (
    <div ref={around} className="inn-tabs">
      <PfTabs
        {...props} backScrollAriaLabel={t("back")} forwardScrollAriaLabel={t("forward")}
        leftScrollAriaLabel={t("back")} rightScrollAriaLabel={t("forward")}
      />
    </div>
  );
}
