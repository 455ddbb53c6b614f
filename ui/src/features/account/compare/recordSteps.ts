import { count } from "../../../components/formats";

/** Where a record stands among those of its resource. */
export interface RecordPlace {
  previous: string | null;
  next: string | null;
  position: number;
  total: number;
}

/** What a key asks for while a record is open: J the next, K the previous, as in a mail reader. */
export function stepOf(key: string, place: RecordPlace | undefined): string | null {
  if (!place) {
    return null;
  }
  if (key === "j" || key === "J") {
    return place.next;
  }
  return key === "k" || key === "K" ? place.previous : null;
}

/** "12 of 200", or what to say where there is no record. */
export function placeText(place: RecordPlace | undefined): string {
  if (!place) {
    return "";
  }
  return place.total === 0
    ? "no records"
    : `${count(place.position)} of ${count(place.total)}`;
}

/** The row `count` steps away in a list, kept inside it. */
export function clampedStep(index: number, steps: number, length: number): number {
  return length === 0 ? -1 : Math.min(length - 1, Math.max(0, index + steps));
}
