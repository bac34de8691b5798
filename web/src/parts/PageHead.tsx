import { Content, Flex, FlexItem, PageSection, Title } from "@patternfly/react-core";
import type { ReactNode } from "react";

/** The title of a page, what it is about, and what can be done with all of it. */
export function PageHead({ title, about, actions }: { title: ReactNode; about?: ReactNode; actions?: ReactNode }) {
  return (
    <PageSection hasBodyWrapper={false}>
      <Flex justifyContent={{ default: "justifyContentSpaceBetween" }} alignItems={{ default: "alignItemsCenter" }}>
        <FlexItem>
          <Title headingLevel="h1">{title}</Title>
          {about && <Content component="p">{about}</Content>}
        </FlexItem>
        {actions && (
          <FlexItem>
            <Flex gap={{ default: "gapSm" }}>{actions}</Flex>
          </FlexItem>
        )}
      </Flex>
    </PageSection>
  );
}
