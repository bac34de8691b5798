import "@patternfly/react-core/dist/styles/base.css";
import "./app/theme";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app/App";

import "./app/app.css"; // behind those of the components that it changes

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
