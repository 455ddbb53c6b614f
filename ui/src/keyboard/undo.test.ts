import { beforeEach, expect, it } from "vitest";

import { forgetUndo, offerUndo, takeBack } from "./undo";

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

it("keeps what failed, so that it can be tried again", async () => {
  let shut = true;
  offerUndo(say("first"));
  offerUndo(async () => {
    if (shut) {
      throw new Error("The vault is locked.");
    }
    said.push("second");
  });
  await expect(takeBack()).rejects.toThrow("The vault is locked.");
  expect(said).toEqual([]);
  shut = false;
  await takeBack();
  await takeBack();
  expect(said).toEqual(["second", "first"]);
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
