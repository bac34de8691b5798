import { AlertActionLink, Button, Content } from "@patternfly/react-core";
import { useMemo, useState } from "react";

import { plan } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { useLook } from "@/api/query";
import type { Plan, Schemas } from "@/api/types";
import { useWho } from "@/app/who";
import { ActionButton } from "@/parts/ActionButton";
import { Code } from "@/parts/Code";
import { ask } from "@/parts/Dialogs";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { useDraft } from "@/parts/drafts";
import { Alert } from "@/patternfly/Alert";
import { useTexts } from "@/text/texts";

import { ChangesAlert } from "./Changes";
import type { Guest } from "./Page";
import { SaveXml } from "./SaveXml";
import { malformed } from "./wellFormed";
import { xmlTexts } from "./xmlTexts";

interface Draft {
  text: string;
  /** what it was made from */
  base: string;
}

/** Its document: edited, compared, checked, saved. What others change meanwhile refuses to be overwritten. */
export default function Xml({ guest }: { guest: Guest }) {
  const t = useTexts(xmlTexts);
  const { role } = useWho();
  const { data, error } = useLook("guest", "guest.document", { name: guest.name });
  const [draft, setDraft] = useDraft<Draft>(`${guest.uuid}/xml`);
  const [isComparing, setComparing] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [changes, setChanges] = useState<Schemas["GuestChanges"] | null>(null);
  const now = data?.document;
  const text = draft?.text ?? now ?? "";
  const base = draft?.base ?? now ?? "";
  const bad = useMemo(() => (draft ? malformed(draft.text) : undefined), [draft]);
  const told = useMemo(() => {
    if (bad) return [{ line: bad.line, message: t("badXml", { detail: bad.message }) }];
    const line = Number(problem?.facts.line);
    return line > 0 ? [{ line, message: problem!.title }] : [];
  }, [bad, problem, t]);
  if (now === undefined) return error?.code === "guest.transient" ? <Alert isInline variant="info" title={t("transient")} /> : <ProblemAlert problem={error} />;

  const isDirty = draft !== undefined;
  const isOld = isDirty && draft.base !== now;
  const why = role !== "admin" ? t("onlyAdmins") : !isDirty ? t("saveFirst") : bad ? t("malformed", { line: bad.line }) : undefined;
  const write = (next: string) => {
    setProblem(null);
    setDraft(next === now ? undefined : { text: next, base: draft?.base ?? now });
  };
  const begin = () => {
    setDraft(undefined);
    setComparing(false);
    setProblem(null);
  };
  const check = async () => {
    setBusy(true);
    setProblem(null);
    setChanges(null);
    try {
      const fields = { name: guest.name, document: text, base };
      const planned: Plan = await plan("guest.edit", fields);
      const saved = (what: Schemas["GuestChanges"]) => {
        setChanges(what);
        begin();
      };
      ask((close) => <SaveXml guest={guest} fields={fields} planned={planned} onSaved={saved} onClose={close} />);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="inn-guest__stack">
      <Content component="p">
        {t(guest.state === "stopped" ? "how" : "howRunning")}
      </Content>
      {isOld && (
        <Alert
          isInline
          variant="warning"
          title={t("elsewhere", { name: guest.name })}
          actionLinks={
            <>
              <AlertActionLink
                onClick={() => {
                  setDraft({ text, base: now });
                  setComparing(true);
                  setProblem(null);
                }}
              >
                {t("compare")}
              </AlertActionLink>
              <AlertActionLink onClick={begin}>{t("beginAnew")}</AlertActionLink>
            </>
          }
        >
          {t("elsewhereHow")}
        </Alert>
      )}
      {changes && <ChangesAlert changes={changes} onClose={() => setChanges(null)} />}
      <ProblemAlert problem={problem?.code === "guest.changed_meanwhile" && isOld ? null : problem} />
      <Code
        value={text}
        {...(role === "admin" ? { onChange: write } : {})}
        language="xml"
        label={t("label", { name: guest.name })}
        problems={told}
        original={isComparing && isDirty ? base : undefined}
        height="max(20rem, calc(100dvh - 26rem))"
      />
      <div className="inn-guest__buttons">
        <ActionButton why={why} isLoading={isBusy} onClick={() => void check()}>{t("save")}</ActionButton>
        {isDirty && (
          <>
            <Button variant="secondary" onClick={() => setComparing(!isComparing)}>{t(isComparing ? "hideChanges" : "showChanges")}</Button>
            <Button variant="link" onClick={begin}>{t("discard")}</Button>
          </>
        )}
      </div>
    </div>
  );
}
