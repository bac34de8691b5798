import { lookForUpdate } from "./updated";

const TRIES = 4;
const PAUSE = 400; // milliseconds

/** Style sheets that did not come: Vite asks for each only once. */
const lost = new Set<HTMLLinkElement>();
const remember = ({ target }: Event) => {
  if (target instanceof HTMLLinkElement && target.rel === "stylesheet") lost.add(target);
};
document.addEventListener("error", remember, true);

/** A part of the pages, loaded when it is first needed; again where that broke off. A browser on the host itself breaks off
 * what is under way whenever a guest's network card comes or goes (ERR_NETWORK_CHANGED). */
export function again<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await Promise.all([...lost].map(styleAgain));
        return await load();
      } catch (error) {
        if (attempt === TRIES || (await lookForUpdate())) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE * attempt));
      }
    }
  };
}

function styleAgain(link: HTMLLinkElement): Promise<void> {
  lost.delete(link);
  const next = document.createElement("link");
  return new Promise((came, failed) => {
    next.rel = "stylesheet";
    next.crossOrigin = link.crossOrigin;
    next.href = link.href;
    next.addEventListener("load", () => came());
    next.addEventListener("error", () => failed(new Error(`${link.href} did not come`)));
    link.replaceWith(next);
  });
}
