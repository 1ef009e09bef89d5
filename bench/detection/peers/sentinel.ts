/**
 * Microsoft Sentinel (Azure/Azure-Sentinel).
 * "Password spray attack against Microsoft Entra ID application" (48607a29): at least 5 accounts failing from an address on an
 * application within a bin of 20 minutes, in the last 3 days, where more accounts failed from that address than got in; once a
 * day. It counts 50126 (wrong password), 50053 (locked) and 50055 (expired); a name that nobody has is 50034, and not counted.
 * "Potential Password Spray Attack" (e27dd7e5, Okta): more than 15 accounts failing from an address within 5 minutes; hourly.
 */
import { days, hours, minutes } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";
import { Bins } from "./bins.ts";
import { type Peer, everyPeriod } from "./peer.ts";

const WINDOW = minutes(20);
const ACCOUNTS = 5;
const LOOK_BACK_DAYS = 3;

const failureReasons: ReadonlySet<Reason | ""> = new Set(["bad-password", "locked", "expired", "other"]);
/** Codes of the rule's list that say that the password was right. */
const successReasons: ReadonlySet<Reason | ""> = new Set(["", "expired", "disabled", "second-factor", "policy"]);

/** Accounts by address. */
type Day = { readonly failed: Map<string, Set<string>>; readonly gotIn: Map<string, Set<string>> };

const newDay = (): Day => ({ failed: new Map(), gotIn: new Map() });

function note(accounts: Map<string, Set<string>>, address: string, account: string): void {
  const known = accounts.get(address);
  if (known === undefined) accounts.set(address, new Set([account]));
  else known.add(account);
}

/** Whether more accounts failed from it than got in. */
function mostlyFails(history: readonly Day[], address: string): boolean {
  const failed = new Set<string>();
  const gotIn = new Set<string>();
  for (const one of history) {
    for (const account of one.failed.get(address) ?? []) failed.add(account);
    for (const account of one.gotIn.get(address) ?? []) gotIn.add(account);
  }
  return failed.size > gotIn.size;
}

export const sentinelEntra: Peer = {
  name: "Sentinel (Entra)",
  rule: "5 accounts failing from an address within 20 minutes, more than get in from there; once a day over the last 3",
  needs: "the application and the reason of a failure",
  blocks: "for good",
  start: (say) => {
    const bins = new Bins(WINDOW);
    let history: Day[] = [newDay()];
    return {
      until: everyPeriod(days(1), (now) => {
        const counts = bins.counts(now - days(LOOK_BACK_DAYS), now);
        for (const [key, accounts] of counts) {
          const address = key.slice(key.indexOf(" ") + 1);
          if (accounts.some((count) => count >= ACCOUNTS) && mostlyFails(history, address)) say(now, address);
        }
        history = [...history.slice(1 - LOOK_BACK_DAYS), newDay()];
      }),
      step: ({ signIn: { at, reason, address, account, service } }) => {
        const failed = failureReasons.has(reason);
        const gotIn = successReasons.has(reason);
        const today = history.at(-1);
        if (today === undefined || (!failed && !gotIn)) return;
        if (gotIn) note(today.gotIn, address, account);
        if (!failed) return;
        note(today.failed, address, account);
        bins.add(at, `${service} ${address}`, account);
      },
    };
  },
};

const OKTA_OVER = 15;

export const sentinelOkta: Peer = {
  name: "Sentinel (Okta)",
  rule: "more than 15 accounts failing from an address within 5 minutes; hourly",
  needs: "nothing further",
  blocks: "for good",
  start: (say) => {
    const bins = new Bins(minutes(5));
    return {
      until: everyPeriod(hours(1), (now) => {
        for (const [address, counts] of bins.counts(now - hours(1), now))
          if (counts.some((count) => count > OKTA_OVER)) say(now, address);
      }),
      step: ({ signIn: { at, reason, address, account } }) => {
        if (reason === "bad-password" || reason === "unknown-account" || reason === "other")
          bins.add(at, address, account);
      },
    };
  },
};
