import type { ResourceRow } from "../../backend";
import { Select } from "../../components/Select";
import { count } from "../../components/formats";

/** Chooses a resource of the account; the number of stored records stands beside each. */
export function ResourcePicker({
  resources,
  value,
  onChange,
}: {
  resources: readonly ResourceRow[];
  value: string;
  onChange: (resource: string) => void;
}) {
  return (
    <Select
      label="Resource"
      value={value}
      options={resources.map((each) => ({ value: each.key, label: each.label, detail: count(each.stored) }))}
      onChange={onChange}
    />
  );
}
