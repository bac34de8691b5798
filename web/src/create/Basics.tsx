import { Button, FormGroup, Grid, GridItem, NumberInput, TextInput } from "@patternfly/react-core";
import { MinusCircleIcon, PlusCircleIcon } from "@patternfly/react-icons";

import type { ApiProblem } from "@/api/problem";
import { size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { Choice } from "./Choice";
import type { Choices } from "./choices";
import { bytes, type Form, whole } from "./form";
import type { Made } from "./made";
import { Help } from "./OtherSources";
import { SizeInput } from "./SizeInput";
import { texts } from "./texts";

interface Props {
  form: Form;
  set: (change: Partial<Form>) => void;
  suggested: string;
  choices: Choices;
  made: Made | null;
  problem: ApiProblem | null;
}

const CARDS = 4;

/** Name, size and network. What is left empty is chosen by the host, and shown. */
export function Basics({ form, set, suggested, choices, made, problem }: Props) {
  const t = useTexts(texts);
  const { support } = choices;
  const isExport = form.way === "disk" && form.diskFrom === "export";
  const isNameWrong = problem && ["request.name", "guest.exists"].includes(problem.code);
  const most = support?.max_cpus;
  const isKnown = form.way !== "image" && !isExport;
  const usual = {
    cpus: made?.cpus ?? (isKnown ? choices.usual.cpus : null),
    memory: made?.memory ?? (isKnown ? choices.usual.memory : null),
    diskSize: made?.disk?.capacity ?? (isKnown ? choices.usual.diskSize : null),
  };
  const cpus = whole(form.cpus) ?? usual.cpus;
  return (
    <>
      <FormGroup label={t("name")} fieldId="name">
        <TextInput
          id="name" value={form.name} placeholder={suggested} maxLength={63} autoComplete="off" spellCheck={false}
          validated={isNameWrong ? "error" : "default"} onChange={(_, name) => set({ name })}
        />
        {isNameWrong ? <Help isError text={problem.title} /> : <Help text={t("nameHelp", { name: suggested })} />}
      </FormGroup>
      <Grid hasGutter sm={12} md={4}>
        <GridItem>
          <FormGroup label={t("cpus")} fieldId="cpus">
            <NumberInput
              id="cpus" min={1} {...(most ? { max: most } : {})}
              value={form.cpus === "" ? (usual.cpus ?? "") as number : whole(form.cpus) ?? 0}
              onMinus={() => set({ cpus: String(Math.max((cpus ?? 2) - 1, 1)) })}
              onPlus={() => set({ cpus: String((cpus ?? 1) + 1) })}
              onChange={(event) => set({ cpus: event.currentTarget.value })}
              inputAriaLabel={t("cpus")} minusBtnAriaLabel={t("fewer")} plusBtnAriaLabel={t("more")}
              widthChars={4}
            />
            {support && <Help text={t("cpusHelp", { count: support.cpus })} />}
          </FormGroup>
        </GridItem>
        <GridItem>
          <FormGroup label={t("memory")} fieldId="memory">
            <SizeInput id="memory" label={t("memory")} value={form.memory} usual={usual.memory} onChange={(memory) => set({ memory })} />
            {bytes(form.memory) === null ? <Help isError text={t("memoryWrong")} /> : support && <Help text={t("memoryHelp", { left: size(support.memory_left), size: size(support.memory) })} />}
          </FormGroup>
        </GridItem>
        {form.way !== "disk" && !form.diskless && (
          <GridItem>
            <FormGroup label={t("diskSize")} fieldId="disk-size">
              <SizeInput id="disk-size" label={t("diskSize")} value={form.diskSize} usual={usual.diskSize} onChange={(diskSize) => set({ diskSize })} />
              {bytes(form.diskSize) === null ? <Help isError text={t("diskSizeWrong")} /> : <Help text={t("diskSizeHelp")} />}
            </FormGroup>
          </GridItem>
        )}
      </Grid>
      {!isExport && <Cards form={form} set={set} choices={choices} />}
    </>
  );
}

/** A network for each card; none said is the usual one. */
function Cards({ form, set, choices }: Pick<Props, "form" | "set" | "choices">) {
  const t = useTexts(texts);
  const usual = choices.support?.networks.find((one) => one.usual)?.name ?? "";
  const cards = form.networks.length ? form.networks : [usual];
  const change = (index: number, name: string) => set({ networks: name === "none" ? ["none"] : cards.map((one, at) => (at === index ? name : one)) });
  return (
    <FormGroup label={t("network")} role="group">
      {cards.map((name, index) => (
        <div key={index} className="inn-create__card">
          <Choice
            id={`network-${index}`} label={cards.length > 1 ? t("card", { number: index + 1 }) : t("network")} value={name}
            options={cards.length > 1 ? choices.networks.filter((one) => one.value !== "none") : choices.networks}
            onChange={(next) => change(index, next)}
          />
          {cards.length > 1 && (
            <Button
              variant="plain" icon={<MinusCircleIcon />} aria-label={t("removeCard", { number: index + 1 })}
              onClick={() => set({ networks: cards.filter((_, at) => at !== index) })}
            />
          )}
        </div>
      ))}
      {cards.length < CARDS && cards[0] !== "none" && usual !== "" && (
        <Button variant="link" isInline icon={<PlusCircleIcon />} onClick={() => set({ networks: [...cards, usual] })}>{t("addCard")}</Button>
      )}
    </FormGroup>
  );
}
