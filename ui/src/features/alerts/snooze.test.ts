import { expect, test } from "vitest";

import { snoozeChoices } from "./snooze";

test.each([
  [new Date(2026, 10, 21, 12), 23],
  [new Date(2026, 10, 23, 8), 30],
])("from %s Monday is the %ith", (now, day) => {
  const [hour, tomorrow, monday] = snoozeChoices(now.getTime()).map((each) => new Date(each.until));
  expect(hour?.getTime()).toBe(now.getTime() + 3_600_000);
  expect([tomorrow?.getDate(), tomorrow?.getHours()]).toEqual([now.getDate() + 1, 9]);
  expect([monday?.getDay(), monday?.getDate()]).toEqual([1, day]);
});
