import { Button } from "../../components/Button";
import { counted } from "../../components/formats";
import type { Day } from "./calendar";

const WEEKDAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

function Cell({ day, chosen, onChoose }: { day: Day; chosen: boolean; onChoose: () => void }) {
  const number = new Date(day.start).getDate();
  if (day.outside || day.alerts.length === 0) {
    return (
      <span className={`py-0.5 ${day.outside ? "invisible" : "text-ink-3"}`}>{number}</span>
    );
  }
  const wrong = day.alerts.some((alert) => alert.state === "active" || alert.state === "due");
  return (
    <button
      type="button"
      aria-pressed={chosen}
      aria-label={`${day.label}: ${counted(day.alerts.length, "alert")}`}
      onClick={onChoose}
      className={`rounded-md py-0.5 font-semibold ${wrong ? "bg-bad-soft text-bad" : "bg-accent-soft text-accent"} ${chosen ? "shadow-[0_0_0_1.5px_currentColor]" : ""}`}
    >
      {number}
    </button>
  );
}

/** What falls due in the weeks to come; a day chosen shows its alerts only. */
export function Calendar({
  weeks,
  chosen,
  onChoose,
}: {
  weeks: Day[][];
  chosen: number | null;
  onChoose: (day: number | null) => void;
}) {
  return (
    <section
      aria-labelledby="calendar"
      className="max-h-full w-72 shrink-0 overflow-y-auto rounded-lg border border-line bg-panel p-4"
    >
      <div className="mb-2 flex h-6 items-center justify-between">
        <h2 id="calendar" className="font-semibold">
          Next 90 days
        </h2>
        {chosen !== null && (
          <Button
            small
            command="Show the alerts of all days"
            onClick={() => {
              onChoose(null);
            }}
          >
            Show all
          </Button>
        )}
      </div>
      <div className="grid grid-cols-[44px_repeat(7,1fr)] gap-y-1 text-center text-[12px] tabular-nums">
        <span />
        {WEEKDAYS.map((name) => (
          <span key={name} className="text-micro text-ink-3">
            {name}
          </span>
        ))}
        {weeks.map((week, index) => {
          const first = week[0];
          const month = week[6]?.label.split(" ")[1] ?? "";
          const before = weeks[index - 1]?.[6]?.label.split(" ")[1];
          return (
            <div key={first?.start} className="contents">
              <span className="py-0.5 text-left text-micro/[20px] text-ink-3">
                {month === before ? "" : month}
              </span>
              {week.map((day) => (
                <Cell
                  key={day.start}
                  day={day}
                  chosen={day.start === chosen}
                  onChoose={() => {
                    onChoose(day.start === chosen ? null : day.start);
                  }}
                />
              ))}
            </div>
          );
        })}
      </div>
    </section>
  );
}
