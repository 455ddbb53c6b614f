import { describe, expect, it } from "vitest";

import { BackendError, type FilterRow } from "../../../backend";
import { suggestionsFor } from "../jsonata/completion";
import { asksText, faultOf, firstTrial, foundFilters, trialWords, valueText, vocabularyOf } from "./filterRow";

const row = (name: string, more: Partial<FilterRow> = {}): FilterRow => ({
  name, field: name, bound: "is", type: "text", enum_values: [], expression: null, level: null, version: null, levels: [], ...more,
});

describe("filters", () => {
  it.each([
    ["one of a few texts", ["open", "paid"], ["open", "paid"], "open"],
    ["true or false", [], ["true", "false"], "true"],
    ["instant", [], [], "2026-01-31"],
    ["text", [], [], ""],
  ])("%s with %j is tried with %j, %s first", (type, enum_values, words, first) => {
    expect(trialWords({ type, enum_values })).toEqual(words);
    expect(firstTrial({ type, enum_values })).toBe(first);
  });

  it.each([
    ["is", "id", "vendor", "id"],
    ["after", "instant", "updated_at", "instant that updated_at is later than"],
    ["before", "date", "due_date", "date that due_date is earlier than"],
  ])("%s a value: %s of %s", (bound, type, field, text) => {
    expect(valueText({ bound, type, field })).toBe(text);
  });

  it.each([
    [{ expression: "{\n  \"a\": {} }", level: "account" }, "{ \"a\": {} }"],
    [{ expression: null, level: null }, "not asked by"],
    [{ expression: null, level: "account" }, "taken away"],
  ])("%j is told as %s", (filter, text) => {
    expect(asksText(filter)).toBe(text);
  });

  it("finds what begins as typed first", () => {
    const names = (typed: string) => foundFilters([row("remote_status"), row("Status"), row("id")], typed).map(({ name }) => name);
    expect(names(" Stat")).toEqual(["Status", "remote_status"]);
    expect(names("")).toEqual(["remote_status", "Status", "id"]);
    expect(names("x")).toEqual([]);
  });

  it("offers the filter's own name first, and one with a dot as one key", () => {
    const own = row("custom_fields.lane", { enum_values: ["A"] });
    const vocabulary = vocabularyOf([row("cost"), own], own, { functions: [], tables: ["states"] });
    const offered = suggestionsFor("c", vocabulary)?.options ?? [];
    expect(offered.toSorted((a, b) => b.boost - a.boost)[0]).toMatchObject({ apply: "`custom_fields.lane`", detail: "text", info: "" });
    expect(suggestionsFor('$table("', vocabulary)?.options.map(({ label }) => label)).toEqual(["states"]);
    expect(suggestionsFor('"', vocabulary)?.options.map(({ label }) => label)).toEqual(["A"]);
  });

  it.each([
    ["filter_untranslated", "say how: xwalk map set --request MODEL status EXPR.", "warn", null],
    ["invalid_filter", "Use open, paid.", "warn", "Use open, paid."],
    ["unknown_operator", "It has: eq, in.", "bad", "It has: eq, in."],
  ])("tells %s (%s) as %s", (code, hint, tone, shown) => {
    expect(faultOf(new BackendError({ code, message: "No.", hint }))).toEqual({ message: "No.", hint: shown, tone });
  });

  it("tells what is no fault of the engine's too", () => {
    expect(faultOf("gone")).toEqual({ message: "gone", hint: null, tone: "bad" });
  });
});
