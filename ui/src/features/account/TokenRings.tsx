import { HrefLink, accountHref } from "../../app/go";
import type { AccountView } from "../../backend";
import { ClockRing } from "../../components/Figures";
import { readClock } from "../../components/clocks";
import { exact } from "../../components/formats";
import { useNow } from "../../components/now";

/** How long an account's tokens still live, as rings that lead to their clocks. */
export function TokenRings({ account }: { account: AccountView }) {
  const now = useNow();
  const clocks = [
    { name: "Access token", clock: account.token },
    { name: "Refresh token", clock: account.refresh_token },
  ];
  return (
    <>
      {clocks.map(({ name, clock }) => {
        if (!clock) {
          return null;
        }
        const reading = readClock(clock, now);
        const left = reading.tone === "bad" ? `expired ${reading.rest}` : reading.rest;
        const words = `${name}: ${left}${clock.renew_at ? `, renewal due ${exact(clock.renew_at)}` : ""}`;
        return (
          <HrefLink
            key={name}
            href={accountHref(account.id, "credentials")}
            aria-label={words}
            title={words}
            className="shrink-0"
          >
            <ClockRing reading={reading} size={16} />
          </HrefLink>
        );
      })}
    </>
  );
}
