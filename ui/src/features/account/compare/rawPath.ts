/**
 * Raw paths as the engine spells them. A *concrete* path names one place of one record (`lines[0].account.code`); a
 * *lineage* path names what an expression reads, with everything below it (`lines[].account.code`, `*` for the whole
 * record). Keys stand between backticks where their characters need it; a backtick inside is doubled.
 */
export type RawStep = { key: string } | { index: number } | { each: true };

/** What an expression reads when nothing smaller can be said. */
export const WHOLE_RECORD = "*";

/** The steps of a path; a text that is no path is read as one key, so that nothing shown is ever lost. */
export function parsePath(path: string): RawStep[] {
  const steps: RawStep[] = [];
  let at = 0;
  while (at < path.length) {
    const char = path[at];
    if (char === ".") {
      at += 1;
    } else if (char === "[") {
      const end = path.indexOf("]", at);
      const inside = end < 0 ? null : path.slice(at + 1, end);
      if (inside === null || !/^\d*$/.test(inside)) {
        return [{ key: path }];
      }
      steps.push(inside === "" ? { each: true } : { index: Number(inside) });
      at = end + 1;
    } else if (char === "`") {
      let key = "";
      at += 1;
      while (at < path.length) {
        if (path[at] === "`" && path[at + 1] === "`") {
          key += "`";
          at += 2;
        } else if (path[at] === "`") {
          break;
        } else {
          key += path[at];
          at += 1;
        }
      }
      at += 1;
      steps.push({ key });
    } else {
      const rest = path.slice(at);
      const end = rest.search(/[.[]/);
      const key = end < 0 ? rest : rest.slice(0, end);
      steps.push({ key });
      at += key.length;
    }
  }
  return steps;
}

function spellKey(key: string): string {
  return key === "" || /[.[\]`]/.test(key) || key.trim() !== key
    ? `\`${key.replaceAll("`", "``")}\``
    : key;
}

/** The path of these steps, as the engine spells it. */
export function spellPath(steps: readonly RawStep[]): string {
  return steps
    .map((step, index) => {
      if ("key" in step) {
        return (index > 0 ? "." : "") + spellKey(step.key);
      }
      return "index" in step ? `[${step.index}]` : "[]";
    })
    .join("");
}

/** The keys alone: what a lineage is compared by, since an expression reads a list and its elements alike. */
export function keysOf(path: string): string[] {
  return parsePath(path).flatMap((step) => ("key" in step ? [step.key] : []));
}

/** The place that holds `path`, or null at the root. */
export function parentPath(path: string): string | null {
  const steps = parsePath(path);
  return steps.length > 1 ? spellPath(steps.slice(0, -1)) : null;
}

/** Every container on the way to `path`, outermost first. */
export function ancestors(path: string): string[] {
  const steps = parsePath(path);
  return steps.slice(0, -1).map((_, index) => spellPath(steps.slice(0, index + 1)));
}

/** `path` with every index opened to all elements: what a mapping of it would read. */
export function everyElement(path: string): string {
  return spellPath(parsePath(path).map((step) => ("index" in step ? { each: true } : step)));
}
