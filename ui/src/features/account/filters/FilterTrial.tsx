import type { FilterRow } from "../../../backend";
import { Input } from "../../../components/Field";
import { Select } from "../../../components/Select";
import { syntaxFault } from "../jsonata/reference";
import { faultOf, firstTrial, trialWords } from "./filterRow";
import type { Tried } from "./useFilterTrial";

interface Props {
  filter: FilterRow;
  expression: string;
  typed: string;
  tried: Tried | null;
  onType: (typed: string) => void;
}

function Answer({ filter, expression, typed, tried }: Omit<Props, "onType">) {
  if (expression.trim() === "") {
    return <p className="text-ink-3">The provider is not asked by {filter.name}. Write what it is to be asked for.</p>;
  }
  const syntax = syntaxFault(expression);
  if (syntax) {
    return <p className="text-bad">{syntax.message}</p>;
  }
  if (typed.trim() === "") {
    return <p className="text-ink-3">Type a value to see what would be asked for.</p>;
  }
  if (tried === null) {
    return <p className="text-ink-3">…</p>;
  }
  if (tried.result === null) {
    const { message, hint, tone } = faultOf(tried.error);
    return (
      <p className={tone === "warn" ? "text-warn" : "text-bad"}>
        {message} {hint !== null && <span className="text-ink-2">{hint}</span>}
      </p>
    );
  }
  return (
    <>
      <p>
        asks for: <code className="font-mono text-code break-all">{tried.result.asked.join(" & ")}</code>
      </p>
      {tried.result.warnings.map((warning) => (
        <p key={warning} className="text-warn">
          {warning}
        </p>
      ))}
    </>
  );
}

/** A value to try a filter's draft with, and what the provider would be asked for. */
export function FilterTrial({ onType, ...props }: Props) {
  const { filter, typed } = props;
  const words = trialWords(filter);
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center gap-2">
        <span className="shrink-0 text-ink-3">Tried with</span>
        {words.length > 0 ? (
          <Select label="Value to try" className="min-w-40" value={typed} options={words.map((word) => ({ value: word, label: word }))} onChange={onType} />
        ) : (
          <Input
            aria-label="Value to try"
            placeholder={firstTrial(filter) || filter.type}
            className="max-w-64"
            value={typed}
            onChange={(event) => onType(event.target.value)}
          />
        )}
        <span className="text-ink-3">nothing is sent</span>
      </div>
      <div role="status" aria-label="What it asks for">
        <Answer {...props} />
      </div>
    </div>
  );
}
