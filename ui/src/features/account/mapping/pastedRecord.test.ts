import { describe, expect, it } from "vitest";

import { pastedRecord } from "./pastedRecord";

describe("a pasted record", () => {
  it.each([
    ['{"id": 1, "total": 10.50}', { record: '{"id": 1, "total": 10.50}' }],
    ['[{"id":1},{"id":2}]', { record: '{"id":1}' }],
    ["[]", { fault: "The list holds no record." }],
    ["[1]", { fault: "The list holds no record." }],
    ['"text"', { fault: "A record is a JSON object: { … }." }],
    ["null", { fault: "A record is a JSON object: { … }." }],
  ])("%s", (text, read) => {
    expect(pastedRecord(text)).toEqual(read);
  });

  it("says what is wrong with it", () => {
    expect(pastedRecord("{id: 1")).toMatchObject({ fault: expect.stringMatching(/^This is not JSON: /) });
  });
});
