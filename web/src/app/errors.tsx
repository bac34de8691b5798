import { Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from "@patternfly/react-core";
import { Link, useLocation, useRouteError } from "react-router";

import { useTexts } from "@/text/texts";

import { texts } from "./texts";

export function NotFound() {
  const t = useTexts(texts);
  const { pathname } = useLocation();
  return (
    <EmptyState titleText={t("notFound")} headingLevel="h1">
      <EmptyStateBody>{t("notFoundBody", { path: pathname })}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button variant="link" component={(props) => <Link {...props} to="/" />}>
            {t("toOverview")}
          </Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}

/** Where a page broke, or could not be loaded, such as after an update of the server. */
export function Broken() {
  const t = useTexts(texts);
  const error = useRouteError();
  return (
    <EmptyState role="main" titleText={t("broke")} headingLevel="h1" status="danger">
      <EmptyStateBody>
        <p>{t("brokeBody")}</p>
        <pre>{error instanceof Error ? error.message : String(error)}</pre>
      </EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button onClick={() => location.reload()}>{t("again")}</Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
