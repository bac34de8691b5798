import { Content } from "@patternfly/react-core";
import { useState } from "react";

import { useLook } from "@/api/query";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { SampleCharts, type Span, SpanChoice } from "@/parts/Samples";
import { useTexts } from "@/text/texts";

import type { Guest } from "./Page";
import { metricsTexts } from "./metricsTexts";

export default function Metrics({ guest }: { guest: Guest }) {
  const t = useTexts(metricsTexts);
  const [span, setSpan] = useState<Span>("hour");
  const { data, error } = useLook("samples", "samples", { name: guest.name, span }, { every: span === "hour" ? 10_000 : 60_000, keep: true });
  return (
    <div className="inn-guest__stack">
      <div className="inn-guest__head">
        <SpanChoice span={span} onChange={setSpan} />
        <Content component="small">{t(span)}</Content>
      </div>
      <ProblemAlert problem={error} />
      {data && <SampleCharts samples={data} cpus={guest.cpus} memory={guest.memory} height={190} />}
      <Content component="small">{t("how")}</Content>
    </div>
  );
}
