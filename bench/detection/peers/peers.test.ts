import assert from "node:assert/strict";
import { test } from "node:test";
import type { SignIn } from "#/signin/signin.ts";
import { DAY, HOUR, MINUTE, MONDAY, failure, success } from "../../../test/support/signins.ts";
import { crowdsec, crowdsecSlow } from "./crowdsec.ts";
import { elastic } from "./elastic.ts";
import { fail2ban } from "./fail2ban.ts";
import { javedPaxson, limitsFor } from "./javed-paxson.ts";
import type { Peer } from "./peer.ts";
import { sentinelEntra, sentinelOkta } from "./sentinel.ts";
import { splunk } from "./splunk.ts";
import { Ladder, stopGuessing } from "./stop-guessing.ts";
import { zeek } from "./zeek.ts";

const guesser = "198.51.100.7";

type Alarm = readonly [minutesAfter: number, address: string];

/** @param password of each sign-in; by default each has its own. */
function alarms(
  peer: Peer,
  signIns: readonly SignIn[],
  until = MONDAY + 2 * DAY,
  password = (index: number): number => index + 1,
): Alarm[] {
  const said: Alarm[] = [];
  const running = peer.start((at, address) => said.push([(at - MONDAY) / MINUTE, address]), 1);
  for (const [index, signIn] of signIns.entries()) {
    running.until?.(signIn.at);
    running.step({ signIn, passwordId: password(index) });
  }
  running.until?.(until);
  return said;
}

/** So many accounts, one after the other, with a pause between. */
const guesses = (count: number, pause: number, from = MONDAY, more: Partial<SignIn> = {}): SignIn[] =>
  Array.from({ length: count }, (_, index) =>
    failure(from + index * pause, `account${index}`, guesser, "bad-password", more),
  );

test("fail2ban bans at the fifth failure within ten minutes", () => {
  assert.deepEqual(alarms(fail2ban, guesses(4, MINUTE)), []);
  assert.deepEqual(alarms(fail2ban, guesses(5, 2 * MINUTE)), [[8, guesser]]);
  assert.deepEqual(alarms(fail2ban, guesses(50, 3 * MINUTE)), []);
});

test("fail2ban does not take the institution's own trouble for a failure", () => {
  assert.deepEqual(
    alarms(
      fail2ban,
      guesses(9, MINUTE).map((one) => ({ ...one, reason: "fault" as const })),
    ),
    [],
  );
});

test("CrowdSec's buckets overflow at one more than they hold, and leak", () => {
  assert.deepEqual(alarms(crowdsec, guesses(3, 1_000)), []);
  assert.equal(alarms(crowdsec, guesses(4, 1_000)).length, 1);
  assert.deepEqual(alarms(crowdsec, guesses(50, 7 * MINUTE)), []);
  assert.equal(alarms(crowdsec, guesses(5, 1_000, MONDAY, { service: "ssh" })).length, 0);
  assert.equal(alarms(crowdsec, guesses(6, 1_000, MONDAY, { service: "ssh" })).length, 1);
  assert.equal(alarms(crowdsec, guesses(15, 20_000, MONDAY, { service: "ssh" })).length, 1);
});

test("CrowdSec's slow scenarios see one guess every quarter of an hour, and none of what a success parts", () => {
  assert.equal(alarms(crowdsecSlow, guesses(3, 15 * MINUTE)).length, 1);
  const parted = guesses(3, 15 * MINUTE);
  parted.splice(2, 0, success(MONDAY + 20 * MINUTE, "ada", guesser));
  assert.deepEqual(alarms(crowdsecSlow, parted), []);
  assert.deepEqual(alarms(crowdsecSlow, guesses(7, 13 * HOUR), MONDAY + 9 * DAY), []);
});

test("Zeek's limit is thirty failures in one epoch of half an hour", () => {
  assert.deepEqual(alarms(zeek, guesses(29, MINUTE)), []);
  assert.equal(alarms(zeek, guesses(30, 50_000)).length, 1);
  assert.deepEqual(alarms(zeek, guesses(60, 2 * MINUTE)), []);
});

test("Elastic's rule looks every five minutes for 25 failures", () => {
  assert.deepEqual(alarms(elastic, guesses(24, 1_000)), []);
  assert.deepEqual(alarms(elastic, guesses(25, 1_000)), [[5, guesser]]);
});

