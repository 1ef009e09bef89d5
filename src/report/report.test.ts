import assert from "node:assert/strict";
import { test } from "node:test";
import type { Campaign, Conclusion, Fallen } from "#/incidents/conclusion.ts";
import { hours, later, millis, minutes } from "#/platform/units.ts";
import {
  againstText,
  agoText,
  conclusionSentence,
  fallenOf,
  isFaultGoingOn,
  isGoingOn,
  spanOf,
  unseenOf,
  verdictWord,
  weightiest,
} from "./report.ts";
import { sampleNow } from "./sample-parts.ts";
import { samples } from "./samples.ts";

function firstCampaign(conclusion: Conclusion): Campaign {
  const [campaign] = conclusion.campaigns;
  assert.ok(campaign !== undefined);
  return campaign;
}

test("the sentence of a spray says what was tried, what fell and whether it goes on", () => {
  assert.equal(
    conclusionSentence(samples.spray()),
    "A password spray tried 214 accounts from 388 addresses; 1 account fell and one more may have fallen, and it was still going on when the log ended at 2026-11-21 04:39 UTC.",
  );
});

test("a decoy that was opened is said first, and stands before the others", () => {
  const conclusion = samples.spray();
  const campaign = firstCampaign(conclusion);
  const [first] = campaign.fallen;
  assert.ok(first !== undefined);
  const decoy: Fallen = { ...first, account: "k.vance", isDecoy: true, at: millis(9e12) };
  const opened = { ...conclusion, campaigns: [{ ...campaign, fallen: [...campaign.fallen, decoy] }] };
  assert.match(conclusionSentence(opened), /^Somebody opened k\.vance, which nobody has and .* A password spray tried/);
  assert.equal(fallenOf(opened)[0]?.account, "k.vance");
});

test("the sentence of a brute force that ended says when its last attempt was", () => {
  assert.match(
    conclusionSentence(samples.sshBruteForce()),
    /no account is known to have fallen, and its last attempt .* 05:31 UTC\.$/,
  );
});

test("guessing at one account says so", () => {
  const conclusion = samples.sshBruteForce();
  const campaign = {
    ...firstCampaign(conclusion),
    targets: [{ account: "root", attempts: 9, exists: true, knewPassword: false }],
    attempts: 9,
  };
  assert.match(
    conclusionSentence({ ...conclusion, campaigns: [campaign] }),
    /^Password guessing tried one account 9 times from 2 addresses;/,
  );
});

test("whether the accounts exist is told of one, of none, of some and of all", () => {
  const campaign = firstCampaign(samples.spray());
  const target = (exists: boolean) => ({ account: "anna", attempts: 1, exists, knewPassword: false });
  const told = (...exists: readonly boolean[]) => againstText({ ...campaign, targets: exists.map(target) });
  assert.equal(told(), "accounts that the log does not name");
  assert.equal(told(true), "1 account, known to exist");
  assert.equal(told(false), "1 account, not known to exist");
  assert.equal(told(true, false, true), "3 accounts, 2 of them known to exist");
  assert.equal(told(false, false), "2 accounts, none of them known to exist");
  assert.equal(told(true, true), "2 accounts, all of them known to exist");
});

test("doubt about the attack is in its first words", () => {
  const conclusion = samples.spray();
  const doubted = (confidence: Campaign["confidence"]) =>
    conclusionSentence({ ...conclusion, campaigns: [{ ...firstCampaign(conclusion), confidence }] });
  assert.match(doubted("suspected"), /^What may be a password spray tried/);
  assert.match(doubted("probable"), /^What is probably a password spray tried/);
  assert.match(doubted("confirmed"), /^A password spray tried/);
});

test("an empty report says what was there instead, so that a wrong file is recognised as one", () => {
  const base = samples.quiet();
  const [file] = base.read.files;
  assert.ok(file !== undefined);
  const empty = { ...file, format: "openssh", lines: 1_204, signIns: 0, from: undefined, to: undefined };
  assert.equal(
    conclusionSentence({ ...base, read: { ...base.read, signIns: 0, files: [empty] } }),
    "No sign-in was read from 1,204 lines of the format openssh, so this log says nothing either way.",
  );
  assert.match(
    conclusionSentence({ ...base, read: { ...base.read, signIns: 0, files: [{ ...empty, leftOut: 9 }] } }),
    /^None of the 9 sign-ins that were read lies between --since and --until/,
  );
});

