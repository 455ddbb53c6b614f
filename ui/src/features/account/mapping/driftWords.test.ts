import { describe, expect, it } from "vitest";

import type { DriftChange } from "../../../backend";
import { detailOf, summaryOf } from "./driftWords";

function change(kind: string, more: Partial<DriftChange> = {}): DriftChange {
  return { kind, path: "status", custom: false, read_by: [], before: [], after: [], present: 3, of: 40, ...more };
}

describe("what changed in the records", () => {
  it("is one line", () => {
    expect(summaryOf(undefined)).toBeNull();
    expect(summaryOf({ changes: [], gone: [] })).toBeNull();
    expect(summaryOf({ changes: [change("new"), change("gone"), change("new")], gone: [] })).toBe("1 gone, 2 new");
    expect(summaryOf({ changes: [change("type"), change("words"), change("type")], gone: [] })).toBe("2 other types, 1 with new values");
    const gone = { path: "total", since: "2026-11-20T10:00:00Z", present: 50, of: 50 };
    expect(summaryOf({ changes: [], gone: [{ ...gone, read_by: ["total"] }] })).toBe("1 mapped path still gone");
    expect(summaryOf({ changes: [], gone: [{ ...gone, read_by: [] }] })).toBeNull();
  });

  it("says what became of a path", () => {
    expect(detailOf(change("new"))).toBe("3 of 40 records");
    expect(detailOf(change("new", { present: 1, of: 1 }))).toBe("1 of 1 record");
    expect(detailOf(change("type", { before: ["text"], after: ["number"] }))).toBe("text became number");
    expect(detailOf(change("words", { before: ["open"], after: ["lost"] }))).toBe("besides open now lost");
  });
});
