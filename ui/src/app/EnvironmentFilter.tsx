import { Select } from "../components/Select";
import { EVERYTHING, useEnvironment } from "./environment";
import { useAccounts } from "./queries";

/** The filter by environment in the top bar. */
export function EnvironmentFilter() {
  const [choice, setChoice] = useEnvironment();
  const accounts = useAccounts();
  const names = [...new Set(accounts.data?.map((account) => account.environment) ?? [])]
    .filter((name) => name !== null)
    .toSorted();
  const options = [
    { value: EVERYTHING, label: "All environments" },
    { value: "kind:production", label: "Production" },
    { value: "kind:sandbox", label: "Sandbox" },
    ...names.map((name) => ({ value: `env:${name}`, label: name })),
  ];
  const known = options.some((option) => option.value === choice) ? choice : EVERYTHING;
  return (
    <Select label="Environment" value={known} options={options} onChange={setChoice} className="w-40" />
  );
}
