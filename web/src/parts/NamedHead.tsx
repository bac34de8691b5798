import { Breadcrumb, BreadcrumbItem, Flex, PageSection } from "@patternfly/react-core";
import type { ReactNode } from "react";
import { Link } from "react-router";

import { PageHead } from "./PageHead";

interface Props {
  /** the list it is of: its title, and its address */
  list: string;
  to: string;
  name: string;
  about?: string | undefined;
  state: ReactNode;
  actions?: ReactNode;
}

/** Above the own page of something of a list: the way back there, its name and state. */
export function NamedHead({ list, to, name, about, state, actions }: Props) {
  return (
    <>
      <PageSection hasBodyWrapper={false} type="breadcrumb">
        <Breadcrumb aria-label={list}>
          <BreadcrumbItem>
            <Link to={to}>{list}</Link>
          </BreadcrumbItem>
          <BreadcrumbItem isActive className="inn-name">{name}</BreadcrumbItem>
        </Breadcrumb>
      </PageSection>
      <PageHead
        title={
          <Flex gap={{ default: "gapSm" }} alignItems={{ default: "alignItemsCenter" }} component="span">
            <span className="inn-name">{name}</span> {state}
          </Flex>
        }
        about={about}
        actions={actions}
      />
    </>
  );
}
