import "./Code.css";

import { lazy, Suspense } from "react";

import { again } from "@/app/loading";
import { Spinner } from "@/patternfly/Spinner";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

const Editor = lazy(again(() => import("./Editor"))); // with CodeMirror, which no first page needs

export interface CodeProblem {
  /** the first is 1 */
  line: number;
  message: string;
}

export interface CodeProps {
  value: string;
  /** without: it can only be read */
  onChange?: (value: string) => void;
  language: "xml" | "yaml";
  /** what it is, for those who cannot see it */
  label: string;
  /** told at their lines */
  problems?: readonly CodeProblem[];
  /** what it was: differences are shown in place, each with a button that takes it back */
  original?: string | undefined;
  /** as CSS has it; it grows with its text up to this */
  height?: string;
}

/** An editor for XML and YAML. Tab leaves it, as everywhere; Ctrl-F searches. */
export function Code({ height = "60dvh", ...props }: CodeProps) {
  const t = useTexts(texts);
  return (
    <div className="inn-code">
      <Suspense fallback={<div className="inn-code__waits" style={{ height }}><Spinner aria-label={t("loading")} /></div>}>
        <Editor {...props} height={height} />
      </Suspense>
    </div>
  );
}
