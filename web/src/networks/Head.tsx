import { Breadcrumb, BreadcrumbItem, Flex, PageSection } from "@patternfly/react-core";
import type { ReactNode } from "react";
import { Link } from "react-router";

import { PageHead } from "@/parts/PageHead";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** Above a network's own page. */
export function Head({ name, about, state }: { name: string; about?: string | undefined; state: ReactNode }) {
  const t = useTexts(texts);
  return (
    <>
      <PageSection hasBodyWrapper={false} type="breadcrumb">
        <Breadcrumb aria-label={t("title")}>
          <BreadcrumbItem>
            <Link to="/networks">{t("title")}</Link>
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
      />
    </>
  );
}
