import { Badge, type Tone } from "../../components/Badge";

const TONES: Record<string, Tone> = { connector: "quiet", environment: "accent", account: "read" };

/** The level whose expression won; a field nobody maps has none. */
export function LevelChip({ level }: { level: string | null }) {
  return level === null ? null : <Badge tone={TONES[level] ?? "quiet"}>{level}</Badge>;
}
