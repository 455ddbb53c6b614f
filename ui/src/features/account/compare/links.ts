import { keysOf, WHOLE_RECORD } from "./rawPath";

/** How a raw place stands to what a field reads. */
export type Link =
  /** The place itself, or something below a place, that is read. */
  | "read"
  /** A container that has a read place inside: lit faintly, since it may be collapsed over it. */
  | "on_the_way"
  | "none";

/** A field of the mapping, as far as links need it. */
export interface LinkedField {
  field: string;
  reads: readonly string[];
}

/** What one field reads, ready to be asked about thousands of rows. */
export interface Lineage {
  whole: boolean;
  paths: string[][];
}

export function lineageOf(reads: readonly string[]): Lineage {
  const whole = reads.includes(WHOLE_RECORD);
  return { whole, paths: whole ? [] : reads.map(keysOf) };
}

/** The longer of two key lists begins with the shorter one. */
function agrees(left: readonly string[], right: readonly string[]): boolean {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    if (left[index] !== right[index]) {
      return false;
    }
  }
  return true;
}

/** How the place at the concrete `path` stands to a lineage. The whole record lights nothing: everything lit says nothing. */
export function linkOf(lineage: Lineage, path: string): Link {
  if (lineage.whole || lineage.paths.length === 0) {
    return "none";
  }
  const keys = keysOf(path);
  let link: Link = "none";
  for (const read of lineage.paths) {
    if (agrees(read, keys)) {
      if (keys.length >= read.length) {
        return "read";
      }
      link = "on_the_way";
    }
  }
  return link;
}

/** The fields that read the place at the concrete `path`, in the mapping's order. */
export function fieldsReading(fields: readonly LinkedField[], path: string): string[] {
  return fields
    .filter((field) => linkOf(lineageOf(field.reads), path) === "read")
    .map((field) => field.field);
}

/** What a field reads, in words for a screen reader and for the line under the expression. */
export function readsText(reads: readonly string[]): string {
  if (reads.includes(WHOLE_RECORD)) {
    return "reads the whole record";
  }
  return reads.length === 0 ? "reads nothing of the record" : `reads ${reads.join(", ")}`;
}
