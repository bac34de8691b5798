import { Content, PageSection, Title } from "@patternfly/react-core";
import type { ReactNode } from "react";

/** The title of a page, what it is about, and what can be done with all of it. */
export function PageHead({ title, about, actions }: { title: ReactNode; about?: ReactNode; actions?: ReactNode }) {
  return (
    <PageSection hasBodyWrapper={false}>
      <div className="inn-head">
        <div>
          <Title headingLevel="h1">{title}</Title>
          {about && <Content component="p">{about}</Content>}
        </div>
        {actions && <div className="inn-head__actions">{actions}</div>}
      </div>
    </PageSection>
  );
}
