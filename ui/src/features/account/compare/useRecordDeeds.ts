import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { type ComparedField, backend } from "../../../backend";
import { copyText } from "../../../components/clipboard";
import { toast, toastError } from "../../../components/Toasts";
import { bytes } from "../../../components/formats";
import type { RecordKey } from "./useRawTree";

/** What can be done with a record as a whole: fetch what was never asked for, pin its result, copy it or one unified value. */
export function useRecordDeeds(record: RecordKey, model: string | null) {
  const client = useQueryClient();
  const { account, resource, id } = record;
  const [fetching, setFetching] = useState(false);
  const pins = useQuery({
    queryKey: ["pins", account, model],
    queryFn: () => backend.pins(account, model),
    enabled: model !== null,
  });
  const pinned = pins.data?.some((pin) => pin.id === id && pin.resource === resource) ?? false;
  const fetchIt = async () => {
    setFetching(true);
    try {
      await backend.fetchMissing(account, resource, id);
      await Promise.all(
        ["compareRecord", "rawPage"].map((name) =>
          client.invalidateQueries({ queryKey: [name, account, resource, id] }),
        ),
      );
    } catch (error) {
      toastError(error);
    }
    setFetching(false);
  };
  const pin = async () => {
    if (model === null) {
      return;
    }
    try {
      await (pinned
        ? backend.unpinRecord(account, model, resource, id)
        : backend.pinRecord(account, model, resource, id, null));
      await client.invalidateQueries({ queryKey: ["pins"] });
      toast(pinned ? `Record ${id} is no longer pinned` : `Pinned: later changes are checked against record ${id}`);
    } catch (error) {
      toastError(error);
    }
  };
  const copy = async () => {
    try {
      // The record crosses as the bytes it was received in, however many; what is masked is replaced in them.
      const body = await backend.rawBody(account, resource, id);
      await copyText(new TextDecoder().decode(body));
      toast(`Copied record ${id}, ${bytes(body.byteLength)}; what is masked stays masked`);
    } catch (error) {
      toastError(error);
    }
  };
  const copyValue = async (field: ComparedField) => {
    if (model === null) {
      return;
    }
    try {
      // What is shown may be cut: the whole value is asked for.
      await copyText(await backend.unifiedValue(account, resource, id, model, field.field));
      toast(field.masked ? `Copied ${field.field}; what is masked stays masked` : `Copied ${field.field}`);
    } catch (error) {
      toastError(error);
    }
  };
  return { fetching, fetchIt, pinned, pin, copy, copyValue };
}
