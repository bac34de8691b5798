import { Checkbox, FormGroup, TextInput } from "@patternfly/react-core";
import { useState } from "react";

import { order } from "@/api/act";
import { useLook } from "@/api/query";
import type { Schemas } from "@/api/types";
import { Choice } from "@/create/Choice";
import { useImages } from "@/create/host";
import { Help } from "@/create/OtherSources";
import { Confirm } from "@/parts/Confirm";
import { useStateName } from "@/parts/GuestState";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** An image of a guest that is off. */
export function Make({ onClose }: { onClose: () => void }) {
  const t = useTexts(texts);
  const state = useStateName();
  const { there } = useImages();
  const guests = useLook("guest", "guest.list", {}).data as readonly Schemas["GuestRow"][] | undefined;
  const [guest, setGuest] = useState("");
  const [name, setName] = useState("");
  const [isKept, setKept] = useState(false);
  const [isReplaced, setReplaced] = useState(false);
  const called = name.trim();
  const isTaken = there?.some((one) => one.name === called);
  const why = !guest ? t("noGuest") : !called ? t("noName") : isTaken && !isReplaced ? t("nameTaken", { name: called }) : undefined;
  const fields = { guest, name: called, keep_identity: isKept, ...(isTaken ? { replace: true } : {}) };
  return (
    <Confirm title={t("makeOfGuest")} confirm={t("makeIt")} why={why} onConfirm={() => order("image.make", fields, called)} onClose={onClose}>
      <div className="inn-images__form">
        <FormGroup label={t("guest")} fieldId="image-guest" isRequired>
          <Choice
            id="image-guest" label={t("guest")} value={guest} onChange={setGuest}
            options={[
              { value: "", label: t(guests?.length === 0 ? "noGuests" : "choose") },
              ...(guests ?? []).map((one) => ({ value: one.name, label: one.name, about: state(one.state), why: one.state === "stopped" ? undefined : t("mustBeOff", { state: state(one.state) }) })),
            ]}
          />
          <Help text={t("makeAbout")} />
        </FormGroup>
        <FormGroup label={t("name")} fieldId="image-name" isRequired>
          <TextInput id="image-name" value={name} onChange={(_, text) => setName(text)} />
        </FormGroup>
        <Checkbox id="keep-identity" label={t("keepIdentity")} description={t("keepIdentityAbout")} isChecked={isKept} onChange={(_, now) => setKept(now)} />
        {isTaken && <Checkbox id="replace" label={t("replace", { name: called })} description={t("replaceAbout")} isChecked={isReplaced} onChange={(_, now) => setReplaced(now)} />}
      </div>
    </Confirm>
  );
}
