import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { RouterProvider } from "react-router/dom";

import { listen } from "@/api/events";
import { ApiProblem } from "@/api/problem";
import { store } from "@/api/query";
import { useTexts } from "@/text/texts";

import { again } from "./loading";
import { router } from "./routes";
import { enter, type Who } from "./session";
import { texts } from "./texts";
import { WhoContext } from "./who";

const SignIn = lazy(again(async () => ({ default: (await import("./SignIn")).SignIn })));

/** Whoever is let in gets the pages, and the stream of events as long as they are. */
export function App() {
  const t = useTexts(texts);
  const [who, setWho] = useState<Who | null | undefined>();
  const [away, setAway] = useState(false);
  const ended = () => setWho(null);

  useEffect(() => {
    let over = false;
    const knock = () =>
      enter(ended).then(
        (found) => {
          setAway(false);
          if (!over) setWho(found);
        },
        (error: unknown) => {
          if (!(error instanceof ApiProblem)) throw error;
          setAway(true);
          if (!over) setTimeout(() => void knock(), 2000);
        },
      );
    void knock();
    return () => {
      over = true;
    };
  }, []);
  useEffect(() => {
    if (!who || location.pathname.startsWith("/console/")) return;
    return listen();
  }, [who]);

  if (who === undefined) return away ? <p className="inn-away">{t("away")}</p> : null;
  if (who === null) {
    return (
      <Suspense>
        <SignIn onIn={setWho} whenEnded={ended} />
      </Suspense>
    );
  }
  return (
    <WhoContext value={who}>
      <QueryClientProvider client={store}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </WhoContext>
  );
}
