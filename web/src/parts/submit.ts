import { type SyntheticEvent, useState } from "react";

import { ApiProblem } from "@/api/problem";

/** A form or a button that does something once, and stays with the reason when that is refused. `why`: it cannot be done yet. */
export function useSubmit(why: string | undefined, deed: () => Promise<unknown> | void) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const submit = async (event?: SyntheticEvent) => {
    event?.preventDefault();
    if (why || isBusy) return;
    setBusy(true);
    setProblem(null);
    try {
      await deed();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, submit };
}
