/** Small scenarios for tests of detection: a few lines say who signs in from where. All on invented names and addresses. */
import { Judge } from "#/incidents/judge.ts";
import type { Conclusion } from "#/incidents/conclusion.ts";
import { type Millis, millis } from "#/platform/units.ts";
import type { Reason, SignIn } from "#/signin/signin.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Monday, 2026-03-02, 00:00 UTC. */
export const MONDAY = Date.UTC(2026, 2, 2);

export const at = (day: number, hour = 0, minute = 0, second = 0): Millis =>
  millis(MONDAY + day * DAY + hour * HOUR + minute * MINUTE + second * 1000);

export function success(when: number, account: string, address: string, more: Partial<SignIn> = {}): SignIn {
  return {
    at: millis(when),
    outcome: "success",
    reason: "",
    account,
    accountGiven: account,
    address,
    service: "imap",
    server: "mx1",
    client: "",
    count: 1,
    passwordFingerprint: "",
    source: "test",
    ...more,
  };
}

export function failure(
  when: number,
  account: string,
  address: string,
  reason: Reason = "bad-password",
  more: Partial<SignIn> = {},
): SignIn {
  return { ...success(when, account, address), outcome: "failure", reason, ...more };
}

export const member = (index: number): string => `member${index}@example.org`;
/** Each member's own broadband address, one /24 each. */
export const home = (index: number): string => `198.18.${index % 250}.${10 + Math.floor(index / 250)}`;
/** A stranger's address, one /16 each for the first few hundred. */
export const stranger = (index: number): string =>
  `${100 + (index % 90)}.${(index * 7) % 250}.${index % 199}.${1 + (index % 250)}`;

/** Ordinary days: every member signs in three times a day from home, one in thirty times after a slip. */
export function ordinaryDays(members: number, days: number): SignIn[] {
  const all: SignIn[] = [];
  for (let day = 0; day < days; day += 1) {
    for (let index = 0; index < members; index += 1) {
      for (const hour of [8, 12, 17]) {
        const when = at(day, hour, index % 60, (index * 13) % 60);
        if ((index + day * 3 + hour) % 30 === 0) all.push(failure(when - 20_000, member(index), home(index)));
        all.push(success(when, member(index), home(index)));
      }
    }
  }
  return all;
}

export const inOrder = (...parts: readonly SignIn[][]): SignIn[] =>
  parts.flat().sort((left, right) => left.at - right.at);

export function judge(signIns: readonly SignIn[]): Conclusion {
  const judging = new Judge();
  judging.add(signIns);
  return judging.conclude({ files: [], signIns: signIns.length, zoneAssumed: undefined });
}
