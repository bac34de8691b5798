import {
  Alert as PfAlert, AlertActionCloseButton as PfAlertActionCloseButton, type AlertActionCloseButtonProps, type AlertProps,
} from "@patternfly/react-core";

import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** Says of which kind it is in the page's language. */
export function Alert({ variant = "custom", title, ...props }: AlertProps) {
  const t = useTexts(texts);
  const toggle = props.isExpandable && typeof title === "string" ? { toggleAriaLabel: t("details", { what: title }) } : {};
  return <PfAlert variant={variant} title={title} variantLabel={t(variant)} {...toggle} {...props} />;
}

/** `title`: of what it closes. */
export function AlertActionCloseButton({ title, ...props }: AlertActionCloseButtonProps & { title: string }) {
  const t = useTexts(texts);
  return <PfAlertActionCloseButton aria-label={t("closeOf", { what: title })} title={title} {...props} />;
}
