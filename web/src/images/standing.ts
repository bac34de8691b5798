// Who stands on an image, as the server names them: one in the bin has that behind its name (image/standing.py).

const IN_BIN = " (in the bin)";

export function isInBin(guest: string): boolean {
  return guest.endsWith(IN_BIN) || guest.includes("~");
}

/** What its owner calls it. */
export function nameOf(guest: string): string {
  return (guest.endsWith(IN_BIN) ? guest.slice(0, -IN_BIN.length) : guest).split("~")[0]!;
}
