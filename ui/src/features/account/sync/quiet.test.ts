import { expect, it } from "vitest";

import { quietWords } from "./quiet";

it("says until when, with the day where that is another", () => {
  const at = (hour: number, day = 21) => new Date(2026, 10, day, hour);
  const words = (until: Date | null) => quietWords({ windows: "mon-sun", until: until?.toISOString() ?? null }, at(9).getTime());
  expect(words(at(18))).toBe("quiet until 18:00");
  expect(words(at(6, 23))).toMatch(/^quiet until Mon,? 23 Nov,? 06:00$/);
  expect(words(null)).toBe("quiet now");
});
