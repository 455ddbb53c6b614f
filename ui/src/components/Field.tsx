import { type ComponentProps, type ReactNode, forwardRef, useId } from "react";

const BOX =
  "w-full rounded-[7px] border border-line-strong/70 bg-panel px-2 text-ink placeholder:text-ink-3 disabled:opacity-60 aria-invalid:border-bad";

/** A label over a control, with its help and what is wrong with it; the control gets `id` and the ids that describe it. */
export function Field({
  label,
  help,
  error,
  optional = false,
  aside,
  children,
}: {
  label: ReactNode;
  help?: ReactNode;
  error?: ReactNode;
  optional?: boolean;
  aside?: ReactNode;
  children: (control: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": boolean | undefined;
  }) => ReactNode;
}) {
  const id = useId();
  const note = error ?? help;
  return (
    <div className="flex flex-col gap-1">
      <div className="flex h-5 items-center justify-between gap-2">
        <label htmlFor={id} className="font-medium">
          {label}
          {optional && <span className="ml-1.5 font-normal text-ink-3">optional</span>}
        </label>
        {aside}
      </div>
      {children({
        id,
        "aria-describedby": note ? `${id}-note` : undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {note && (
        <p
          id={`${id}-note`}
          role={error ? "alert" : undefined}
          className={`text-[12px]/[17px] ${error ? "text-bad" : "text-ink-3"}`}
        >
          {note}
        </p>
      )}
    </div>
  );
}

/** A line of text. Give it a label: by [`Field`] or `aria-label`. */
export const Input = forwardRef<HTMLInputElement, ComponentProps<"input">>(function Input(
  { className = "", ...rest },
  ref,
) {
  return (
    <input
      ref={ref}
      type="text"
      autoComplete="off"
      autoCorrect="off"
      autoCapitalize="off"
      spellCheck={false}
      {...rest}
      className={`h-7 ${BOX} ${className}`}
    />
  );
});

/** Several lines of text. */
export const TextArea = forwardRef<HTMLTextAreaElement, ComponentProps<"textarea">>(
  function TextArea({ className = "", ...rest }, ref) {
    return (
      <textarea
        ref={ref}
        spellCheck={false}
        {...rest}
        className={`min-h-16 resize-y py-1.5 ${BOX} ${className}`}
      />
    );
  },
);
