import { Button, type ButtonProps, Tooltip } from "@patternfly/react-core";

/** A button that stays visible when it cannot be used, and then says why. */
export function ActionButton({ why, ...button }: ButtonProps & { why?: string | undefined }) {
  if (!why) return <Button {...button} />;
  return (
    <Tooltip content={why}>
      <Button {...button} isAriaDisabled />
    </Tooltip>
  );
}
