import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";

export interface Option {
  value: string;
  label: string;
  detail?: string;
}

/** One of a few known values. `label` names it for readers where no [`Field`] does. */
export function Select({
  value,
  options,
  onChange,
  label,
  id,
  placeholder = "Choose…",
  disabled = false,
  className = "",
  "aria-describedby": describedBy,
  "aria-invalid": invalid,
}: {
  value: string | null;
  options: Option[];
  onChange: (value: string) => void;
  label?: string;
  id?: string;
  placeholder?: string;
  disabled?: boolean;
  className?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | undefined;
}) {
  return (
    <Base.Root
      value={value}
      items={options}
      disabled={disabled}
      onValueChange={(chosen: string | null) => {
        if (chosen !== null) {
          onChange(chosen);
        }
      }}
    >
      <Base.Trigger
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        className={`inline-flex h-7 min-w-0 items-center justify-between gap-2 rounded-[7px] border border-line-strong/70 bg-panel px-2 text-left disabled:opacity-60 ${className}`}
      >
        <span className="truncate">
          <Base.Value placeholder={placeholder} />
        </span>
        <Base.Icon className="shrink-0 text-ink-3">
          <ChevronsUpDown size={13} aria-hidden />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
          <Base.Popup className="max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto rounded-lg border border-line bg-panel p-1 shadow-pop outline-none">
            {options.map((option) => (
              <Base.Item
                key={option.value}
                value={option.value}
                className="flex items-center gap-2 rounded-[5px] px-2 py-1 outline-none select-none data-highlighted:bg-accent-soft"
              >
                <span className="w-3.5 text-accent">
                  <Base.ItemIndicator>
                    <Check size={13} aria-hidden />
                  </Base.ItemIndicator>
                </span>
                <Base.ItemText>{option.label}</Base.ItemText>
                {option.detail && <span className="ml-auto pl-3 text-ink-3">{option.detail}</span>}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
