import { cleanup, render } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";

import { JsonValue, inOneLine } from "./JsonValue";

afterEach(cleanup);

describe("values in one line", () => {
  it.each([
    ['"EUR"', "string", '"EUR"'],
    ["12.50", "number", "12.50"],
    ["true", "boolean", "true"],
    ["[]", "array", "[]"],
    ['["a","b"]', "array", '["a","b"]'],
    ['[{"a":1},{"a":2}]', "array", "2 items"],
    ['{"id":"1"}', "object", '{"id":"1"}'],
    ['"cut tex', "string", '"cut tex'],
  ])("%s", (json, kind, text) => {
    expect(inOneLine(json)).toEqual({ kind, text });
  });

  it("shows record text as text", () => {
    const { container } = render(<JsonValue json={'"<b>x</b><img src=1>"'} />);
    expect(container.querySelector("b, img")).toBeNull();
    expect(container.textContent).toBe('"<b>x</b><img src=1>"');
  });

  it("shows an absent value as a dash", () => {
    expect(render(<JsonValue json={null} />).container.textContent).toBe("–");
    expect(render(<JsonValue json="null" />).container.textContent).toBe("–");
  });
});
