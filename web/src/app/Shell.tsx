import {
  AlertActionLink, Brand, Button, Masthead, MastheadBrand, MastheadContent, MastheadLogo, MastheadMain, MastheadToggle, Nav, NavItem,
  NavList, Page, PageSidebar, PageSidebarBody, PageToggleButton, SkipToContent,
} from "@patternfly/react-core";
import { BarsIcon, PlusCircleIcon } from "@patternfly/react-icons";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Link, Outlet, useLocation, useNavigation } from "react-router";

import { useLook } from "@/api/query";
import { useReachable } from "@/api/reachable";
import { Announcements } from "@/parts/Announcements";
import { CommandsButton } from "@/parts/Commands";
import { Dialogs } from "@/parts/Dialogs";
import { reload } from "@/parts/drafts";
import { useHasWelcomes } from "@/parts/welcome";
import { Alert } from "@/patternfly/Alert";
import { Spinner } from "@/patternfly/Spinner";
import { useTexts } from "@/text/texts";

import { again } from "./loading";
import { signOut } from "./session";
import { texts } from "./texts";
import { lookForUpdate, useUpdated } from "./updated";

const Welcome = lazy(again(async () => ({ default: (await import("@/parts/Welcome")).Welcome })));
/** pixels: from there on the menu has its place beside the page (PatternFly's xl) */
const WIDE = 1200;
const PAGES = ["guests", "images", "storage", "networks", "host", "operations", "bin", "settings"] as const;

/** What is around every page: where one is, where one can go, and whether what one sees is the truth. */
export function Shell() {
  const t = useTexts(texts);
  const { pathname } = useLocation();
  const hasWelcomes = useHasWelcomes();
  const isLoading = useNavigation().state === "loading";
  const [isOpen, setOpen] = useState(() => innerWidth >= WIDE);
  useEffect(() => {
    if (innerWidth < WIDE) setOpen(false);
    document.getElementById("main")?.scrollTo(0, 0);
  }, [pathname]);
  const isOver = isOpen && innerWidth < WIDE; // the menu lies over the page, until it is used or left

  const masthead = (
    <Masthead display={{ default: "inline" }}>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton variant="plain" aria-label={t("menu")} isSidebarOpen={isOpen} onSidebarToggle={() => setOpen(!isOpen)}>
            <BarsIcon />
          </PageToggleButton>
        </MastheadToggle>
        <MastheadBrand>
          <MastheadLogo component={(props) => <Link {...props} to="/" className="inn-logo" />}>
            <Brand src="/icon.svg" alt="" heights={{ default: "28px" }} /> <span className="inn-logo__name">Innkeeper</span>
          </MastheadLogo>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <div className="inn-masthead">
          {isLoading && <Spinner size="md" aria-label={t("loading")} />}
          <Button icon={<PlusCircleIcon />} component={(props) => <Link {...props} to="/create" />}>
            {t("create")}
          </Button>
          <CommandsButton />
          <Button variant="plain" className="inn-masthead__out" onClick={() => void signOut().then(() => location.assign("/"))}>
            {t("signOut")}
          </Button>
        </div>
      </MastheadContent>
    </Masthead>
  );
  const sidebar = (
    <PageSidebar
      isSidebarOpen={isOpen}
      className={isOver ? "pf-m-expanded" : ""}
      inert={!isOpen}
      onKeyDown={(event) => event.key === "Escape" && isOver && setOpen(false)}
    >
      <PageSidebarBody>
        <Nav aria-label={t("menu")}>
          <NavList>
            <Place to="" label={t("overview")} here={pathname === "/"} />
            {PAGES.map((one) => (
              <Place key={one} to={one} label={t(one)} here={pathname.split("/")[1] === one} />
            ))}
          </NavList>
        </Nav>
      </PageSidebarBody>
    </PageSidebar>
  );
  return (
    <Page
      masthead={masthead}
      sidebar={sidebar}
      mainContainerId="main"
      skipToContent={<SkipToContent href="#main">{t("skip")}</SkipToContent>}
      isContentFilled
      data-here={pathname}
    >
      <title>{titleOf(pathname, t)}</title>
      {isOver && <button type="button" className="inn-veil" aria-label={t("closeMenu")} onClick={() => setOpen(false)} />}
      <Honesty />
      <Suspense>{hasWelcomes && <Welcome />}</Suspense>
      <Outlet />
      <Announcements />
      <Dialogs />
    </Page>
  );
}

/** What the browser's tab, history and bookmarks say. */
function titleOf(pathname: string, t: ReturnType<typeof useTexts<(typeof texts)["keys"]>>): string {
  const [page = "", thing = ""] = pathname.slice(1).split("/");
  const place = page === "" ? "overview" : [...PAGES, "create" as const].find((one) => one === page);
  return [decodeURIComponent(thing), place && t(place), "Innkeeper"].filter(Boolean).join(" · ");
}

function Place({ to, label, here }: { to: string; label: string; here: boolean }) {
  return (
    <NavItem isActive={here}>
      <Link to={`/${to}`} aria-current={here ? "page" : undefined}>
        {label}
      </Link>
    </NavItem>
  );
}

/** Says so when what the pages show may be old. */
function Honesty() {
  const t = useTexts(texts);
  const isReachable = useReachable();
  const isUpdated = useUpdated();
  const wasAway = useRef(false);
  useEffect(() => {
    if (isReachable && wasAway.current) void lookForUpdate(); // it may be another one that came back
    wasAway.current = !isReachable;
  }, [isReachable]);
  const link = useLook("host", "host.link", {}, { every: 10_000 }).data;
  if (!isReachable) return <Alert isInline variant="warning" title={t("away")} className="inn-banner" />;
  if (isUpdated) {
    const again = <AlertActionLink onClick={reload}>{t("again")}</AlertActionLink>;
    return <Alert isInline variant="info" title={t("updated")} actionLinks={again} className="inn-banner">{t("updatedBody")}</Alert>;
  }
  if (!link || link.state === "connected") return null;
  const said = link.state === "away" ? "libvirtAway" : "libvirtHung";
  return <Alert isInline variant="danger" title={t(said, { detail: link.detail })} className="inn-banner" />;
}
