import { difference } from "./difference";

/** Two expressions as one text: what was taken away struck through, what was added underlined. */
export function DifferenceText({ before, after }: { before: string | null; after: string | null }) {
  return (
    <pre className="font-mono text-code break-words whitespace-pre-wrap">
      {difference(before ?? "", after ?? "").map((piece, index) =>
        piece.kind === "same" ? (
          piece.text
        ) : piece.kind === "removed" ? (
          <del key={index} className="rounded-sm bg-bad-soft text-bad">
            {piece.text}
          </del>
        ) : (
          <ins key={index} className="rounded-sm bg-ok-soft text-ok no-underline">
            {piece.text}
          </ins>
        ),
      )}
    </pre>
  );
}
