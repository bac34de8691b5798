import { Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from "@patternfly/react-core";
import { Link, useLocation, useRouteError } from "react-router";

import { reload } from "@/parts/drafts";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";
import { useUpdated } from "./updated";

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
  const isUpdated = useUpdated();
  return (
    <EmptyState role="main" titleText={t(isUpdated ? "updated" : "broke")} headingLevel="h1" status={isUpdated ? "info" : "danger"}>
      <EmptyStateBody>
        <p>{t(isUpdated ? "updatedBody" : "brokeBody")}</p>
        {!isUpdated && <pre>{error instanceof Error ? error.message : String(error)}</pre>}
      </EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button onClick={reload}>{t("again")}</Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
