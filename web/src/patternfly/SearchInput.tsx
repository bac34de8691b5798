import { SearchInput as PfSearchInput, type SearchInputProps } from "@patternfly/react-core";

import { useTexts } from "@/text/texts";

import { texts } from "./texts";

export function SearchInput(props: SearchInputProps) {
  const t = useTexts(texts);
  return <PfSearchInput {...props} resetButtonLabel={t("clear")} />;
}
