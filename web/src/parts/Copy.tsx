import { ClipboardCopy, type ClipboardCopyProps } from "@patternfly/react-core";

import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** Text with a button that copies it. */
export function Copy({ label, ...rest }: Omit<ClipboardCopyProps, "ref" | "label"> & { label: string }) {
  const t = useTexts(texts);
  return (
    <ClipboardCopy
      isReadOnly
      isCode
      hoverTip={t("copy")}
      clickTip={t("copied")}
      copyAriaLabel={`${t("copy")}: ${label}`}
      textAriaLabel={label}
      toggleAriaLabel={label}
      {...rest}
    />
  );
}
