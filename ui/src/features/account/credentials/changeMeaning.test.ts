import { expect, test } from "vitest";

import type { ConnectorChange } from "../../../backend";
import { meaningOf } from "./changeMeaning";

const SAME: ConnectorChange = { connector: "Acme", gone: [], added: [], kept: ["https://a.example"], hosts: [], obstacle: null };

test.each<[Partial<ConnectorChange>, string[]]>([
  [{}, ["They would go to https://a.example as before; how Acme signs in, or which hosts it names, has changed."]],
  [{ kept: [] }, ["They would go to the same addresses as before; how Acme signs in, or which hosts it names, has changed."]],
  [
    { gone: ["https://a.example"], added: ["https://b.example"], kept: [], hosts: ["*.example"] },
    [
      "Secrets and tokens would go to https://b.example.",
      "They would no longer go to https://a.example.",
      "It names these hosts now: *.example.",
    ],
  ],
  [{ obstacle: "b.example is not a host of Acme." }, ["b.example is not a host of Acme."]],
])("a change of %j is said", (change, lines) => {
  expect(meaningOf({ ...SAME, ...change })).toEqual(lines);
});
