import type { ResourceRow } from "../../backend";
import { useStored } from "../../app/place";
import { useResources } from "./queries";
import { useAccountPlace } from "./useAccountPlace";

/** What a tab of an account works on when the address does not say: where one was last, else what has records. */
export function chooseResource(
  resources: readonly ResourceRow[],
  asked: string | null,
  last: string | null,
): ResourceRow | null {
  const named = (key: string | null) => resources.find((each) => each.key === key);
  return named(asked) ?? named(last) ?? resources.find((each) => each.stored > 0) ?? resources[0] ?? null;
}

/** The resource a tab shows, kept from tab to tab and over restarts. */
export function usePickedResource(account: string, tab: string) {
  const resources = useResources(account);
  const place = useAccountPlace(account);
  const [last, setLast] = useStored<string | null>(`resource:${account}`, null);
  const picked = chooseResource(resources.data ?? [], place.get("resource"), last);
  const pick = (resource: string) => {
    setLast(resource);
    place.open(tab, { resource }, { replace: true });
  };
  return { resources, picked, pick, place };
}
