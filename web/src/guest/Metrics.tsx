import { Content } from "@patternfly/react-core";
import { useState } from "react";

import { useLook } from "@/api/query";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { EACH, SampleCharts, type Span, SpanChoice } from "@/parts/Samples";
import { useTexts } from "@/text/texts";

import type { Guest } from "./Page";
import { metricsTexts } from "./metricsTexts";

export default function Metrics({ guest }: { guest: Guest }) {
  const t = useTexts(metricsTexts);
  const [span, setSpan] = useState<Span>("minutes");
  const { data, error } = useLook("samples", "samples", { name: guest.name, span }, { every: EACH[span], keep: true });
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
