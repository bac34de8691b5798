import {
  Button, Card, CardBody, CardFooter, CardHeader, CardTitle, Content, DescriptionList, Label, LabelGroup,
} from "@patternfly/react-core";
import { Link } from "react-router";

import { useLook } from "@/api/query";
import { Chart } from "@/parts/Chart";
import { EACH } from "@/parts/Samples";
import { useCatalogue } from "@/text/catalogue";
import { ago, dateTime, percent, size } from "@/text/format";
import { Copy } from "@/parts/Copy";
import { Fact } from "@/parts/Fact";
import { useTexts } from "@/text/texts";

import { Attention } from "./Attention";
import { InsideCard } from "./Inside";
import type { Guest } from "./Page";
import { Screen } from "./Screen";
import { texts } from "./texts";

/** What one wants to know of a guest first. */
export default function Overview({ guest }: { guest: Guest }) {
  return (
    <div className="inn-guest__stack">
      <Attention guest={guest} />
      <div className="inn-guest__cards">
        <ScreenCard guest={guest} />
        <AboutCard guest={guest} />
        <ReachCard guest={guest} />
        <UsageCard guest={guest} />
        <InsideCard guest={guest} />
      </div>
    </div>
  );
}

export const isOn = (guest: Guest) => ["running", "suspended", "stopping", "sleeping"].includes(guest.state);

function ScreenCard({ guest }: { guest: Guest }) {
  const t = useTexts(texts);
  const body = !guest.graphics ? t("screenNone") : isOn(guest) ? null : t("screenOff");
  return (
    <Card isCompact isFullHeight component="section">
      <CardTitle component="h2">{t("screen")}</CardTitle>
      <CardBody>{body ? <div className="inn-guest__dark">{body}</div> : <Screen name={guest.name} />}</CardBody>
      <CardFooter>
        <Button variant="link" isInline component={(props) => <Link {...props} to={`/guests/${encodeURIComponent(guest.name)}/console`} />}>
          {t("openConsole")}
        </Button>
      </CardFooter>
    </Card>
  );
}

function AboutCard({ guest }: { guest: Guest }) {
  const t = useTexts(texts);
  const say = useCatalogue();
  const disks = guest.disks.filter((disk) => disk.device === "disk");
  const capacity = disks.reduce((sum, disk) => sum + (disk.capacity ?? 0), 0);
  const autostart = guest.autostart ? (guest.start_order ? t("autostartOrder", { order: guest.start_order }) : t("yes")) : t("no");
  const labels = Object.entries(guest.labels);
  const firmware = (["bios", "uefi", "uefi-secure"] as const).find((one) => one === guest.firmware);
  return (
    <Card isCompact isFullHeight component="section">
      <CardTitle component="h2">{t("about")}</CardTitle>
      <CardBody>
        <DescriptionList isCompact isHorizontal horizontalTermWidthModifier={{ default: "11ch", md: "16ch" }}>
          <Fact term={t("image")}>{guest.image ?? t("imageNone")}</Fact>
          {guest.created !== null && <Fact term={t("created")}><span title={dateTime(guest.created)}>{ago(guest.created)}</span></Fact>}
          <Fact term={t("cpus")}>{guest.cpus}</Fact>
          <Fact term={t("memory")}>{size(guest.memory)}</Fact>
          <Fact term={t("disks")}>{disks.length === 0 ? t("disksNone") : `${disks.length} × ${size(capacity / disks.length)}`}</Fact>
          <Fact term={t("system")}>{[guest.arch, guest.machine, firmware ? t(firmware) : guest.firmware].join(" · ")}</Fact>
          <Fact term={t("accel")}>
            {guest.accel === "kvm" ? t("kvm") : guest.accel === "tcg" ? t("tcg") : guest.accel}
            {guest.accel_reason && <Content component="small">{say(guest.accel_reason, guest.accel_facts)}</Content>}
          </Fact>
          <Fact term={t("autostart")}>{autostart}</Fact>
          {guest.protected && <Fact term={t("protection")}>{t("protectedYes")}</Fact>}
          {labels.length > 0 && (
            <Fact term={t("labels")}>
              <LabelGroup numLabels={12} aria-label={t("labels")}>
                {labels.map(([key, value]) => (
                  <Label key={key} isCompact variant="outline">{value ? `${key}=${value}` : key}</Label>
                ))}
              </LabelGroup>
            </Fact>
          )}
          {guest.notes && <Fact term={t("notes")}><div className="inn-guest__notes">{guest.notes}</div></Fact>}
        </DescriptionList>
      </CardBody>
    </Card>
  );
}

function ReachCard({ guest }: { guest: Guest }) {
  const t = useTexts(texts);
  const addresses = [...new Set([...guest.nics.flatMap((nic) => nic.addresses), ...(guest.inside?.cards ?? []).flatMap((card) => card.addresses)])]
    .filter((address) => !/^(127\.|::1|fe80:)/i.test(address))
    .map((address) => address.split("/")[0]!);
  const address = addresses.find((one) => one.includes(".")) ?? addresses[0];
  const ssh = guest.login === "ssh" && address ? `ssh ${guest.user ? `${guest.user}@` : ""}${address}` : null;
  return (
    <Card isCompact isFullHeight component="section">
      <CardTitle component="h2">{t("reach")}</CardTitle>
      <CardBody className="inn-guest__stack">
        <div>
          <h3 className="inn-guest__sub">{t("addresses")}</h3>
          {addresses.length === 0 && <Content component="p">{t(isOn(guest) ? "addressesNone" : "addressesOff")}</Content>}
          {addresses.map((one) => (
            <div key={one}><Copy variant="inline-compact" label={t("addresses")}>{one}</Copy></div>
          ))}
        </div>
        {ssh && (
          <div>
            <h3 className="inn-guest__sub">{t("ssh")}</h3>
            <Copy label={t("ssh")}>{ssh}</Copy>
          </div>
        )}
        {guest.login === "serial" && <Content component="p">{t("serialHow")}</Content>}
      </CardBody>
    </Card>
  );
}

function UsageCard({ guest }: { guest: Guest }) {
  const t = useTexts(texts);
  const { data } = useLook("samples", "samples", { name: guest.name, span: "minutes" }, { every: EACH.minutes, keep: true });
  const common = data && { begins: data.begins, step: data.step, together: "guest-usage", height: 92 };
  return (
    <Card isCompact isFullHeight component="section">
      <CardHeader><CardTitle component="h2">{t("usage")}</CardTitle></CardHeader>
      <CardBody className="inn-guest__stack">
        {common && (
          <>
            <Chart {...common} title={t("cpus")} lines={cpuLines(data.cpu, guest.cpus, t("cpus"))} format={percent} most={100} />
            <Chart {...common} title={t("memory")} lines={[{ label: t("memory"), values: data.memory }]} format={size} most={guest.memory} isBytes />
          </>
        )}
      </CardBody>
      <CardFooter>
        <Button variant="link" isInline component={(props) => <Link {...props} to={`/guests/${encodeURIComponent(guest.name)}/metrics`} />}>
          {t("moreMetrics")}
        </Button>
      </CardFooter>
    </Card>
  );
}

function cpuLines(values: readonly (number | null)[], cpus: number, label: string) {
  return [{ label, values: values.map((value) => (value === null ? null : value / cpus)) }];
}

