import { useEffect, useState } from "react";
import { useSearchParams } from "react-router";

import { type Kept, useDraft } from "@/parts/drafts";

import { blank, type Form, type Way } from "./form";

export const WAYS: readonly Way[] = ["image", "cd", "network", "disk"];

/** The form. It outlives the page, until a guest was made of it or it is dropped; an address that names an image or a way to
 * begin has it so. */
export function useForm() {
  const [address] = useSearchParams();
  const [draft, setDraft, peek] = useDraft<Partial<Form>>("create/form", kept);
  const [fresh, setFresh] = useState(blank);
  const [wasThere, setWasThere] = useState(() => draft !== undefined && kept(draft).matters);
  const set = (change: Partial<Form>) => setDraft({ ...fresh, ...peek(), ...change });
  const drop = () => {
    setWasThere(false);
    setFresh(blank());
    setDraft(undefined);
  };
  const image = address.get("image");
  const way = WAYS.find((one) => one === address.get("from"));
  useEffect(() => {
    if (image) set({ image, way: "image" });
    else if (way) set({ way });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what the address asks for is asked for once
  }, [image, way]);
  return { form: { ...fresh, ...draft }, set, wasThere, drop };
}

/** Neither the password, which is made up anew, nor what was written by hand for cloud-init, which may hold any secret. */
function kept(form: Partial<Form>): Kept {
  const typed = [form.name, form.packages, form.commands, form.xml, form.url, form.kernelArgs, form.userData];
  const { password: _, userData, ...stored } = form;
  return { stored, isWhole: userData === null, matters: typed.some((text) => text?.trim()) };
}
