import { List, ListItem } from "@patternfly/react-core";

import type { Schemas } from "@/api/types";
import { Alert, AlertActionCloseButton } from "@/patternfly/Alert";
import { useCatalogue } from "@/text/catalogue";
import { useTexts } from "@/text/texts";

import { changesTexts } from "./changesTexts";

type Changes = Schemas["GuestChanges"];

/** What came of a change: what is so now, what waits for the next start, and why. */
export function ChangesAlert({ changes, onClose }: { changes: Changes; onClose: () => void }) {
  const t = useTexts(changesTexts);
  const say = useCatalogue();
  const name = (what: string) =>
    what.startsWith("label ") ? t("label", { key: what.slice(6) }) : what in changesTexts.keys ? t(what as "cpus") : what;
  const value = (one: string | null) => (one === "yes" || one === "no" ? t(one) : (one ?? "—"));
  const line = (one: Changes["changes"][number]) => {
    const when = t(one.when === "now" ? "atOnce" : "atNext");
    const isWhole = one.what === "document";
    const said = isWhole ? t("wholeLine", { what: name(one.what), when }) : t("line", { what: name(one.what), before: value(one.before), after: value(one.after), when });
    return one.why ? t("because", { line: said, why: say(one.why, one.facts) }) : said;
  };
  const waits = changes.changes.some((one) => one.when === "next");
  const more = [...changes.warnings.map((id) => say(id, { name: changes.name })), ...changes.dropped.map((what) => t("dropped", { what }))];
  return (
    <Alert
      isInline
      variant={more.length ? "warning" : waits ? "info" : "success"}
      title={t("saved")}
      actionClose={<AlertActionCloseButton title={t("saved")} onClose={onClose} />}
    >
      {changes.changes.length === 0 && more.length === 0 ? (
        t("nothing")
      ) : (
        <List isPlain>
          {changes.changes.map((one) => <ListItem key={one.what}>{line(one)}</ListItem>)}
          {more.map((one) => <ListItem key={one}>{one}</ListItem>)}
        </List>
      )}
    </Alert>
  );
}
