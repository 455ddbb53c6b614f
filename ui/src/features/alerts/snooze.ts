/** When a snoozed alert comes back; `now` in milliseconds since 1970, hours in the local zone. */
export function snoozeChoices(now: number): { label: string; until: string }[] {
  const morning = (days: number) => {
    const at = new Date(now);
    at.setDate(at.getDate() + days);
    at.setHours(9, 0, 0, 0);
    return at.toISOString();
  };
  const toMonday = ((8 - new Date(now).getDay()) % 7 || 7);
  return [
    { label: "Snooze for an hour", until: new Date(now + 3_600_000).toISOString() },
    { label: "Snooze until tomorrow, 09:00", until: morning(1) },
    { label: "Snooze until Monday, 09:00", until: morning(toMonday) },
  ];
}
