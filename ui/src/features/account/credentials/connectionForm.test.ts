import { expect, test } from "vitest";

import type { AccountView } from "../../../backend";
import { FORMS } from "../../../testing/catalogue";
import { changesOf, pickedOf, problemsOf, sameScopes, settingsOf } from "./connectionForm";

const [coupa, greenhouse] = FORMS;
if (!coupa || !greenhouse) {
  throw new Error("the catalogue is empty");
}
const account = (config: Record<string, string>) => ({ config }) as AccountView;

test("settings that are not there are empty, and only what differs is a change", () => {
  const now = account({ instance_url: "https://acme.coupahost.com" });
  const values = settingsOf(coupa, now);
  expect(values).toEqual({ instance_url: "https://acme.coupahost.com", custom_object_id: "" });
  expect(changesOf(coupa, now, { ...values, instance_url: " https://acme.coupahost.com " })).toEqual([]);
  expect(changesOf(coupa, now, { ...values, custom_object_id: "12" })).toEqual([
    { key: "custom_object_id", label: "Custom object id", before: "", after: "12" },
  ]);
  const cleared = changesOf(coupa, account({ ...now.config, custom_object_id: "12" }), values);
  expect(cleared.map(({ key, after }) => [key, after])).toEqual([["custom_object_id", ""]]);
});

test("what does not fit is named by its field", () => {
  expect(problemsOf(coupa, { instance_url: "", custom_object_id: "x" })).toEqual({
    instance_url: "Instance URL is needed.",
    custom_object_id: "Digits only.",
  });
  expect(problemsOf(coupa, { instance_url: "https://a.example", custom_object_id: "" })).toEqual({});
});

test.each([
  [["core.invoice.read"], ["invoices"], null],
  // Asked for whatever is ticked.
  [["core.invoice.read", "offline_access"], ["invoices"], null],
  [["core.supplier.read", "core.invoice.read"], ["invoices", "suppliers"], null],
  // More than the ticked resources take: the list stays as it is.
  [["core.invoice.read", "openid"], ["invoices"], "core.invoice.read openid"],
  [[], [], null],
])("an account that asks for %j starts with its resources ticked", (scopes, resources, pasted) => {
  expect(pickedOf(coupa, scopes, "offline_access")).toEqual({ resources, pasted });
});

test("a resource without scopes is always ticked, and order does not matter", () => {
  expect(pickedOf(greenhouse, [], null).resources).toEqual(["candidates"]);
  expect(sameScopes(["a", "b", "a"], ["b", "a"])).toBe(true);
  expect(sameScopes(["a"], ["a", "b"])).toBe(false);
});
