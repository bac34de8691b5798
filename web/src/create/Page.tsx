import "./create.css";

import { AlertActionLink, Form as PfForm, FormSection, PageSection, Tab, TabTitleText } from "@patternfly/react-core";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";

import { act } from "@/api/act";
import { ApiProblem } from "@/api/problem";
import { useLook } from "@/api/query";
import type { Plan } from "@/api/types";
import { ActionButton } from "@/parts/ActionButton";
import { PageHead } from "@/parts/PageHead";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { type UploadHandle, useUpload } from "@/parts/Upload";
import { welcome } from "@/parts/welcome";
import { Alert } from "@/patternfly/Alert";
import { Tabs } from "@/patternfly/Tabs";
import { useTexts } from "@/text/texts";

import { Advanced } from "./Advanced";
import { Basics } from "./Basics";
import { useChoices } from "./choices";
import { useForm, WAYS } from "./draft";
import { type Asked, type Form, type Way, whole } from "./form";
import { freeName, useImages } from "./host";
import { ImageSource } from "./ImageSource";
import { Leaving } from "./Leaving";
import { LogIn } from "./LogIn";
import { madeOf } from "./made";
import { Making } from "./Making";
import { CdSource, DiskSource, Help, NetworkSource, type Uploads } from "./OtherSources";
import { Preview } from "./Preview";
import { usePreview } from "./preview";
import { type Known, requestOf, type Sent } from "./request";
import { texts } from "./texts";

export function Page() {
  const t = useTexts(texts);
  const { form, set, wasThere, drop } = useForm();
  const uploads = useUploads();
  const { there, offers, isLoading, problem: noImages } = useImages();
  const image = form.way === "image" ? there?.find((one) => one.name === form.image) : undefined;
  const offer = form.way === "image" && !image ? offers?.find((one) => one.name === form.image) : undefined;
  const choices = useChoices(form, image);
  const known: Known = {
    name: useSuggestion(form, uploads),
    cloudInit: image?.cloud_init ?? offer?.cloud_init ?? false,
    user: image?.user ?? offer?.user ?? null,
  };
  const sent = sentOf(uploads);
  const request = requestOf(form, sent, known);
  const fields = "fields" in request ? request.fields : null;
  const look = usePreview(fields);
  const made = look.plan ? madeOf(look.plan) : null;
  const making = useMaking(uploads, drop);

  if (making.now) return <Making name={making.now.name} user={known.cloudInit ? (form.user || known.user) : null} password={passwordOf(form)} />;

  const missing = "missing" in request ? request.missing : undefined;
  const why = missing ? t(missing) : !look.isLooking && look.problem && !look.problem.unreachable ? look.problem.title : undefined;
  const create = () => {
    if (!fields) return;
    const login = known.cloudInit && form.userData === null ? { user: form.user || known.user || "inn", password: passwordOf(form) } : null;
    void making.begin(fields, login, look.isLooking ? undefined : look.plan);
  };
  const props = { form, set };
  return (
    <>
      <PageHead title={t("title")} about={t("about")} />
      <PageSection hasBodyWrapper={false} isFilled>
        <div className="inn-create">
          <PfForm
            className="inn-create__form"
            onSubmit={(event) => {
              event.preventDefault();
              if (!why) create();
            }}
          >
            <ProblemAlert problem={making.problem} />
            {wasThere && <Begun onDrop={drop} />}
            <Leaving isBusy={sent.isBusy} />
            <FormSection title={t("from")} titleElement="h2">
              <Tabs activeKey={form.way} aria-label={t("from")} onSelect={(_, way) => set({ way: way as Way })}>
                {WAYS.map((way) => (
                  <Tab key={way} eventKey={way} title={<TabTitleText>{t(way)}</TabTitleText>}>
                    <div className="inn-create__source">
                      <Help text={t(`${way}About`)} />
                      {way === form.way && way === "image" && <ProblemAlert problem={noImages} />}
                      {way === form.way && way === "image" && !noImages && (
                        <ImageSource there={there} offers={offers} isLoading={isLoading} hostArch={choices.support?.arch} chosen={form.image} onChoose={(name) => set({ image: name })} />
                      )}
                      {way === form.way && way === "cd" && <CdSource {...props} uploads={uploads} />}
                      {way === form.way && way === "network" && <NetworkSource {...props} uploads={uploads} noNetboot={choices.noNetboot} />}
                      {way === form.way && way === "disk" && <DiskSource {...props} uploads={uploads} />}
                    </div>
                  </Tab>
                ))}
              </Tabs>
            </FormSection>
            <FormSection title={t("basics")} titleElement="h2">
              <Basics {...props} suggested={known.name} choices={choices} made={made} problem={look.problem} />
            </FormSection>
            {form.way === "image" && form.image && known.cloudInit && (
              <FormSection title={t("logIn")} titleElement="h2">
                <LogIn {...props} user={known.user} />
              </FormSection>
            )}
            <Advanced {...props} choices={choices} />
          </PfForm>
          <aside className="inn-create__aside" aria-label={t("dryRun")}>
            <div className="inn-create__go">
              <ActionButton why={why} onClick={create} size="lg" isBlock>{t("create")}</ActionButton>
            </div>
            <Preview
              missing={missing} plan={look.plan && readable(look.plan, uploads)} made={made} problem={look.problem} isLooking={look.isLooking}
              fetched={offer && !made ? offer.title : undefined} count={whole(form.count) ?? 1}
            />
          </aside>
        </div>
      </PageSection>
    </>
  );
}