test("Splunk's rule wants more than ten accounts in five minutes, and tells within the hour after next", () => {
  assert.deepEqual(alarms(splunk, guesses(10, 1_000)), []);
  assert.deepEqual(alarms(splunk, guesses(11, 1_000)), [[60, guesser]]);
  // In two bins the larger lies one deviation above the mean, never three.
  assert.deepEqual(alarms(splunk, [...guesses(40, 1_000), ...guesses(1, 1_000, MONDAY + 6 * MINUTE)]), []);
});

test("Sentinel's rule for Entra tells at the day's end of five accounts in twenty minutes", () => {
  assert.deepEqual(alarms(sentinelEntra, guesses(4, MINUTE)), []);
  const [first] = alarms(sentinelEntra, guesses(5, MINUTE));
  assert.deepEqual(first, [24 * 60, guesser]);
});

test("Sentinel's rule for Entra leaves out where as many get in, and names that nobody has", () => {
  const office = guesses(5, MINUTE).flatMap((one, index) => [
    one,
    success(one.at + 1_000, `colleague${index}`, guesser),
  ]);
  assert.deepEqual(alarms(sentinelEntra, office), []);
  const invented = guesses(9, MINUTE).map((one) => ({ ...one, reason: "unknown-account" as const }));
  assert.deepEqual(alarms(sentinelEntra, invented), []);
});

test("Sentinel's rule for Okta wants more than fifteen accounts in five minutes", () => {
  assert.deepEqual(alarms(sentinelOkta, guesses(15, 1_000)), []);
  assert.deepEqual(alarms(sentinelOkta, guesses(16, 1_000)), [[60, guesser]]);
});

test("on the ladder a fresh password becomes frequent after some twenty steps", () => {
  const steps = Array.from({ length: 40 }, (_, seed) => {
    const ladder = new Ladder(seed);
    let count = 0;
    for (; ladder.height(7) < 44; count += 1) ladder.step(7);
    assert.ok(ladder.height(8) < 44);
    return count;
  });
  const mean = steps.reduce((sum, one) => sum + one, 0) / steps.length;
  assert.ok(mean > 18 && mean < 22, `${mean}`);
});

test("StopGuessing names who tries a password that many have tried, from however many addresses", () => {
  const spray = Array.from({ length: 60 }, (_, index) =>
    failure(MONDAY + index * HOUR, `account${index}`, `198.51.100.${index}`),
  );
  assert.ok(alarms(stopGuessing, spray, MONDAY + 9 * DAY, () => 5).length > 20);
  assert.deepEqual(
    alarms(stopGuessing, spray, MONDAY + 9 * DAY, (index) => index + 1),
    [],
  );
  // The same device with the same old password is no guess.
  const phone = spray.map((one) => ({ ...one, account: "ada", address: guesser }));
  assert.deepEqual(
    alarms(stopGuessing, phone, MONDAY + 9 * DAY, () => 5),
    [],
  );
});

/** A hundred sign-ins every hour, so many of them failing, from an address each. */
const batches = (hoursOf: number, failing: (hour: number) => number): SignIn[] =>
  Array.from({ length: hoursOf * 100 }, (_, index) => {
    const when = MONDAY + index * 36_000;
    const hour = Math.floor(index / 100);
    return index % 100 < failing(hour)
      ? failure(when, `account${index}`, `10.${hour}.${index % 100}.1`)
      : success(when, "ada", "192.0.2.1");
  });

test("Javed and Paxson's sum alarms when more fail than did in the first four days", () => {
  const usual = (hour: number): number => 3 + (hour % 3);
  assert.deepEqual(alarms(javedPaxson, batches(200, usual), MONDAY + 9 * DAY), []);
  const said = alarms(
    javedPaxson,
    batches(200, (hour) => usual(hour) + (hour >= 150 ? 12 : 0)),
    MONDAY + 9 * DAY,
  );
  const [first] = said;
  assert.ok(first !== undefined && first[1] === "" && first[0] > 150 * 60 && first[0] <= 154 * 60 + 60);
  assert.ok(said.some(([, address]) => address.startsWith("10.150.")));
});

test("Javed and Paxson's H follows the site's dispersion", () => {
  assert.equal(limitsFor(Array.from({ length: 100 }, (_, index) => 4 + (index % 3))).h, 20);
  assert.ok(limitsFor(Array.from({ length: 100 }, (_, index) => (index % 5 === 0 ? 30 : 2))).h > 30);
});
