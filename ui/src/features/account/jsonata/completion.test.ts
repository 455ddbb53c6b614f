import { describe, expect, it } from "vitest";

import { type Vocabulary, suggestionsFor, wordBefore } from "./completion";
import { expressionFor } from "./spelling";

const path = (spelled: string, more: object = {}) => ({
  path: spelled,
  expression: expressionFor(spelled),
  example: '"x"',
  filled: 10,
  of: 10,
  custom: false,
  masked: false,
  read: true,
  ...more,
});

const vocabulary: Vocabulary = {
  paths: [
    path("invoice-number"),
    path("custom-fields.cost-center", { custom: true, read: false, example: '"CC-4410"' }),
    path("supplier.tax-id", { masked: true, example: null }),
    path("invoice-lines[].price"),
  ],
  functions: [
    { name: "$sum", signature: "$sum(array)", help: "Adds numbers." },
    { name: "$string", signature: "$string(value)", help: "As text." },
  ],
  tables: ["cost_centers"],
  enumValues: ["draft", "approved"],
};

const labels = (text: string) => suggestionsFor(text, vocabulary)?.options.map((each) => each.label);

describe("completion", () => {
  it.each([
    ["$su", "function", 0],
    ["a & $s", "function", 4],
    ["supp", "path", 0],
    ["$string(supplier.ta", "path", 8],
    ["`custom-fields`.co", "path", 0],
    ["a = 'app", "text", 5],
    ["$table('co", "table", 8],
    ["a and ", "path", 6],
  ])("%s is a %s from %i", (text, kind, from) => {
    expect(wordBefore(text)).toEqual({ kind, from });
  });

  it("offers the tenant's paths with an example, custom and unread ones first", () => {
    expect(labels("")?.[0]).toBe("custom-fields.cost-center");
    const options = suggestionsFor("cost", vocabulary)?.options ?? [];
    expect(options).toHaveLength(1);
    expect(options[0]).toMatchObject({
      apply: "`custom-fields`.`cost-center`",
      detail: '"CC-4410"',
      info: "filled in 10 of 10 records · custom field · read by nothing",
    });
  });

  it("shows no masked example", () => {
    expect(suggestionsFor("tax", vocabulary)?.options[0]?.detail).toBe("masked");
  });

  it("leaves list marks out", () => {
    expect(suggestionsFor("`invoice-lines`.", vocabulary)?.options[0]?.apply).toBe("`invoice-lines`.price");
  });

  it("offers functions, enum values and tables in their places", () => {
    expect(labels("$s")).toEqual(["$sum", "$string"]);
    expect(labels("status = '")).toEqual(["draft", "approved"]);
    expect(labels("$table('")).toEqual(["cost_centers"]);
  });
});
