import { ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import { useMemo } from "react";

import type { Schemas } from "@/api/types";
import { percent, rate, size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { Chart } from "./Chart";
import { texts } from "./texts";

export type Span = "minutes" | "hour" | "day";

/** Milliseconds after which there is a new value. */
export const EACH: Record<Span, number> = { minutes: 5000, hour: 30_000, day: 60_000 };

/** Which time the charts are of. */
export function SpanChoice({ span, onChange }: { span: Span; onChange: (span: Span) => void }) {
  const t = useTexts(texts);
  return (
    <ToggleGroup aria-label={t("span")} isCompact>
      {(["minutes", "hour", "day"] as const).map((one) => (
        <ToggleGroupItem key={one} text={t(one)} buttonId={`span-${one}`} isSelected={span === one} onChange={() => onChange(one)} />
      ))}
    </ToggleGroup>
  );
}

interface Props {
  samples: Schemas["Samples"];
  /** processors that 100 % of the samples' CPU are one of: a guest's; of a host, whose samples are of all it has, 1 */
  cpus?: number;
  /** bytes that there are */
  memory?: number | undefined;
  height?: number;
}

/** CPU, memory, disk and network of a guest or of a host. */
export function SampleCharts({ samples, cpus = 1, memory, height }: Props) {
  const t = useTexts(texts);
  const lines = useMemo(
    () => ({
      cpu: [{ label: t("cpu"), values: samples.cpu.map((value) => (value === null ? null : value / cpus)) }],
      memory: [{ label: t("memory"), values: samples.memory }],
      disk: [
        { label: t("read"), values: samples.disk_read },
        { label: t("written"), values: samples.disk_write },
      ],
      net: [
        { label: t("received"), values: samples.net_rx },
        { label: t("sent"), values: samples.net_tx },
      ],
    }),
    [samples, cpus, t],
  );
  const common = { begins: samples.begins, step: samples.step, together: "samples", ...(height ? { height } : {}) };
  return (
    <div className="inn-charts">
      <Chart {...common} title={t("cpu")} lines={lines.cpu} format={percent} most={100} />
      <Chart {...common} title={t("memory")} lines={lines.memory} format={size} most={memory} isBytes />
      <Chart {...common} title={t("disk")} lines={lines.disk} format={rate} isBytes />
      <Chart {...common} title={t("network")} lines={lines.net} format={rate} isBytes />
    </div>
  );
}
