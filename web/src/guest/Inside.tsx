import {
  Card, CardBody, CardTitle, Content, DescriptionList, Progress, ProgressMeasureLocation, ProgressVariant,
} from "@patternfly/react-core";

import { Fact } from "@/parts/Fact";
import { ago, list, size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { isOn } from "./Overview";
import type { Guest } from "./Page";
import { texts } from "./texts";

type Inside = NonNullable<Guest["inside"]>;

/** What its agent tells; or why nobody does, and what helps. */
export function InsideCard({ guest }: { guest: Guest }) {
  const t = useTexts(texts);
  const { inside } = guest;
  const hasLine = inside !== null;
  const why = !isOn(guest)
    ? "insideOff"
    : !hasLine
      ? "insideNone"
      : ({ off: "insideAbsent", silent: "insideSilent", slow: "insideSlow", answers: undefined } as const)[inside.agent];
  return (
    <Card isCompact isFullHeight component="section" className="inn-guest__wide">
      <CardTitle component="h2">{t("inside")}</CardTitle>
      <CardBody className="inn-guest__stack">
        {why && <Content component="p">{t(why)}</Content>}
        {inside && (inside.agent === "answers" || inside.agent === "slow") && <Told inside={inside} />}
      </CardBody>
    </Card>
  );
}

function Told({ inside }: { inside: Inside }) {
  const t = useTexts(texts);
  const users = inside.users.map((user) => (user.since === null ? user.name : t("since", { user: user.name, when: ago(user.since) })));
  return (
    <>
      <DescriptionList isCompact columnModifier={{ default: "1Col", lg: "2Col" }} isHorizontal horizontalTermWidthModifier={{ default: "11ch", md: "16ch" }}>
        {inside.os && <Fact term={t("os")}>{inside.os}</Fact>}
        {inside.kernel && <Fact term={t("kernel")}>{inside.kernel}</Fact>}
        {inside.host_name && <Fact term={t("hostName")}>{inside.host_name}</Fact>}
        {inside.time_zone && <Fact term={t("timeZone")}>{inside.time_zone}</Fact>}
        <Fact term={t("users")}>{users.length ? list(users) : t("usersNone")}</Fact>
      </DescriptionList>
      {inside.file_systems.length > 0 && (
        <section>
          <h3 className="inn-guest__sub">{t("fileSystems")}</h3>
          <div className="inn-guest__cards">
            {inside.file_systems.filter((one) => one.size).map((one) => (
              <FileSystem key={`${one.mount} ${one.device}`} one={one} />
            ))}
          </div>
        </section>
      )}
      <Content component="small">{t("word")}</Content>
    </>
  );
}

function FileSystem({ one }: { one: Inside["file_systems"][number] }) {
  const t = useTexts(texts);
  const part = one.size && one.used !== null ? (100 * one.used) / one.size : 0;
  const title = t("fileSystem", { mount: one.mount, used: size(one.used), size: size(one.size) });
  return (
    <Progress
      value={Math.round(part)}
      title={title}
      size="sm"
      measureLocation={ProgressMeasureLocation.outside}
      {...(part >= 95 ? { variant: ProgressVariant.danger } : part >= 85 ? { variant: ProgressVariant.warning } : {})}
    />
  );
}
