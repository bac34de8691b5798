import { createBrowserRouter, type RouteObject } from "react-router";

import { Broken, NotFound } from "./errors";
import { again } from "./loading";
import { signedIn } from "./session";
import { Shell } from "./Shell";

interface Module {
  Page: () => React.ReactNode;
  /** asks for what the page needs first, while it is still being drawn */
  ahead?: () => void;
}
const page = (load: () => Promise<Module>) => async () => {
  const found = await again(load)();
  void signedIn.then(() => found.ahead?.());
  return { Component: found.Page };
};

// A page is loaded when it is first opened.
const PAGES: RouteObject[] = [
  { index: true, lazy: page(() => import("@/overview/Page")) },
  { path: "guests", lazy: page(() => import("@/guests/Page")) },
  { path: "guests/:name/:tab?", lazy: page(() => import("@/guest/Page")) },
  { path: "create", lazy: page(() => import("@/create/Page")) },
  { path: "images", lazy: page(() => import("@/images/Page")) },
  { path: "storage/:pool?", lazy: page(() => import("@/storage/Page")) },
  { path: "networks/:network?", lazy: page(() => import("@/networks/Page")) },
  { path: "host/:tab?", lazy: page(() => import("@/host/Page")) },
  { path: "operations/:id?", lazy: page(() => import("@/operations/Page")) },
  { path: "bin", lazy: page(() => import("@/bin/Page")) },
  { path: "settings", lazy: page(() => import("@/settings/Page")) },
  { path: "*", Component: NotFound },
];

export const router = createBrowserRouter([
  { path: "/", Component: Shell, ErrorBoundary: Broken, HydrateFallback: () => null, children: PAGES },
  // A console in a window of its own has no shell around it.
  { path: "/console/:name/:kind", lazy: page(() => import("@/console/Window")), ErrorBoundary: Broken, HydrateFallback: () => null },
]);
