import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { useId } from "react";

/** One of two or three, all seen at once. */
export function Choice({
  label,
  value,
  options,
  onChange,
  disabled = false,
}: {
  label: string;
  value: string;
  options: { value: string; label: string; detail?: string }[];
  onChange: (value: string) => void;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <span id={id} className="font-medium">
        {label}
      </span>
      <RadioGroup
        aria-labelledby={id}
        value={value}
        disabled={disabled}
        onValueChange={(next) => {
          onChange(next as string);
        }}
        className="flex gap-2"
      >
        {options.map((option) => (
          <label
            key={option.value}
            className="flex min-w-0 flex-1 items-start gap-2 rounded-[7px] border border-line-strong/70 bg-panel px-2.5 py-1.5 has-data-checked:border-accent has-data-checked:bg-accent-soft has-data-disabled:opacity-60"
          >
            <Radio.Root
              value={option.value}
              className="mt-[3px] flex size-3.5 shrink-0 items-center justify-center rounded-full border border-line-strong bg-panel data-checked:border-accent data-checked:bg-accent"
            >
              <Radio.Indicator className="size-1.5 rounded-full bg-accent-ink" />
            </Radio.Root>
            <span className="min-w-0">
              <span className="block">{option.label}</span>
              {option.detail && (
                <span className="block text-[12px]/[16px] text-ink-2">{option.detail}</span>
              )}
            </span>
          </label>
        ))}
      </RadioGroup>
    </div>
  );
}
