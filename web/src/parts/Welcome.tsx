import { Button } from "@patternfly/react-core";
import { CopyIcon } from "@patternfly/react-icons";
import { useState } from "react";
import { useLocation } from "react-router";

import { Alert, AlertActionCloseButton } from "@/patternfly/Alert";
import { defineTexts, useTexts } from "@/text/texts";

import { useWelcome, welcome } from "./welcome";

const texts = defineTexts("welcome", {
  en: {
    logIn: "Log in to {name} as",
    password: "with the password",
    keys: "with the ssh key that you gave it",
    once: "It is shown here until you close it, and kept nowhere: note it, or change it inside with passwd.",
    copy: "Copy the password",
    copied: "Copied",
    close: "I have noted it",
  },
  zh: {
    logIn: "登录 {name} 的用户：",
    password: "密码：",
    keys: "使用您提供的 SSH 密钥",
    once: "此信息在您关闭前显示于此，不会保存在任何地方：请记下来，或在虚拟机内用 passwd 修改。",
    copy: "复制密码",
    copied: "已复制",
    close: "我已记下",
  },
});

/** Above a guest that was just made: how to log in. */
export function Welcome() {
  const t = useTexts(texts);
  const { pathname } = useLocation();
  const name = /^\/guests\/([^/]+)/.exec(pathname)?.[1];
  const guest = name === undefined ? undefined : decodeURIComponent(name);
  const login = useWelcome(guest);
  const [isCopied, setCopied] = useState(false);
  if (!login || guest === undefined) return null;
  const { user, password } = login;
  return (
    <Alert
      isInline
      variant="info"
      className="inn-banner"
      title={<>{t("logIn", { name: guest })} {user} {password === null ? t("keys") : <>{t("password")} <code>{password}</code></>}</>}
      actionClose={<AlertActionCloseButton title={t("close")} aria-label={t("close")} onClose={() => welcome(guest, null)} />}
      {...(password !== null && navigator.clipboard
        ? {
            actionLinks: (
              <Button variant="link" isInline icon={<CopyIcon />} onClick={() => void navigator.clipboard.writeText(password).then(() => setCopied(true))}>
                {t(isCopied ? "copied" : "copy")}
              </Button>
            ),
          }
        : {})}
    >
      {password !== null && t("once")}
    </Alert>
  );
}
