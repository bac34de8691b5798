import { HelperTextItem as PfHelperTextItem, type HelperTextItemProps } from "@patternfly/react-core";

import { useTexts } from "@/text/texts";

import { texts } from "./texts";

export function HelperTextItem({ variant = "default", ...props }: HelperTextItemProps) {
  const t = useTexts(texts);
  return <PfHelperTextItem {...props} variant={variant} {...(variant === "default" ? {} : { screenReaderText: t(`helper_${variant}`) })} />;
}
