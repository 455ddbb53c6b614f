import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** Colours come from the tokens, so that light and dark follow without rebuilding the editor. */
const highlight = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--json-key)" },
  { tag: tags.string, color: "var(--json-string)" },
  { tag: tags.special(tags.string), color: "var(--json-string)" },
  { tag: tags.number, color: "var(--json-number)" },
  { tag: tags.atom, color: "var(--json-number)" },
  { tag: tags.function(tags.variableName), color: "var(--accent)" },
  { tag: tags.variableName, color: "var(--ink)" },
  { tag: tags.keyword, color: "var(--accent)" },
  { tag: tags.operatorKeyword, color: "var(--accent)" },
  { tag: tags.operator, color: "var(--ink-2)" },
  { tag: tags.bracket, color: "var(--ink-2)" },
  { tag: tags.comment, color: "var(--ink-3)", fontStyle: "italic" },
]);

const chrome = EditorView.theme({
  "&": { backgroundColor: "var(--bg)", color: "var(--ink)", fontSize: "12px", height: "100%" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "18px" },
  ".cm-content": { caretColor: "var(--ink)", padding: "8px 0" },
  ".cm-line": { padding: "0 10px" },
  "&.cm-focused": { outline: "none" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--accent-soft)",
  },
  ".cm-placeholder": { color: "var(--ink-3)" },
  ".cm-tooltip": {
    backgroundColor: "var(--panel)",
    color: "var(--ink)",
    border: "1px solid var(--line)",
    borderRadius: "6px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-mono)", fontSize: "12px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 8px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--accent-soft)",
    color: "var(--ink)",
  },
  ".cm-completionDetail": { color: "var(--ink-3)", fontStyle: "normal" },
  ".cm-completionInfo": { padding: "6px 8px", maxWidth: "320px", fontFamily: "var(--font-sans)" },
  ".cm-diagnosticAction": {
    backgroundColor: "var(--accent-soft)",
    color: "var(--accent)",
    borderRadius: "4px",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--accent-soft)",
    outline: "none",
  },
});

export const expressionTheme = [chrome, syntaxHighlighting(highlight)];
