import { lookForUpdate } from "./updated";

const TRIES = 4;
const PAUSE = 400; // milliseconds

/** A part of the pages, loaded when it is first needed; again where that broke off. A browser on the host itself breaks off
 * what is under way whenever a guest's network card comes or goes (ERR_NETWORK_CHANGED). */
export function again<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await load();
      } catch (error) {
        if (attempt === TRIES || (await lookForUpdate())) throw error;
        // Vite takes a style sheet for loaded that stands in the page, also when it did not come.
        for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) if (!came(link)) link.remove();
        await new Promise((resolve) => setTimeout(resolve, PAUSE * attempt));
      }
    }
  };
}

/** One that did not come has none, or (in Chromium) one whose rules may not be read. */
function came(link: HTMLLinkElement): boolean {
  try {
    return link.sheet !== null && link.sheet.cssRules.length >= 0;
  } catch {
    return false;
  }
}
