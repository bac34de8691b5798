import { type Form, lines } from "./form";

// The form of the first boot as cloud-init's user data: what the server makes of user, password and keys, and what only
// user data can say.

/** Whether it says more than user, password and keys, which the server takes as they are. */
export function hasMore(form: Form): boolean {
  return lines(form.packages).length > 0 || lines(form.commands).length > 0;
}

export function userData(form: Form, user: string | null): string {
  const keys = lines(form.keys);
  const packages = form.packages.split(/[\s,]+/).filter(Boolean);
  const commands = lines(form.commands);
  const isLocked = !form.hasPassword || !form.password;
  return [
    "#cloud-config",
    "users:",
    `  - name: ${text(form.user.trim() || user || "inn")}`,
    "    shell: /bin/bash",
    '    sudo: "ALL=(ALL) NOPASSWD:ALL"',
    `    lock_passwd: ${isLocked}`,
    ...(isLocked ? [] : [`    plain_text_passwd: ${text(form.password)}`]),
    ...block("    ssh_authorized_keys:", keys, "      "),
    "ssh_pwauth: false",
    "disable_root: true",
    "growpart: {mode: auto, devices: [/]}",
    "resize_rootfs: true",
    ...(packages.length ? ["package_update: true"] : []),
    ...block("packages:", packages, "  "),
    ...block("runcmd:", commands, "  "),
    "",
  ].join("\n");
}

function block(title: string, items: readonly string[], indent: string): string[] {
  return items.length ? [title, ...items.map((item) => `${indent}- ${text(item)}`)] : [];
}

/** A scalar that YAML cannot take for anything else. JSON is YAML, but for a few characters (YAML 1.1, 5.1). */
function text(value: string): string {
  if (/^[A-Za-z][\w./+-]*$/.test(value) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(value)) return value;
  return JSON.stringify(value).replace(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
