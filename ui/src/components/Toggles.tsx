import { Checkbox as BaseCheckbox } from "@base-ui/react/checkbox";
import { Switch as BaseSwitch } from "@base-ui/react/switch";
import { Check, Minus } from "lucide-react";
import { type ReactNode, useId } from "react";

interface ToggleProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** Its name, shown beside it. */
  label: ReactNode;
  /** A second line under the label. */
  detail?: ReactNode;
  disabled?: boolean;
  className?: string;
}

/** Something chosen among others; takes effect with the form it stands in. */
export function Checkbox({
  checked,
  onChange,
  label,
  detail,
  disabled = false,
  mixed = false,
  className = "",
}: ToggleProps & { mixed?: boolean }) {
  const id = useId();
  return (
    <div className={`flex items-start gap-2 ${className}`}>
      <BaseCheckbox.Root
        id={id}
        checked={checked}
        indeterminate={mixed}
        disabled={disabled}
        aria-describedby={detail ? `${id}-detail` : undefined}
        onCheckedChange={onChange}
        className="mt-[3px] flex size-3.5 shrink-0 items-center justify-center rounded-[4px] border border-line-strong bg-panel data-checked:border-accent data-checked:bg-accent data-disabled:opacity-50 data-indeterminate:border-accent data-indeterminate:bg-accent"
      >
        <BaseCheckbox.Indicator className="text-accent-ink">
          {mixed ? (
            <Minus size={11} strokeWidth={3} aria-hidden />
          ) : (
            <Check size={11} strokeWidth={3} aria-hidden />
          )}
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      <div className="min-w-0">
        <label htmlFor={id}>{label}</label>
        {detail && (
          <div id={`${id}-detail`} className="text-[12px]/[17px] text-ink-3">
            {detail}
          </div>
        )}
      </div>
    </div>
  );
}

/** Something on or off that takes effect at once. */
export function Switch({ checked, onChange, label, detail, disabled = false }: ToggleProps) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-6">
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {detail && (
          <div id={`${id}-detail`} className="text-[12px]/[17px] text-ink-3">
            {detail}
          </div>
        )}
      </div>
      <BaseSwitch.Root
        id={id}
        checked={checked}
        disabled={disabled}
        aria-describedby={detail ? `${id}-detail` : undefined}
        onCheckedChange={onChange}
        className="mt-0.5 flex h-[18px] w-8 shrink-0 rounded-full border border-line-strong bg-line-strong p-px data-checked:border-accent data-checked:bg-accent data-disabled:opacity-50"
      >
        <BaseSwitch.Thumb className="size-3.5 rounded-full bg-panel transition-transform data-checked:translate-x-3.5" />
      </BaseSwitch.Root>
    </div>
  );
}