test("several campaigns are counted, and each account and address once", () => {
  const conclusion = samples.spray();
  const one = firstCampaign(conclusion);
  const sentence = conclusionSentence({
    ...conclusion,
    campaigns: [one, { ...one, id: "C2", attempts: 3, fallen: [] }],
  });
  assert.match(
    sentence,
    /^2 campaigns, the largest a password spray, tried 214 accounts from 388 addresses; 1 account fell/,
  );
});

test("without successes in the log nobody is told that no account fell", () => {
  const conclusion = samples.sshBruteForce();
  const { read } = conclusion;
  const sentence = conclusionSentence({ ...conclusion, read: { ...read, failures: read.signIns } });
  assert.match(sentence, /whether any fell this log cannot say/);
});

test("the sentence of a fault clears the attack only where there was none", () => {
  const fault = conclusionSentence(samples.outage());
  assert.match(
    fault,
    /^An IT fault \(sign-in outage\) kept 412 accounts of your own from signing in .* still when the log ended; no attack was found\.$/,
  );
  const both = conclusionSentence(samples.attackAndFault());
  assert.match(both, /^Two things at once: a password spray .*; meanwhile an IT fault \(mass lockout\)/);
  assert.doesNotMatch(both, /nothing/);
});

test("quiet is not promised where too little was read", () => {
  assert.equal(
    conclusionSentence(samples.quiet()),
    "No attack and no fault was found in 31,870 sign-ins over 13 days 4 h.",
  );
  assert.equal(verdictWord(samples.quiet()), "Quiet");
  assert.match(conclusionSentence(samples.scant()), /too little to judge by\.$/);
  assert.equal(verdictWord(samples.scant()), "Too little to judge");
  assert.equal(conclusionSentence(samples.nothing()), "No sign-in was read, so this log says nothing either way.");
});

test("every sentence is one line that ends in a full stop", () => {
  for (const sample of Object.values(samples)) assert.match(conclusionSentence(sample()), /^[^]+\.$/);
});

test("a campaign goes on as long as its silence is no longer than its own pauses", () => {
  const conclusion = samples.spray();
  const end = spanOf(conclusion)?.to;
  assert.ok(end !== undefined);
  const slow = (silence: number): Campaign => ({
    ...firstCampaign(conclusion),
    attempts: 11,
    firstAttempt: millis(end - silence - hours(10)),
    lastAttempt: millis(end - silence),
  });
  assert.equal(isGoingOn(slow(hours(9)), conclusion), true);
  assert.equal(isGoingOn(slow(hours(11)), conclusion), false);
  const fast = (silence: number): Campaign => ({ ...slow(silence), firstAttempt: millis(end - silence - minutes(1)) });
  assert.equal(isGoingOn(fast(minutes(15)), conclusion), true);
  assert.equal(isGoingOn(fast(minutes(16)), conclusion), false);
  assert.equal(isGoingOn(fast(0), samples.nothing()), false);
});

test("a fault goes on where its last failure is near the end of the log", () => {
  const conclusion = samples.outage();
  const [fault] = conclusion.faults;
  assert.ok(fault !== undefined);
  assert.equal(isFaultGoingOn(fault, conclusion), true);
  assert.equal(isFaultGoingOn({ ...fault, to: later(fault.from, minutes(5)) }, conclusion), false);
});

test("fallen accounts come surest first, and campaigns with fallen accounts before larger ones", () => {
  const conclusion = samples.spray();
  assert.deepEqual(
    fallenOf(conclusion).map(({ confidence }) => confidence),
    ["confirmed", "suspected"],
  );
  const one = firstCampaign(conclusion);
  const order = weightiest({
    ...conclusion,
    campaigns: [
      { ...one, id: "C1", fallen: [], attempts: 9_999 },
      { ...one, id: "C2" },
    ],
  });
  assert.deepEqual(
    order.map(({ id }) => id),
    ["C2", "C1"],
  );
});

test("the age of the log is told, unless it lies in the future", () => {
  assert.equal(agoText(samples.spray(), sampleNow), "14 min ago");
  assert.equal(agoText(samples.outage(), sampleNow), undefined);
  assert.equal(agoText(samples.nothing(), sampleNow), undefined);
});

test("what could not be seen starts with what the scan says and names the span that was read", () => {
  const unseen = unseenOf(samples.spray());
  assert.match(unseen[0] ?? "", /^No sign-ins were logged from 02:10/);
  assert.ok(
    unseen.some((sentence) => sentence.startsWith("Nothing before 2026-11-20 06:00 UTC or after 2026-11-21 04:39 UTC")),
  );
  assert.deepEqual(unseenOf(samples.nothing()), []);
});
