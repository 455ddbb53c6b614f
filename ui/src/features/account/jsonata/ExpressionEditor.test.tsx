import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";

import { ExpressionEditor } from "./ExpressionEditor";

afterEach(cleanup);

const base = { label: "Expression of total", vocabulary: undefined, marks: [], onChange: () => {} };

describe("ExpressionEditor", () => {
  it("is a labelled text box with the expression in it, in colours", () => {
    render(<ExpressionEditor {...base} value={'$string(`invoice-number`) & "x"'} />);
    const box = screen.getByRole("textbox", { name: "Expression of total" });
    expect(box.textContent).toBe('$string(`invoice-number`) & "x"');
    expect(box.querySelectorAll("span").length).toBeGreaterThan(3);
  });

  it("takes a value from outside without telling it back", () => {
    const onChange = vi.fn();
    const { rerender } = render(<ExpressionEditor {...base} onChange={onChange} value="a" />);
    rerender(<ExpressionEditor {...base} onChange={onChange} value="b.c" />);
    expect(screen.getByRole("textbox").textContent).toBe("b.c");
    expect(onChange).not.toHaveBeenCalled();
  });

  it("marks a place", () => {
    const marks = [{ from: 0, to: 1, severity: "error" as const, message: "no", fix: null }];
    const { container, rerender } = render(<ExpressionEditor {...base} value="a +" />);
    rerender(<ExpressionEditor {...base} value="a +" marks={marks} />);
    expect(container.querySelector(".cm-lintRange-error")?.textContent).toBe("a");
  });

  it("never shows a text as HTML", () => {
    const { container } = render(<ExpressionEditor {...base} value={'"<img src=x>"'} />);
    expect(container.querySelector("img")).toBeNull();
  });
});
