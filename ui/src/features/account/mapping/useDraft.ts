import { useEffect, useMemo, useRef, useState } from "react";

import { type Draft, type DraftResult, type Lint, backend } from "../../../backend";
import type { Mark } from "../jsonata/ExpressionEditor";
import { offsetOf, syntaxFault } from "../jsonata/reference";
import { latestOnly } from "./latestOnly";
import { type HearImpact, type ImpactState, useImpactRun } from "./useImpactRun";

/** The place a draft is for. */
export interface DraftPlace {
  account: string;
  model: string;
  resource: string;
  field: string;
  level: string;
  /** The type of a field the user adds to the model; null for the model's own. */
  fieldType: string | null;
  /** The record its result is shown on. */
  record: string | null;
  /** A pasted record instead, as JSON text. */
  sample: string | null;
}

/** The end of the word, name or text that begins at `from`: what a squiggle runs under. */
function wordEnd(expression: string, from: number): number {
  const word = /^(`[^`]*`|"[^"]*"|'[^']*'|\$?[\p{L}\p{N}_]+|\?\?|\?:)/u.exec(expression.slice(from));
  return Math.min(expression.length, from + Math.max(1, word?.[0].length ?? 1));
}

/** A remark as a sentence, so that another may follow. */
function sentence(text: string): string {
  const ended = /[.!?]$/.test(text) ? text : `${text}.`;
  return ended.charAt(0).toUpperCase() + ended.slice(1);
}

function lintMark(lint: Lint, expression: string): Mark {
  const from = lint.position ? offsetOf(expression, lint.position.line, lint.position.column) : 0;
  return {
    from,
    to: lint.position ? wordEnd(expression, from) : expression.length,
    severity: lint.severity === "error" ? "error" : lint.severity === "warning" ? "warning" : "info",
    message: `${sentence(lint.message)} ${lint.hint}`.trim(),
    fix: lint.fix,
  };
}

/** Everything wrong or doubtful in an expression, as squiggles: the reference parser's fault, the engine's, the lints. */
export function marksOf(
  expression: string,
  result: DraftResult | null,
  lints: readonly Lint[],
): Mark[] {
  const fault = syntaxFault(expression);
  if (fault) {
    return [{ ...fault, severity: "error", fix: null }];
  }
  const marks = lints.map((lint) => lintMark(lint, expression));
  if (result?.status === "error" && result.message !== null) {
    const from = result.position
      ? offsetOf(expression, result.position.line, result.position.column)
      : 0;
    const to = result.position ? Math.min(expression.length, from + 1) : expression.length;
    marks.unshift({ from: Math.min(from, to), to, severity: "error", message: result.message, fix: null });
  }
  return marks;
}

interface Evaluated {
  expression: string;
  result: DraftResult | null;
  lints: readonly Lint[];
  error: unknown;
}

/** The live result of a draft on the record at hand: asked for with every key, answered for the last one. */
export function useLiveResult(place: DraftPlace, expression: string): Evaluated | null {
  const [evaluated, setEvaluated] = useState<Evaluated | null>(null);
  const { account, model, resource, field, level, fieldType, record, sample } = place;
  const runner = useRef<{ ask: (text: string) => void } | null>(null);
  useEffect(() => {
    const made = latestOnly(
      async (text: string) => {
        const [result, lints] = await Promise.all([
          backend.evaluateDraft(
            { account, model, resource, field, expression: text, level, field_type: fieldType },
            sample === null ? record : null,
            sample,
          ),
          backend.lintExpression(account, model, resource, field, text, fieldType),
        ]);
        return { result, lints };
      },
      (outcome) =>
        setEvaluated(
          "value" in outcome
            ? { expression: outcome.input, ...outcome.value, error: null }
            : { expression: outcome.input, result: null, lints: [], error: outcome.error },
        ),
    );
    runner.current = made;
    return () => made.stop();
  }, [account, model, resource, field, level, fieldType, record, sample]);
  useEffect(() => {
    if (expression.trim() === "") {
      setEvaluated(null);
    } else {
      runner.current?.ask(expression);
    }
  }, [account, model, resource, field, level, fieldType, record, sample, expression]);
  return evaluated;
}

/** One at a time for the whole window: a new one ends the one before. */
const IMPACT = "override-editor";

/**
 * What a draft changes in all stored records; with `resource` null, of every resource of the model. `expression` null
 * stands for taking the field away; undefined asks for nothing.
 */
export function useImpact(place: Omit<DraftPlace, "resource"> & { resource: string | null }, expression: string | null | undefined): ImpactState {
  const { account, model, resource, field, level, fieldType } = place;
  const ask = useMemo(() => {
    if (expression === undefined) {
      return null;
    }
    const draft: Draft = { account, model, resource, field, expression, level, field_type: fieldType };
    return (hear: HearImpact) => backend.startImpact(IMPACT, draft, hear);
  }, [account, model, resource, field, level, fieldType, expression]);
  return useImpactRun(IMPACT, ask);
}
