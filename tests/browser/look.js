// What somebody sees and can reach on a page; reading.py runs these there.
({
  /** Nothing is being loaded any more, as far as somebody can see. */
  settled: () => {
    const seen = (node) => node.getClientRects().length > 0;
    if (!document.querySelector("#root")?.firstElementChild) return false;
    if (document.querySelector(".pf-v6-c-page") && !document.querySelector("main h1")) return false;
    const busy = [...document.querySelectorAll(".pf-v6-c-spinner, .pf-v6-c-skeleton")];
    const counts = (node) => seen(node) && !node.closest("button, .pf-v6-c-alert");
    return document.fonts.status === "loaded" && !busy.some(counts);
  },

  /** Every visible text, and every word for those who hear the page. */
  texts: () => {
    const found = new Set();
    const seen = (node) => node.getClientRects().length > 0 && getComputedStyle(node).visibility !== "hidden";
    const asItIs = "code, pre, kbd, samp, [translate=no], .cm-editor, .xterm, script, style, option[lang]";
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const parent = node.parentElement;
      if (parent && !parent.closest(asItIs) && seen(parent)) found.add(node.textContent.trim());
    }
    for (const node of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
      if (!seen(node) || node.closest(asItIs)) continue;
      for (const name of ["aria-label", "title", "placeholder"]) found.add(node.getAttribute(name)?.trim() ?? "");
    }
    return [...found].filter(Boolean);
  },

  /** What reaches over the right edge, and is not inside something that scrolls by itself. */
  tooWide: () => {
    const width = document.documentElement.clientWidth;
    const frame = ".pf-v6-c-page__main-container, .pf-v6-c-page__main, .pf-v6-c-page__main-section, body, html";
    const found = [];
    const clipped = (node) => {
      for (let up = node.parentElement; up; up = up.parentElement) {
        const scrolls = /auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX);
        if (scrolls && !up.matches(frame) && up.getBoundingClientRect().right <= width + 1) return true;
      }
      return false;
    };
    for (const node of document.querySelectorAll("#root *, .pf-v6-c-backdrop *")) {
      const box = node.getBoundingClientRect();
      if (box.width === 0 || box.height === 0 || box.right <= width + 1 || box.left < 0) continue;
      if (getComputedStyle(node).visibility === "hidden" || clipped(node)) continue;
      found.push(`${node.tagName.toLowerCase()}.${node.getAttribute("class")} to ${Math.round(box.right)}: ${(node.textContent ?? "").slice(0, 40)}`);
    }
    return found.slice(0, 4);
  },

  /** Numbers all places where Tab should stop; how many. */
  numberStops: () => {
    const seen = (node) => node.getClientRects().length > 0 && node.checkVisibility({ visibilityProperty: true });
    let number = 0;
    for (const node of document.querySelectorAll("a[href], button, input, select, textarea, [tabindex]")) {
      delete node.dataset.stop;
      if (node.disabled || node.tabIndex < 0 || !seen(node) || node.closest("[inert]")) continue;
      if (node.type === "radio" && !node.checked) continue;
      node.dataset.stop = String(number);
      number += 1;
    }
    return number;
  },

  /** Where the focus is, and whether that is to be seen. */
  here: () => {
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    const looks = [getComputedStyle(node), getComputedStyle(node, "::before"), getComputedStyle(node, "::after")];
    const ring = looks.some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none");
    const own = node.matches("input, textarea, select, canvas") || node.closest(".cm-editor, .xterm, svg");
    return { stop: node.dataset.stop ?? "", shows: ring || Boolean(own), what: node.outerHTML.slice(0, 160) };
  },

  /** Those of the numbered places that were not reached. */
  missing: (reached) =>
    [...document.querySelectorAll("[data-stop]")]
      .filter((node) => node.tabIndex >= 0 && !reached.includes(node.dataset.stop))
      .map((node) => node.outerHTML.slice(0, 160)),
});
