/** A piece of a text: kept, taken away or added. */
export interface Piece {
  kind: "same" | "removed" | "added";
  text: string;
}

/** Texts longer than this many tokens together are shown whole: before, then after. */
const MOST_TOKENS = 2_000;

function tokens(text: string): string[] {
  return text.match(/\s+|[\p{L}\p{N}_$-]+|[^\s\p{L}\p{N}_$-]/gu) ?? [];
}

function append(pieces: Piece[], kind: Piece["kind"], text: string): void {
  const last = pieces.at(-1);
  if (last?.kind === kind) {
    last.text += text;
  } else {
    pieces.push({ kind, text });
  }
}

/** What turns `before` into `after`, word by word: the longest common subsequence of their tokens is kept. */
export function difference(before: string, after: string): Piece[] {
  if (before === after) {
    return before === "" ? [] : [{ kind: "same", text: before }];
  }
  const left = tokens(before);
  const right = tokens(after);
  if (left.length + right.length > MOST_TOKENS) {
    return [
      { kind: "removed", text: before },
      { kind: "added", text: after },
    ];
  }
  const width = right.length + 1;
  const lengths = new Uint16Array((left.length + 1) * width);
  for (let l = left.length - 1; l >= 0; l -= 1) {
    for (let r = right.length - 1; r >= 0; r -= 1) {
      lengths[l * width + r] =
        left[l] === right[r]
          ? (lengths[(l + 1) * width + r + 1] ?? 0) + 1
          : Math.max(lengths[(l + 1) * width + r] ?? 0, lengths[l * width + r + 1] ?? 0);
    }
  }
  const pieces: Piece[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    if (l < left.length && r < right.length && left[l] === right[r]) {
      append(pieces, "same", left[l] ?? "");
      l += 1;
      r += 1;
    } else if (
      r >= right.length ||
      (l < left.length &&
        (lengths[(l + 1) * width + r] ?? 0) >= (lengths[l * width + r + 1] ?? 0))
    ) {
      append(pieces, "removed", left[l] ?? "");
      l += 1;
    } else {
      append(pieces, "added", right[r] ?? "");
      r += 1;
    }
  }
  return pieces;
}
