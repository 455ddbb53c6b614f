import { type ConnectorForm, type ScopeAdvice } from "../../backend";
import { Button } from "../../components/Button";
import { Field, TextArea } from "../../components/Field";
import { ErrorState } from "../../components/States";
import { Checkbox } from "../../components/Toggles";

/** What to sync, ticked; the scopes it takes are worked out, or a list the customer sent is checked against it. */
export function ScopePicker({
  form,
  resources,
  onResources,
  pasted,
  onPasted,
  advice,
  error,
}: {
  form: ConnectorForm;
  resources: string[];
  onResources: (resources: string[]) => void;
  /** Null: no list was pasted, the scopes follow from what is ticked. */
  pasted: string | null;
  onPasted: (pasted: string | null) => void;
  advice: ScopeAdvice | undefined;
  error: Error | null;
}) {
  const every = form.resources.map((resource) => resource.key);
  const opens = new Map(form.scope_help.map((help) => [help.scope, help.opens]));
  const scoped = form.resources.some((resource) => resource.scopes.length > 0);
  return (
    <div className="flex flex-col gap-3">
      <fieldset>
        <legend className="sr-only">What to sync</legend>
        <Checkbox
          checked={resources.length === every.length}
          mixed={resources.length > 0 && resources.length < every.length}
          label="Everything"
          onChange={(checked) => {
            onResources(checked ? every : []);
          }}
        />
        <div className="mt-1.5 grid grid-cols-2 gap-x-4 gap-y-1.5">
          {form.resources.map((resource) => (
            <Checkbox
              key={resource.key}
              checked={resources.includes(resource.key)}
              label={resource.label}
              detail={resource.models.length > 0 ? `as ${resource.models.join(", ")}` : undefined}
              onChange={(checked) => {
                onResources(
                  every.filter((key) =>
                    key === resource.key ? checked : resources.includes(key),
                  ),
                );
              }}
            />
          ))}
        </div>
      </fieldset>
      {scoped && (
        <>
          {error && <ErrorState error={error} compact />}
          {pasted === null ? (
            <Button
              small
              className="self-start"
              onClick={() => {
                onPasted("");
              }}
            >
              Paste a list the customer sent
            </Button>
          ) : (
            <Field
              label="Scopes the customer sent"
              help="In any form: separated by spaces, commas, lines or quotes."
              aside={
                <Button
                  small
                  tone="ghost"
                  onClick={() => {
                    onPasted(null);
                  }}
                >
                  Use what is ticked
                </Button>
              }
            >
              {(control) => (
                <TextArea
                  {...control}
                  autoFocus
                  value={pasted}
                  className="font-mono text-code"
                  onChange={(event) => {
                    onPasted(event.target.value);
                  }}
                />
              )}
            </Field>
          )}
          {advice && <Advice advice={advice} opens={opens} />}
        </>
      )}
    </div>
  );
}

function Advice({ advice, opens }: { advice: ScopeAdvice; opens: Map<string, string> }) {
  return (
    <div className="flex flex-col gap-2 rounded-md bg-bg p-3" aria-live="polite">
      {advice.corrected.map((each) => (
        <p key={each.given} className="text-[12px] text-warn">
          <code className="font-mono">{each.given}</code> was read as{" "}
          <code className="font-mono">{each.meant}</code>. {each.hint}
        </p>
      ))}
      {advice.unknown.map((scope) => (
        <p key={scope} className="text-[12px] text-bad">
          <code className="font-mono">{scope}</code> is not a scope this connector knows. It is asked for
          as typed: check its spelling.
        </p>
      ))}
      {advice.excess.map((scope) => (
        <p key={scope} className="text-[12px] text-warn">
          <code className="font-mono">{scope}</code> is not needed for what is ticked. Ask for it to
          be left out, or tick what it is for.
        </p>
      ))}
      {advice.missing.map((scope) => (
        <p key={scope} className="text-[12px] text-warn">
          <code className="font-mono">{scope}</code> is needed for what is ticked and was not sent.
          Ask for it, or untick what needs it.
        </p>
      ))}
      <p className="text-[12px] text-ink-2">
        {advice.scopes.length > 0 ? "Asked for:" : "Nothing is asked for: tick what to sync."}
      </p>
      <ul className="flex flex-col gap-0.5">
        {advice.scopes.map((scope) => (
          <li key={scope} className="text-[12px]/[17px]">
            <code className="font-mono">{scope}</code>
            {opens.has(scope) && <span className="text-ink-3"> {opens.get(scope)}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
