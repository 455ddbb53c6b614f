import {
  type CompletionContext,
  type CompletionResult,
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { type Diagnostic, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState, Prec } from "@codemirror/state";
import { EditorView, drawSelection, keymap, placeholder, tooltips } from "@codemirror/view";
import { useEffect, useRef } from "react";

import { type Vocabulary, suggestionsFor } from "./completion";
import { jsonataLanguage } from "./language";
import { expressionTheme } from "./theme";

/** A squiggle: characters from the start, half open, with a change that settles it. */
export interface Mark {
  from: number;
  to: number;
  severity: "error" | "warning" | "info";
  message: string;
  fix: { title: string; expression: string } | null;
}

interface Props {
  /** What a screen reader calls the editor. */
  label: string;
  /** What stands there while it is empty. */
  hint?: string;
  value: string;
  vocabulary: Vocabulary | undefined;
  marks: readonly Mark[];
  onChange: (value: string) => void;
  /** Ctrl/Cmd-Enter. */
  onSubmit?: () => void;
  /** Escape, when nothing of the editor's own is open. */
  onCancel?: () => void;
}

/** A change that came from outside and is not to be told back. */
const fromOutside = Annotation.define<boolean>();

const KINDS = { path: "property", function: "function", enum: "enum", table: "constant" } as const;

function completions(context: CompletionContext, vocabulary: Vocabulary | undefined): CompletionResult | null {
  if (!vocabulary) {
    return null;
  }
  const text = context.state.sliceDoc(0, context.pos);
  const found = suggestionsFor(text, vocabulary);
  if (!found || (found.from === context.pos && !context.explicit && !/[.$"']$/.test(text))) {
    return null;
  }
  return {
    from: found.from,
    filter: false,
    options: found.options.map((option) => ({
      label: option.label,
      apply: option.apply,
      detail: option.detail,
      type: KINDS[option.kind],
      boost: option.boost,
      ...(option.info === "" ? {} : { info: option.info }),
    })),
  };
}

function diagnostic(mark: Mark, length: number): Diagnostic {
  const { fix } = mark;
  return {
    from: Math.min(mark.from, length),
    to: Math.min(mark.to, length),
    severity: mark.severity,
    message: mark.message,
    ...(fix
      ? {
          actions: [
            {
              name: fix.title,
              apply: (view) =>
                view.dispatch({
                  changes: { from: 0, to: view.state.doc.length, insert: fix.expression },
                }),
            },
          ],
        }
      : {}),
  };
}

/** The editor of mapping expressions: colours, completion from this tenant's records, squiggles with a fix to apply. */
export function ExpressionEditor(props: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  // The editor lives longer than a render; it asks for what is in force when it needs it.
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const parent = host.current;
    if (!parent) {
      return undefined;
    }
    const dialog = parent.closest<HTMLElement>('[role="dialog"]');
    const editor = new EditorView({
      parent,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          Prec.highest(
            keymap.of([
              {
                key: "Mod-Enter",
                run: () => {
                  latest.current.onSubmit?.();
                  return latest.current.onSubmit !== undefined;
                },
              },
              { key: "Tab", run: acceptCompletion },
            ]),
          ),
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          EditorState.tabSize.of(2),
          EditorView.lineWrapping,
          placeholder(latest.current.hint ?? "Write an expression, or pick a raw field"),
          autocompletion({
            override: [(context) => completions(context, latest.current.vocabulary)],
            icons: false,
            maxRenderedOptions: 60,
          }),
          // Popups are not cut off by the pane they belong to; in a dialog they stay inside it.
          tooltips({ position: "fixed", ...(dialog ? { parent: dialog } : {}) }),
          jsonataLanguage(),
          expressionTheme,
          keymap.of([
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...lintKeymap,
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          Prec.lowest(
            keymap.of([
              {
                key: "Escape",
                run: () => {
                  latest.current.onCancel?.();
                  return latest.current.onCancel !== undefined;
                },
              },
            ]),
          ),
          EditorView.contentAttributes.of({ "aria-label": latest.current.label, spellcheck: "false" }),
          EditorView.updateListener.of((update) => {
            const outside = update.transactions.some((each) => each.annotation(fromOutside));
            if (update.docChanged && !outside) {
              latest.current.onChange(update.state.doc.toString());
            }
          }),
        ],
      }),
    });
    // An Escape that closed something of the editor's own goes no further: a dialog around it stays.
    const keepEscape = (event: KeyboardEvent) => {
      if (event.key === "Escape" && event.defaultPrevented) {
        event.stopPropagation();
      }
    };
    parent.addEventListener("keydown", keepEscape);
    view.current = editor;
    editor.focus();
    editor.dispatch({ selection: { anchor: editor.state.doc.length } });
    return () => {
      view.current = null;
      parent.removeEventListener("keydown", keepEscape);
      editor.destroy();
    };
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== props.value) {
      editor.dispatch({
        changes: { from: 0, to: editor.state.doc.length, insert: props.value },
        annotations: fromOutside.of(true),
      });
    }
  }, [props.value]);

  useEffect(() => {
    const editor = view.current;
    if (editor) {
      const length = editor.state.doc.length;
      editor.dispatch(
        setDiagnostics(
          editor.state,
          props.marks.map((mark) => diagnostic(mark, length)),
        ),
      );
    }
  }, [props.marks]);

  return (
    <div
      ref={host}
      className="max-h-56 min-h-[56px] overflow-auto rounded-md border border-line bg-bg focus-within:border-accent"
    />
  );
}
