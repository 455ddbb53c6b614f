import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// jsdom lays nothing out: without sizes a virtual list believes that nothing is in sight.
Object.defineProperties(HTMLElement.prototype, {
  clientHeight: { configurable: true, get: () => 640 },
  clientWidth: { configurable: true, get: () => 1000 },
  offsetHeight: {
    configurable: true,
    get(this: HTMLElement) {
      // The rows of a list that measures them.
      return this.dataset["index"] === undefined ? 640 : 32;
    },
  },
  offsetWidth: { configurable: true, get: () => 1000 },
});
// CodeMirror asks where its text lies.
Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
Range.prototype.getBoundingClientRect = () => new DOMRect();
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.scrollTo = () => undefined;
window.scrollTo = () => undefined;
// CodeMirror brings its cursor into sight.
window.scrollBy = () => undefined;
globalThis.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
window.matchMedia ??= (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
  }) as unknown as MediaQueryList;

// axe asks a canvas whether letters are icons; without one it takes them as letters.
HTMLCanvasElement.prototype.getContext = () => null;

configure({ asyncUtilTimeout: 15_000 });

afterEach(() => {
  cleanup();
});

// Absent from jsdom; the component library makes clicks of its own with it.
window.PointerEvent ??= class extends MouseEvent {} as typeof PointerEvent;
