import { beforeEach, expect, it } from "vitest";

import { forgetUndo, lastStep, offerAgain, offerUndo, takeBack } from "./undo";

let said: string[] = [];

const say = (word: string) => () => {
  said.push(word);
};

beforeEach(() => {
  forgetUndo();
  said = [];
});

it("takes the last thing back first, each once, and no more than there is", async () => {
  offerUndo(say("first"));
  offerUndo(say("second"));
  expect([await takeBack(), await takeBack(), await takeBack()]).toEqual([true, true, false]);
  expect(said).toEqual(["second", "first"]);
});

it("takes back what is pointed at", async () => {
  const first = offerUndo(say("first"));
  offerUndo(say("second"));
  await takeBack(first);
  expect(await takeBack(first)).toBe(false);
  await takeBack();
  expect(said).toEqual(["first", "second"]);
});

it("drops what was refused, so that what came before can be taken back", async () => {
  offerUndo(say("first"));
  offerUndo(() => Promise.reject(new Error("The field was changed since.")));
  await expect(takeBack()).rejects.toThrow("The field was changed since.");
  expect(await takeBack()).toBe(true);
  expect(said).toEqual(["first"]);
  expect(lastStep()).toBe(null);
});

it("tries what was refused once more where that is asked for", async () => {
  let shut = true;
  const step = offerUndo(async () => {
    if (shut) {
      throw new Error("The vault is locked.");
    }
    said.push("second");
  });
  await expect(takeBack()).rejects.toThrow("The vault is locked.");
  expect(await takeBack(step)).toBe(false);
  shut = false;
  offerAgain(step);
  expect(await takeBack(step)).toBe(true);
  expect(said).toEqual(["second"]);
});

it("does not take a thing back twice while that is under way", async () => {
  let end = () => {};
  const under = new Promise<void>((resolve) => {
    end = resolve;
  });
  offerUndo(async () => {
    await under;
    said.push("once");
  });
  const going = takeBack();
  expect(await takeBack()).toBe(false);
  end();
  expect(await going).toBe(true);
  expect(said).toEqual(["once"]);
});

it("forgets", async () => {
  const step = offerUndo(say("gone"));
  forgetUndo();
  expect([await takeBack(), await takeBack(step)]).toEqual([false, false]);
  expect(said).toEqual([]);
});
