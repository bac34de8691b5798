import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { xml } from "@codemirror/lang-xml";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { unifiedMergeView } from "@codemirror/merge";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";

import { language as spoken } from "@/text/language";
import { type Say, useTexts } from "@/text/texts";

import type { CodeProblem, CodeProps } from "./Code";
import { useDark } from "./dark";
import { PHRASES } from "./editorPhrases";
import { texts } from "./texts";

const style = HighlightStyle.define([
  { tag: [tags.tagName, tags.typeName, tags.keyword], color: "var(--inn-code-name)" },
  { tag: [tags.attributeName, tags.propertyName, tags.definition(tags.propertyName)], color: "var(--inn-code-key)" },
  { tag: [tags.attributeValue, tags.string], color: "var(--inn-code-text)" },
  { tag: [tags.number, tags.bool, tags.atom, tags.literal], color: "var(--inn-code-number)" },
  { tag: [tags.comment, tags.meta], color: "var(--pf-t--global--text--color--subtle)", fontStyle: "italic" },
  { tag: tags.invalid, color: "var(--pf-t--global--text--color--status--danger--default)" },
]);

const SUBTLE = "var(--pf-t--global--background--color--secondary--default)";
const FLOATING = { backgroundColor: "var(--pf-t--global--background--color--floating--default)", color: "inherit" };

function theme(height: string, isDark: boolean): Extension {
  return EditorView.theme(
    {
      "&": {
        maxHeight: height,
        color: "var(--pf-t--global--text--color--regular)",
        backgroundColor: "var(--pf-t--global--background--color--primary--default)",
        fontSize: "var(--pf-t--global--font--size--sm)",
      },
      ".cm-scroller": { fontFamily: "var(--pf-t--global--font--family--mono)", lineHeight: "1.5" },
      ".cm-lineWrapping": { wordBreak: "break-all" }, // or what is indented goes to a line of its own
      ".cm-content": { caretColor: "var(--pf-t--global--text--color--regular)" },
      ".cm-cursor": { borderLeftColor: "var(--pf-t--global--text--color--regular)" },
      ".cm-gutters": { backgroundColor: SUBTLE, color: "var(--pf-t--global--text--color--subtle)", border: "none" },
      ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--pf-t--color--blue--40) 7%, transparent)" },
      ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--pf-t--global--text--color--regular)" },
      "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--pf-t--color--blue--40) 28%, transparent) !important" },
      ".cm-panels": { ...FLOATING, borderColor: "var(--pf-t--global--border--color--default)" },
      ".cm-tooltip": { ...FLOATING, border: "1px solid var(--pf-t--global--border--color--default)" },
      ".cm-textfield, .cm-button": { ...FLOATING, backgroundImage: "none", border: "1px solid var(--pf-t--global--border--color--default)", borderRadius: "var(--pf-t--global--border--radius--small)" },
    },
    { dark: isDark },
  );
}

const ALWAYS: Extension = [
  lineNumbers(), foldGutter(), highlightSpecialChars(), history(), drawSelection(), bracketMatching(), highlightActiveLine(),
  highlightActiveLineGutter(), highlightSelectionMatches(), search({ top: true }), lintGutter(), EditorView.lineWrapping,
  syntaxHighlighting(style), EditorState.tabSize.of(2),
  keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap]),
];
const LANGUAGES = { xml, yaml };

function compared(original: string | undefined, canWrite: boolean, t: Say<(typeof texts)["keys"]>): Extension {
  if (original === undefined) return [];
  const button = (type: "reject" | "accept", action: (event: MouseEvent) => void) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = t(type === "reject" ? "takeBack" : "keep");
    made.onmousedown = action;
    made.onclick = (event) => event.detail === 0 && action(event); // by keyboard
    return made;
  };
  return unifiedMergeView({ original, mergeControls: canWrite ? button : false, collapseUnchanged: { margin: 4, minSize: 8 } });
}

function diagnostics(state: EditorState, problems: readonly CodeProblem[]): Diagnostic[] {
  return problems.map(({ line, message }) => {
    const at = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
    return { from: at.from, to: at.to, severity: "error", message };
  });
}

export default function Editor({ value, onChange, language, label, problems, original, height = "60dvh" }: CodeProps) {
  const t = useTexts(texts);
  const isDark = useDark();
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const parts = useRef({ look: new Compartment(), compare: new Compartment(), write: new Compartment() });
  const tell = useRef(onChange);
  const first = useRef(value);
  const canWrite = onChange !== undefined;
  const said = spoken();
  useEffect(() => {
    tell.current = onChange;
  });

  useEffect(() => {
    const { look, compare, write } = parts.current;
    const made = new EditorView({
      parent: holder.current!,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          ALWAYS, LANGUAGES[language](), look.of([]), compare.of([]), write.of([]),
          EditorState.phrases.of(said === "zh" ? PHRASES : {}),
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            first.current = update.state.doc.toString();
            tell.current?.(first.current);
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, [language, label, said]);

  useEffect(() => view.current?.dispatch({ effects: parts.current.look.reconfigure(theme(height, isDark)) }), [height, isDark, language, label, said]);
  useEffect(
    () => view.current?.dispatch({ effects: parts.current.write.reconfigure(EditorState.readOnly.of(!canWrite)) }),
    [canWrite, language, label, said],
  );
  useEffect(
    () => view.current?.dispatch({ effects: parts.current.compare.reconfigure(compared(original, canWrite, t)) }),
    [original, canWrite, t, language, label, said],
  );
  useEffect(() => {
    const made = view.current;
    if (made && made.state.doc.toString() !== value) made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    const made = view.current;
    if (!made) return;
    const found = diagnostics(made.state, problems ?? []);
    made.dispatch(setDiagnostics(made.state, found));
    // Whoever types is not thrown to another line; whoever asked elsewhere what is wrong is shown it.
    if (found[0] && !made.hasFocus) made.dispatch({ effects: EditorView.scrollIntoView(found[0].from, { y: "center" }) });
  }, [problems, language, label, said]);
  return <div ref={holder} />;
}
