import { Spinner as PfSpinner, type SpinnerProps } from "@patternfly/react-core";

import { useTexts } from "@/text/texts";

import { texts } from "./texts";

export function Spinner(props: SpinnerProps) {
  const t = useTexts(texts);
  return <PfSpinner {...props} aria-valuetext={t("loading")} />;
}
