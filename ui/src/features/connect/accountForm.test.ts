import { expect, test } from "vitest";

import { FORMS } from "../../testing/catalogue";
import {
  accountRules,
  credentialOf,
  hostOf,
  inputOf,
  proposedId,
  startingForm,
} from "./accountForm";

const [coupa, greenhouse] = FORMS;
if (!coupa || !greenhouse) {
  throw new Error("the catalogue is empty");
}
const filled = () => {
  const form = startingForm(coupa, { tenant: "acme", kind: "sandbox" });
  return {
    ...form,
    id: "acme-test",
    config: { ...form.config, instance_url: " https://acme.coupahost.com " } as Record<string, string>,
    credential: { client_id: "abc", secret: "s3cret" },
  };
};
const problems = (change: (form: ReturnType<typeof filled>) => void) => {
  const form = filled();
  change(form);
  const checked = accountRules(coupa, coupa.grants[0]).safeParse(form);
  return checked.success ? [] : checked.error.issues.map((issue) => issue.path.join("."));
};

test.each([
  ["nothing", () => undefined, []],
  ["no tenant", (form) => void (form.tenant = ""), ["tenant"]],
  ["an id with capitals", (form) => void (form.id = "Acme"), ["id"]],
  ["no address", (form) => void (form.config["instance_url"] = " "), ["config.instance_url"]],
  ["a bare host", (form) => void (form.config["instance_url"] = "acme.com"), []],
  ["no address at all", (form) => void (form.config["instance_url"] = "a b"), ["config.instance_url"]],
  ["letters for a number", (form) => void (form.config["custom_object_id"] = "x"), ["config.custom_object_id"]],
  ["no secret", (form) => void (form.credential.secret = ""), ["credential.secret"]],
] as [string, (form: ReturnType<typeof filled>) => void, string[]][])(
  "with %s the form complains about just that",
  (_name, change, expected) => {
    expect(problems(change)).toEqual(expected);
  },
);

test("the command gets trimmed settings and leaves out empty ones", () => {
  expect(inputOf(coupa, filled(), ["core.invoice.read"], [])).toEqual({
    id: "acme-test",
    tenant: "acme",
    connector: "coupa",
    kind: "sandbox",
    environment: null,
    config: { instance_url: "https://acme.coupahost.com" },
    client_id: "abc",
    secret: "s3cret",
    scopes: "core.invoice.read",
    grant: "client_credentials",
    purpose: "read",
    allow_hosts: [],
  });
});

test("a secret of several parts goes as an object", () => {
  const part = (key: string) => ({ key, label: key, secret: true, required: true, help: null });
  const grant = { grant: "signed", label: "", refresh_scope: null, credential: [part("key_id"), part("private_key")] };
  expect(credentialOf(grant, { key_id: "1", private_key: "2" })).toEqual({
    client_id: null,
    secret: '{"key_id":"1","private_key":"2"}',
  });
  expect(credentialOf(greenhouse.grants[0], { secret: "k" })).toEqual({
    client_id: null,
    secret: "k",
  });
  expect(credentialOf(coupa.grants[0], { client_id: "a", secret: "" })).toEqual({
    client_id: "a",
    secret: null,
  });
});

test("the draft fills the form but never a credential", () => {
  const form = startingForm(coupa, {
    tenant: "",
    kind: "",
    draft: { tenant: "acme", kind: "production", config: { instance_url: "https://x" } },
  });
  expect(form).toMatchObject({ tenant: "acme", kind: "production" });
  expect(form.config["instance_url"]).toBe("https://x");
  expect(form.credential).toEqual({ client_id: "", secret: "" });
});

test("proposed ids say the kind and avoid taken ones", () => {
  expect(proposedId("acme", "coupa", "production", [])).toBe("acme-coupa-prod");
  expect(proposedId("acme", "coupa", "sandbox", ["acme-coupa-test"])).toBe("acme-coupa-test-2");
});

test("the host to confirm is that of the address", () => {
  expect(hostOf(coupa, { instance_url: "https://acme.example:8443/x" })).toBe("acme.example:8443");
  expect(hostOf(coupa, { instance_url: "no host" })).toBeNull();
});
