import type { SearchAddon } from "@xterm/addon-search";
import { useEffect, useState } from "react";

import { SearchInput } from "@/patternfly/SearchInput";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

const SHOWN = {
  decorations: {
    matchBackground: "#5c4a00",
    matchOverviewRuler: "#8f7400",
    activeMatchBackground: "#8f7400",
    activeMatchColorOverviewRuler: "#dca614",
  },
};

/** Looks for something in all that the terminal still has, from below upwards: the last is what one wants. */
export function Find({ search, onClose }: { search: SearchAddon; onClose: () => void }) {
  const t = useTexts(texts);
  const [wanted, setWanted] = useState("");
  const [found, setFound] = useState({ resultIndex: -1, resultCount: 0 });
  useEffect(() => {
    const told = search.onDidChangeResults(setFound);
    return () => {
      told.dispose();
      search.clearDecorations();
    };
  }, [search]);
  const look = (text: string) => {
    setWanted(text);
    if (text) search.findPrevious(text, SHOWN);
    else search.clearDecorations();
  };
  return (
    <div className="inn-console-find" role="search">
      <SearchInput
        aria-label={t("find")}
        placeholder={t("find")}
        value={wanted}
        autoFocus
        onChange={(_, text) => look(text)}
        onClear={() => look("")}
        onNextClick={() => search.findNext(wanted, SHOWN)}
        onPreviousClick={() => search.findPrevious(wanted, SHOWN)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
          if (event.key === "Enter") search[event.shiftKey ? "findNext" : "findPrevious"](wanted, SHOWN);
        }}
        {...(wanted ? { resultsCount: found.resultCount ? `${found.resultIndex + 1} / ${found.resultCount}` : t("notFound") } : {})}
      />
    </div>
  );
}
