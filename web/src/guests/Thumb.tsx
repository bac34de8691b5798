import { DesktopIcon } from "@patternfly/react-icons";
import { useEffect, useRef, useState } from "react";

import { send } from "@/api/client";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

// Pictures of screens: only of those that are seen, a few at a time, every few seconds.

const EVERY = 4000;
const AT_ONCE = 3;
const KEPT = 200;
const WITH_SCREEN = new Set(["running", "suspended", "stopping"]);

const pictures = new Map<string, string>(); // uuid → address of the last picture, the oldest first
const waiting: (() => void)[] = [];
let busy = 0;

async function inTurn(work: () => Promise<void>): Promise<void> {
  if (busy >= AT_ONCE) await new Promise<void>((go) => waiting.push(go));
  busy += 1;
  try {
    await work();
  } finally {
    busy -= 1;
    waiting.shift()?.();
  }
}

function keep(uuid: string, picture: Blob): string {
  const before = pictures.get(uuid);
  if (before) setTimeout(() => URL.revokeObjectURL(before), EVERY);
  pictures.delete(uuid);
  const address = URL.createObjectURL(picture);
  pictures.set(uuid, address);
  for (const [oldest, one] of pictures) {
    if (pictures.size <= KEPT) break;
    pictures.delete(oldest);
    URL.revokeObjectURL(one);
  }
  return address;
}

/** The screen of a guest as it is now, while somebody sees it here. */
export function Thumb({ name, uuid, state }: { name: string; uuid: string; state: string }) {
  const t = useTexts(texts);
  const place = useRef<HTMLDivElement>(null);
  const [address, setAddress] = useState(() => pictures.get(uuid));
  const [isNone, setNone] = useState(false);
  const hasScreen = WITH_SCREEN.has(state);

  useEffect(() => {
    if (!hasScreen || !place.current) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isSeen = false;
    const over = new AbortController();
    const look = async () => {
      if (!isSeen || over.signal.aborted) return;
      try {
        if (!document.hidden) {
          const path = `/api/v1/guests/${encodeURIComponent(name)}/screenshot`;
          const answer = await send(path, { headers: { Accept: "image/png" }, signal: over.signal });
          setAddress(keep(uuid, await answer.blob()));
          setNone(false);
        }
      } catch {
        if (!over.signal.aborted) setNone(true); // it has no screen, or its state was another by then
      }
    };
    const again = () => {
      clearTimeout(timer);
      void inTurn(look).then(() => {
        if (isSeen && !over.signal.aborted) timer = setTimeout(again, EVERY);
      });
    };
    const watch = new IntersectionObserver(([entry]) => {
      if (isSeen === entry!.isIntersecting) return;
      isSeen = entry!.isIntersecting;
      if (isSeen) again();
      else clearTimeout(timer);
    });
    watch.observe(place.current);
    return () => {
      over.abort();
      watch.disconnect();
      clearTimeout(timer);
    };
  }, [name, uuid, hasScreen]);

  const isPicture = hasScreen && address && !isNone;
  return (
    <div ref={place} className="inn-thumb" data-state={state}>
      {isPicture ? <img src={address} alt={t("screenOf", { name })} /> : <DesktopIcon className="inn-thumb__none" aria-hidden />}
    </div>
  );
}
