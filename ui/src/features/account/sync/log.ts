import type { LogLine } from "../../../backend";
import type { Tone } from "../../../components/Badge";

/** The lines of a severity: `all`, or `attention` for what somebody should read. */
export function linesOf(lines: readonly LogLine[], severity: string): LogLine[] {
  return severity === "attention" ? lines.filter((line) => line.severity !== "info") : [...lines];
}

/** The log as plain text, one line each with its exact time. */
export function logText(lines: readonly LogLine[]): string {
  return lines
    .map((line) => `${line.at} ${line.severity === "info" ? "" : `${line.severity}: `}${line.message}`)
    .join("\n");
}

/** The colour of a line's severity. */
export function severityTone(severity: string): Tone {
  if (severity === "error") {
    return "bad";
  }
  return severity === "warning" ? "warn" : "quiet";
}