/** The form is as it was left. */
function Begun({ onDrop }: { onDrop: () => void }) {
  const t = useTexts(texts);
  return <Alert isInline isPlain variant="info" title={t("begun")} actionLinks={<AlertActionLink onClick={onDrop}>{t("afresh")}</AlertActionLink>} />;
}

function passwordOf(form: Form): string | null {
  return form.hasPassword && form.userData === null ? form.password : null;
}

function useUploads(): Uploads {
  return {
    cd: useUpload("cd"), drivers: useUpload("drivers"), kernel: useUpload("kernel"), initrd: useUpload("initrd"), disk: useUpload("disk"),
    bundle: useUpload("bundle"),
  };
}

function sentOf(uploads: Uploads): Sent {
  const isBusy = Object.values(uploads).some((one: UploadHandle) => one.state === "sending" || one.state === "waiting");
  return {
    cd: uploads.cd.reference, drivers: uploads.drivers.reference, kernel: uploads.kernel.reference,
    initrd: uploads.initrd.reference, disk: uploads.disk.reference, bundle: uploads.bundle.reference, isBusy,
  };
}

/** A name that nobody has, after what it is made of. */
function useSuggestion(form: Form, uploads: Uploads): string {
  const guests = useLook("guest", "guest.list", { all: true, fields: ["name"] }).data as readonly { name: string }[] | undefined;
  const taken = new Set((guests ?? []).map((one) => one.name.split("~")[0]!));
  const stem: Record<Way, string> = {
    image: form.image,
    cd: form.cdFrom === "upload" ? (uploads.cd.name ?? "") : (form.cd.split("/").at(-1) ?? ""),
    network: "guest",
    disk: form.diskFrom === "volume" ? (form.disk.split("/").at(-1) ?? "") : ((form.diskFrom === "export" ? uploads.bundle : uploads.disk).name ?? ""),
  };
  return freeName(stem[form.way], taken);
}

/** The plan with the names that uploaded files have here. */
function readable(plan: Plan, uploads: Uploads): Plan {
  const sent = (Object.values(uploads) as UploadHandle[]).filter((one) => one.reference);
  const told = (text: string) =>
    sent.reduce<string>((now, one) => {
      const id = one.reference!.replace("upload:", "");
      return now.replaceAll(new RegExp(`\\S*/uploads/${id}\\.data|upload:${id}`, "g"), one.name ?? id);
    }, text);
  return { ...plan, ...(plan.inn ? { inn: told(plan.inn) } : {}), commands: plan.commands.map(told) };
}

/** From the request to the guest's screen; what was typed stays for when it is refused. */
function useMaking(uploads: Uploads, onMade: () => void) {
  const navigate = useNavigate();
  const [now, setNow] = useState<{ name: string } | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);

  const begin = async (fields: Asked & { name: string }, login: { user: string; password: string | null } | null, planned: Plan | undefined) => {
    setProblem(null);
    setNow({ name: fields.name });
    try {
      const answer = await act("guest.create", fields, fields.name, planned ? { planned } : {});
      const guests = Array.isArray(answer) ? answer : [answer];
      for (const guest of guests) welcome(guest.name, login);
      Object.values(uploads).forEach((one: UploadHandle) => one.reference && one.used());
      onMade();
      if (!isHere.current) return;
      if (guests.length > 1) await navigate("/guests");
      else await navigate(`/guests/${encodeURIComponent(guests[0]!.name)}${guests[0]!.state === "running" ? "/console" : ""}`);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    } finally {
      setNow(null);
    }
  };
  return { now, problem, begin };
}
