import { useEffect, useState } from "react";

import { send } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

const EVERY = 2500;

/** Its screen as it is about now, while it is looked at. */
export function Screen({ name }: { name: string }) {
  const t = useTexts(texts);
  const [picture, setPicture] = useState<string>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let over = false;
    let url: string | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const gone = new AbortController();
    const look = async () => {
      try {
        if (!document.hidden) {
          const answer = await send(`/api/v1/guests/${encodeURIComponent(name)}/screenshot`, { headers: { Accept: "image/png" }, signal: gone.signal });
          const next = URL.createObjectURL(await answer.blob());
          if (url) URL.revokeObjectURL(url);
          url = next;
          if (!over) {
            setPicture(next);
            setProblem(undefined);
          }
        }
      } catch (error) {
        if (error instanceof ApiProblem && !over) setProblem(error.title);
      }
      if (!over) timer = setTimeout(() => void look(), EVERY);
    };
    void look();
    return () => {
      over = true;
      gone.abort();
      clearTimeout(timer);
      if (url) URL.revokeObjectURL(url);
    };
  }, [name]);
  if (!picture) return <div className="inn-guest__dark">{problem}</div>;
  return <img className="inn-guest__screen" src={picture} alt={t("screenOf", { name })} />;
}
