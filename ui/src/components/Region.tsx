/** Where a customer's data must stay: beside whatever can take it out of this machine. */
export function Region({ region }: { region: string }) {
  return (
    <span
      className="rounded-[5px] border border-line px-1.5 text-micro whitespace-nowrap text-ink-2"
      title={`The customer's data must stay in ${region}. Think of that before it leaves this machine.`}
    >
      Data stays in {region}
    </span>
  );
}
