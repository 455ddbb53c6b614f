import { describe, expect, it } from "vitest";

import { chosenType, suggestedType, typeFault, typeName, typeText, wordsOf } from "./fieldTypes";

describe("the type of a field a user adds", () => {
  it.each([
    ['"decimal"', { kind: "decimal", list: false, words: [] }, "decimal"],
    ['{"list":"string"}', { kind: "string", list: true, words: [] }, "list of text"],
    ['{"enum":["draft","paid"]}', { kind: "enum", list: false, words: ["draft", "paid"] }, "one of a few texts"],
    ['{"list":{"enum":["a"]}}', { kind: "enum", list: true, words: ["a"] }, "list of one of a few texts"],
    ['"timestamp"', { kind: "timestamp", list: false, words: [] }, "instant"],
  ])("%s is read and written the same", (text, type, name) => {
    expect(chosenType(text)).toEqual(type);
    expect(typeText(type)).toBe(text);
    expect(typeName(text)).toBe(name);
  });

  it.each(['{"object":{}}', '{"list":{"list":"string"}}', '"Address"', "not JSON", "7"])("%s is not one to choose", (text) => {
    expect(chosenType(text)).toBeNull();
  });

  it("wants words of an enum", () => {
    expect(typeFault('{"enum":[]}')).toBe("Name at least one word.");
    expect(typeFault('{"list":{"enum":[]}}')).not.toBeNull();
    expect(typeFault('{"enum":["a"]}')).toBeNull();
    expect(typeFault(null)).toBeNull();
    expect(wordsOf(" draft, paid ,, draft\nvoid")).toEqual(["draft", "paid", "void"]);
  });

  it.each([
    ["string", '"CC-4410"', "string"],
    ["string", '"12.50"', "decimal"],
    ["string", '"2026-11-20"', "date"],
    ["string", '"2026-11-20T10:00:00+01:00"', "timestamp"],
    ["number", "7", "integer"],
    ["number", "7.25", "decimal"],
    ["boolean", "true", "boolean"],
  ])("a %s %s suggests %s", (kind, preview, type) => {
    expect(suggestedType({ kind, preview })).toBe(JSON.stringify(type));
  });
});
