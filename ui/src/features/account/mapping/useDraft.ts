import { useEffect, useRef, useState } from "react";

import { type DraftResult, type ExpressionLint, type Impact, type ImpactProgress, backend, listen } from "../../../backend";
import type { Mark } from "../jsonata/ExpressionEditor";
import { offsetOf, syntaxFault } from "../jsonata/reference";
import { latestOnly } from "./latestOnly";

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
}

/** How long after the last key all stored records are gone through: a pause in typing, not every word. */
const IMPACT_PAUSE_MS = 350;

function lintMark(lint: ExpressionLint, expression: string): Mark {
  const from = lint.position ? offsetOf(expression, lint.position.line, lint.position.column) : 0;
  const length = lint.position ? Math.max(1, lint.position.length) : expression.length;
  return {
    from,
    to: Math.min(expression.length, from + length),
    severity: lint.severity === "error" ? "error" : lint.severity === "warning" ? "warning" : "info",
    message: lint.hint ? `${lint.message} ${lint.hint}` : lint.message,
    fix: lint.fix,
  };
}

/** Everything wrong or doubtful in an expression, as squiggles: the reference parser's fault, the engine's, the lints. */
export function marksOf(
  expression: string,
  result: DraftResult | null,
  lints: readonly ExpressionLint[],
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
  lints: readonly ExpressionLint[];
  error: unknown;
}

/** The live result of a draft on the record at hand: asked for with every key, answered for the last one. */
export function useLiveResult(place: DraftPlace, expression: string): Evaluated | null {
  const [evaluated, setEvaluated] = useState<Evaluated | null>(null);
  const { account, model, resource, field, level, fieldType, record } = place;
  const runner = useRef<{ ask: (text: string) => void } | null>(null);
  useEffect(() => {
    const made = latestOnly(
      async (text: string) => {
        const [result, lints] = await Promise.all([
          backend.evaluateDraft(account, model, resource, field, text, level, fieldType, record, null),
          backend.lintExpression(account, model, field, text),
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
  }, [account, model, resource, field, level, fieldType, record]);
  useEffect(() => {
    if (expression.trim() === "") {
      setEvaluated(null);
    } else {
      runner.current?.ask(expression);
    }
  }, [account, model, resource, field, level, fieldType, record, expression]);
  return evaluated;
}

export interface ImpactState {
  done: number;
  total: number;
  running: boolean;
  impact: Impact | null;
  error: { message: string; hint: string | null } | null;
}

const NO_IMPACT: ImpactState = { done: 0, total: 0, running: false, impact: null, error: null };

function stateOf(progress: ImpactProgress): (old: ImpactState) => ImpactState {
  return (old) => ({
    done: progress.done,
    total: progress.total,
    running: !progress.finished && !progress.cancelled,
    impact: progress.impact ?? old.impact,
    error: progress.error,
  });
}

/**
 * What a draft changes in all stored records, worked out in the background with progress. `expression` null stands for
 * taking the field away; undefined asks for nothing.
 */
export function useImpact(place: DraftPlace, expression: string | null | undefined): ImpactState {
  const [state, setState] = useState<ImpactState>(NO_IMPACT);
  const running = useRef<string | null>(null);
  // A small workspace is done before the answer with the id is here.
  const early = useRef(new Map<string, ImpactProgress>());
  const { account, model, resource, field, level, fieldType } = place;

  useEffect(
    () =>
      listen("impact-progress", (progress: ImpactProgress) => {
        if (progress.id === running.current) {
          setState(stateOf(progress));
        } else if (running.current === null) {
          early.current.set(progress.id, progress);
        }
      }),
    [],
  );

  useEffect(() => {
    let overtaken = false;
    if (expression === undefined) {
      setState(NO_IMPACT);
      return undefined;
    }
    const timer = setTimeout(() => {
      setState((old) => ({ ...old, running: true, error: null }));
      void backend.startImpact(account, model, resource, field, expression, level, fieldType).then(
        (id) => {
          if (overtaken) {
            void backend.cancelImpact(id).catch(() => undefined);
          } else {
            running.current = id;
            const progress = early.current.get(id);
            if (progress) {
              setState(stateOf(progress));
            }
          }
          early.current.clear();
          return undefined;
        },
        (error: Error & { hint?: string | null }) => {
          if (!overtaken) {
            setState({ ...NO_IMPACT, error: { message: error.message, hint: error.hint ?? null } });
          }
        },
      );
    }, IMPACT_PAUSE_MS);
    return () => {
      overtaken = true;
      clearTimeout(timer);
      const id = running.current;
      running.current = null;
      if (id !== null) {
        void backend.cancelImpact(id).catch(() => undefined);
      }
    };
  }, [account, model, resource, field, level, fieldType, expression]);
  return state;
}
