/** Whether every word of `wanted` occurs in `text`, whatever the case: `acme prod` finds `Acme / coupa-prod`. */
export function matches(wanted: string, text: string): boolean {
  const hay = text.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}
