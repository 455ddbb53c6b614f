import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync("src/tokens.css", "utf8");

/** The colours of one scheme by name. */
function colours(part: string): Map<string, string> {
  return new Map(
    [...part.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g)].map((match) => [
      match[1] ?? "",
      match[2] ?? "",
    ]),
  );
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ["bg", "panel", "rail"];
/** Text colours, each with the grounds it is set on; WCAG AA asks for 4.5. */
const TEXT: Record<string, string[]> = {
  ink: [...GROUNDS, "quiet-soft", "accent-soft", "read-soft", "bad-soft", "warn-soft"],
  "ink-2": [...GROUNDS, "quiet-soft", "accent-soft", "read-soft", "bad-soft", "warn-soft"],
  "ink-3": [...GROUNDS, "accent-soft", "line-2", "read-soft"],
  accent: [...GROUNDS, "accent-soft"],
  "accent-ink": ["accent"],
  "bad-ink": ["bad"],
  read: [...GROUNDS, "read-soft"],
  ok: [...GROUNDS, "ok-soft", "accent-soft"],
  warn: [...GROUNDS, "warn-soft", "accent-soft"],
  bad: [...GROUNDS, "bad-soft", "warn-soft", "accent-soft"],
  production: [...GROUNDS, "accent-soft"],
  sandbox: [...GROUNDS, "accent-soft"],
  call: GROUNDS,
  "json-key": [...GROUNDS, "read-soft"],
  "json-string": [...GROUNDS, "read-soft"],
  "json-number": [...GROUNDS, "read-soft"],
  "json-null": GROUNDS,
};

const [light = "", dark = ""] = css.slice(css.indexOf(":root")).split("@media");

test.each([
  ["light", colours(light)],
  ["dark", colours(dark)],
])("every %s text colour is readable on its grounds", (_scheme, palette) => {
  const faint: string[] = [];
  for (const [text, grounds] of Object.entries(TEXT)) {
    for (const ground of grounds) {
      const ratio = contrast(palette.get(text) ?? "#000000", palette.get(ground) ?? "#000000");
      if (ratio < 4.5) {
        faint.push(`${text} on ${ground}: ${ratio.toFixed(2)}`);
      }
    }
  }
  for (const ground of ["panel", "bg"]) {
    const ratio = contrast(palette.get("line-strong") ?? "", palette.get(ground) ?? "");
    if (ratio < 3) {
      faint.push(`border of inputs on ${ground}: ${ratio.toFixed(2)}`);
    }
  }
  expect(faint).toEqual([]);
});
