/** Whether there is anything to look at: a QEMU. */
export function runs(state: string): boolean {
  return !["stopped", "saved", "crashed", "creating", "deleted", ""].includes(state);
}
