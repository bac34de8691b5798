import {
  Button, Checkbox, ClipboardCopy, FormGroup, Grid, GridItem, InputGroup, InputGroupItem, TextArea, TextInput,
} from "@patternfly/react-core";
import { SyncAltIcon } from "@patternfly/react-icons";
import { useState } from "react";

import { Code } from "@/parts/Code";
import { useTexts } from "@/text/texts";

import { type Form, KEYS, newPassword } from "./form";
import { Help } from "./OtherSources";
import { texts } from "./texts";
import { hasMore, userData } from "./userData";

interface Props {
  form: Form;
  set: (change: Partial<Form>) => void;
  /** whom the image lets in */
  user: string | null;
}

/** What the guest is told at its first boot: a form, and beside it what it comes to, which can be edited by hand. */
export function LogIn({ form, set, user }: Props) {
  const t = useTexts(texts);
  const [isMore, setMore] = useState(hasMore(form) || form.userData !== null);
  const isByHand = form.userData !== null;
  const shown = form.userData ?? userData(form, user);
  return (
    <>
      {!isByHand && <Who form={form} set={set} user={user} />}
      {!isMore && <Button variant="link" isInline onClick={() => setMore(true)}>{t("moreFirstBoot")}</Button>}
      {isMore && (
        <Grid hasGutter sm={12} lg={isByHand ? 12 : 6}>
          {!isByHand && (
            <GridItem>
              <FormGroup label={t("packages")} fieldId="packages">
                <TextInput id="packages" value={form.packages} placeholder="nginx htop" onChange={(_, packages) => set({ packages })} />
                <Help text={t("packagesHelp")} />
              </FormGroup>
              <FormGroup label={t("commands")} fieldId="commands" className="inn-create__below">
                <TextArea id="commands" className="inn-create__code" rows={5} value={form.commands} spellCheck={false} onChange={(_, commands) => set({ commands })} />
                <Help text={t("commandsHelp")} />
              </FormGroup>
            </GridItem>
          )}
          <GridItem>
            <FormGroup label={t("userData")} role="group">
              <Code
                language="yaml" label={t("userData")} value={shown} height="26rem"
                onChange={(text) => text !== shown && set({ userData: text })}
              />
              {isByHand ? (
                <>
                  <Help text={t("byHand")} />
                  <Button variant="link" isInline onClick={() => set({ userData: null })}>{t("backToForm")}</Button>
                </>
              ) : (
                <Help text={t("userDataHelp")} />
              )}
            </FormGroup>
          </GridItem>
        </Grid>
      )}
    </>
  );
}

function Who({ form, set, user }: Props) {
  const t = useTexts(texts);
  return (
    <>
      <Grid hasGutter sm={12} md={6}>
        <GridItem>
          <FormGroup label={t("user")} fieldId="user">
            <TextInput id="user" value={form.user} placeholder={user ?? "inn"} autoComplete="off" spellCheck={false} onChange={(_, next) => set({ user: next })} />
          </FormGroup>
        </GridItem>
        <GridItem>
          <FormGroup label={t("password")} fieldId="password">
            <InputGroup>
              <InputGroupItem isFill>
                <TextInput
                  id="password" value={form.password} autoComplete="off" spellCheck={false} isDisabled={!form.hasPassword}
                  onChange={(_, password) => set({ password })}
                />
              </InputGroupItem>
              <InputGroupItem>
                <Button
                  variant="control" icon={<SyncAltIcon />} aria-label={t("anotherPassword")} isDisabled={!form.hasPassword}
                  onClick={() => set({ password: newPassword() })}
                />
              </InputGroupItem>
            </InputGroup>
            <Help text={t("passwordHelp")} />
          </FormGroup>
        </GridItem>
      </Grid>
      <Checkbox
        id="no-password" label={t("noPasswordAtAll")} isChecked={!form.hasPassword}
        {...(!form.hasPassword && !form.keys.trim() ? { description: t("nobodyIn") } : {})}
        onChange={(_, isWithout) => set({ hasPassword: !isWithout })}
      />
      <FormGroup label={t("keys")} fieldId="keys">
        <TextArea
          id="keys" className="inn-create__code" rows={2} resizeOrientation="vertical" value={form.keys} placeholder="ssh-ed25519 AAAA…" spellCheck={false}
          onChange={(_, keys) => {
            set({ keys });
            localStorage.setItem(KEYS, keys); // they are public, and the same the next time
          }}
        />
        <Help text={t("keysHelp")} />
      </FormGroup>
    </>
  );
}

/** How to log in, to copy. */
export function LoginFacts({ user, password }: { user: string; password: string | null }) {
  const t = useTexts(texts);
  return (
    <p>
      {t("logInAs")} <b>{user}</b>
      {password && (
        <>
          {t("withPassword")}{" "}
          <ClipboardCopy variant="inline-compact" isCode hoverTip={t("copy")} clickTip={t("copied")}>{password}</ClipboardCopy>
        </>
      )}
    </p>
  );
}
