import { type ConnectorForm, type ScopeAdvice } from "../../backend";
import { Button } from "../../components/Button";
import { Field, TextArea } from "../../components/Field";
import { ErrorState } from "../../components/States";
import { Checkbox } from "../../components/Toggles";
import { takesScopes } from "./scopeAdvice";

/** What to sync, ticked; the scopes it takes are worked out, or a list the customer sent is checked against it. */
export function ScopePicker({
  form,
  resources,
  onResources,
  pasted,
  onPasted,
  refresh,
  advice,
  error,
  onRetry,
  tried = false,
}: {
  form: ConnectorForm;
  resources: string[];
  onResources: (resources: string[]) => void;
  /** Null: no list was pasted, the scopes follow from what is ticked. */
  pasted: string | null;
  onPasted: (pasted: string | null) => void;
  /** The scope that is always asked for on top, so that a sign-in lasts; null where nobody signs in. */
  refresh: string | null;
  advice: ScopeAdvice | undefined;
  error: Error | null;
  onRetry: () => void;
  /** It was tried to go on with what is ticked. */
  tried?: boolean;
}) {
  const every = form.resources.map((resource) => resource.key);
  const opens = new Map(form.scope_help.map((help) => [help.scope, help.opens]));
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
      {takesScopes(form) && (
        <>
          {error && <ErrorState error={error} compact onRetry={onRetry} />}
          {pasted === null ? (
            <Button
              small
              command="Paste a list of scopes the customer sent"
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
                  command="Use the scopes of what is ticked"
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
          {advice && <Advice advice={advice} opens={opens} refresh={refresh} tried={tried} />}
        </>
      )}
    </div>
  );
}

function Advice({
  advice,
  opens,
  refresh,
  tried,
}: {
  advice: ScopeAdvice;
  opens: Map<string, string>;
  refresh: string | null;
  tried: boolean;
}) {
  const { corrected, unknown, excess, missing } = advice;
  const nothing = tried && advice.scopes.length === 0;
  const notes = corrected.length + unknown.length + excess.length + missing.length;
  return (
    <div className="rounded-md bg-bg p-3">
      <div className="flex flex-col gap-2" aria-live="polite">
        {corrected.map((each) => (
          <p key={each.given} className="text-[12px] text-warn">
            <code className="font-mono">{each.given}</code> was read as{" "}
            <code className="font-mono">{each.meant}</code>. {each.hint}
          </p>
        ))}
        {unknown.map((scope) => (
          <p key={scope} className="text-[12px] text-bad">
            <code className="font-mono">{scope}</code> is not a scope this connector knows. It is asked for
            as typed: check its spelling.
          </p>
        ))}
        {excess.map((scope) => (
          <p key={scope} className="text-[12px] text-warn">
            <code className="font-mono">{scope}</code> is not needed for what is ticked. Ask for it to
            be left out, or tick what it is for.
          </p>
        ))}
        {missing.map((scope) => (
          <p key={scope} className="text-[12px] text-warn">
            <code className="font-mono">{scope}</code>{" "}
            {scope === refresh
              ? "keeps the sign-in valid and was not sent. Ask for it."
              : "is needed for what is ticked and was not sent. Ask for it, or untick what needs it."}
          </p>
        ))}
        {!nothing && (
          <p className="text-[12px] text-ink-2">
            {advice.scopes.length > 0 ? "Asked for:" : "Nothing is asked for: tick what to sync."}
          </p>
        )}
        {advice.scopes.length > 0 && (
          <ul className="flex flex-col gap-0.5">
            {advice.scopes.map((scope) => (
              <li key={scope} className="text-[12px]/[17px]">
                <code className="font-mono">{scope}</code>
                {opens.has(scope) && <span className="text-ink-3"> {opens.get(scope)}</span>}
              </li>
            ))}
          </ul>
        )}
      </div>
      {/* Beside what is read politely: inside, it would be read twice. */}
      {nothing && (
        <p role="alert" className={`text-[12px] text-bad ${notes > 0 ? "mt-2" : ""}`}>
          Tick what to sync first: nothing is asked for.
        </p>
      )}
    </div>
  );
}
