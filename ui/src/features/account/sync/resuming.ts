import type { QuietNow, ResumeView } from "../../../backend";
import { counted } from "../../../components/formats";

/** What is asked before a run is taken up again. */
export interface Questions {
  /** How many pages a test may read at most, which its run does not tell. */
  pages: boolean;
  /** Whether it marks records as exported; `ask` where its run does not tell. */
  marks: "yes" | "no" | "ask";
  /** That the customer wants quiet now. */
  quiet: QuietNow | null;
}

/** What is to be asked; null: nothing, or the run cannot be taken up and says why itself. */
export function questionsOf(mode: string, resume: ResumeView | null, quiet: QuietNow | null): Questions | null {
  if (resume === null) {
    return null;
  }
  const pages = mode === "test" && resume.pages === null;
  const marks = resume.marks === null ? "ask" : resume.marks ? "yes" : "no";
  return pages || marks !== "no" || quiet !== null ? { pages, marks, quiet } : null;
}

/** How a run goes on, from what it was asked for with: "whole records, at most 20 pages, 10 % of the limit". */
export function resumeWords(resume: ResumeView): string {
  const words = [resume.fields === "all" ? "whole records" : "the fields the mapping reads"];
  if (resume.pages !== null) {
    words.push(`at most ${counted(resume.pages, "page")}`);
  }
  if (resume.budget !== null) {
    words.push(`${resume.budget} % of the limit`);
  }
  if (resume.marks) {
    words.push("marks records as exported");
  }
  return words.join(", ");
}
