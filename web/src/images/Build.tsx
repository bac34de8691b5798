import { Checkbox, FormGroup, TextInput } from "@patternfly/react-core";
import { useState } from "react";

import { order } from "@/api/act";
import { Choice } from "@/create/Choice";
import { useImages } from "@/create/host";
import { Help } from "@/create/OtherSources";
import recipes from "@/generated/recipes.json";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** An image of a distribution's packages, made on the host. */
export function Build({ onClose }: { onClose: () => void }) {
  const t = useTexts(texts);
  const { there } = useImages();
  const [recipe, setRecipe] = useState("tiny");
  const [name, setName] = useState("");
  const [mirror, setMirror] = useState("");
  const [isReplaced, setReplaced] = useState(false);
  const called = name.trim() || recipe;
  const isTaken = there?.some((one) => one.name === called);
  const why = isTaken && !isReplaced ? t("nameTaken", { name: called }) : undefined;
  const fields = { recipe, name: name.trim() || null, mirror: mirror.trim() || null, ...(isTaken ? { replace: true } : {}) };
  return (
    <Confirm title={t("build")} confirm={t("buildIt")} why={why} onConfirm={() => order("image.build", fields, called)} onClose={onClose}>
      <div className="inn-images__form">
        <FormGroup label={t("recipe")} fieldId="recipe">
          <Choice
            id="recipe" label={t("recipe")} value={recipe} onChange={setRecipe}
            options={recipes.map((one) => ({ value: one, label: one, about: one === "tiny" ? t("tinyAbout") : undefined }))}
          />
          <Help text={t("buildAbout")} />
        </FormGroup>
        <FormGroup label={t("name")} fieldId="image-name">
          <TextInput id="image-name" value={name} placeholder={recipe} onChange={(_, text) => setName(text)} />
        </FormGroup>
        {recipe !== "tiny" && (
          <FormGroup label={t("mirror")} fieldId="mirror">
            <TextInput id="mirror" type="url" value={mirror} placeholder="https://" onChange={(_, text) => setMirror(text)} />
            <Help text={t("mirrorAbout")} />
          </FormGroup>
        )}
        {isTaken && <Checkbox id="replace" label={t("replace", { name: called })} description={t("replaceAbout")} isChecked={isReplaced} onChange={(_, now) => setReplaced(now)} />}
      </div>
    </Confirm>
  );
}
