import assert from "node:assert/strict";
import { test } from "node:test";
import {
  MINUTE,
  at,
  failure,
  inOrder,
  judge,
  member,
  ordinaryDays,
  stranger,
  success,
} from "../../test/support/signins.ts";
import { Judge } from "./judge.ts";
import { defaults } from "./settings.ts";
import type { Campaign, Fallen, Meanwhile } from "./conclusion.ts";
import type { SignIn } from "#/signin/signin.ts";

const own = (account: string): string => `Mail ${Number(/\d+/.exec(account)?.[0] ?? 0) % 4}`;
const named = (signIns: readonly SignIn[]): SignIn[] =>
  signIns.map((signIn) => ({ ...signIn, client: own(signIn.account) }));
const weeks = named(ordinaryDays(100, 14));
/** What is usual here: two members a day somewhere new, with what they have. */
const moves = named(
  Array.from({ length: 26 }, (_, index) => success(at(1 + (index >> 1), 9), member(index), `198.18.${index + 120}.99`)),
);

/** A guess on each of them, from an address each. */
const spray = (names: readonly string[]): SignIn[] =>
  names.map((name, index) =>
    failure(at(8, 2) + index * 5 * MINUTE, name, stranger(index), "bad-password", { client: "tool" }),
  );
const tried = Array.from({ length: 70 }, (_, index) => member((index * 37) % 70));

function campaignOf(...parts: readonly (readonly SignIn[])[]): Campaign {
  const [campaign, ...others] = judge(inOrder(weeks, moves, ...parts.map((part) => [...part]))).campaigns;
  assert.ok(campaign);
  assert.deepEqual(others, []);
  return campaign;
}
const asked = ({ meanwhile }: Campaign, name: string): Meanwhile["signIns"][number] | undefined =>
  meanwhile?.signIns.find(({ account }) => account === name);
const fell = ({ fallen }: Campaign, name: string): Fallen | undefined => fallen.find(({ account }) => account === name);

const THIEF = "203.0.113.9";
/** With the password of member 33, a day after the spray, from an address that never guessed. */
const use = success(at(9, 23), member(33), THIEF, { client: "Reader 9" });

test("a stolen password used a day later, from elsewhere and with another client, is told as suspected, with its reasons", () => {
  const one = fell(campaignOf(spray(tried), [use]), member(33));
  assert.equal(one?.confidence, "suspected");
  assert.equal(one.address, THIEF);
  assert.match(one.why, /from where nobody here ever signed in/u);
  assert.match(one.why, /with a client that the account never used \(Reader 9\)/u);
  assert.match(one.why, /\d\d% likely a thief's with the right password/u);
});

test("its address is not among those that guessed, and its sign-in no attempt", () => {
  const campaign = campaignOf(spray(tried), [use]);
  assert.ok(!campaign.origins.some(({ address }) => address === THIEF));
  assert.equal(campaign.attempts, campaignOf(spray(tried)).attempts);
});

test("a journey with the account's own client has not fallen", () => {
  const journey = { ...use, client: own(member(33)) };
  assert.equal(fell(campaignOf(spray(tried), [journey]), member(33)), undefined);
});

test("an account that the campaign never tried is left alone, and so is one that it tried only later", () => {
  const other = success(at(9, 23), member(95), THIEF, { client: "Reader 9" });
  const campaign = campaignOf(spray(tried), [other]);
  assert.equal(fell(campaign, member(95)), undefined);
  assert.equal(asked(campaign, member(95)), undefined);
  const before = success(at(7, 23), member(33), THIEF, { client: "Reader 9" });
  assert.equal(fell(campaignOf(spray(tried), [before]), member(33)), undefined);
});

test("after the time in which stolen passwords are used, nothing is told any more", () => {
  const use33 = (day: number): SignIn => ({ ...use, at: at(day, 23) });
  const more = named(ordinaryDays(100, 20).filter((signIn) => signIn.at >= at(14)));
  assert.ok(fell(campaignOf(more, spray(tried), [use33(14)]), member(33)));
  assert.equal(fell(campaignOf(more, spray(tried), [use33(16)]), member(33)), undefined);
});

test("what is too little to say that it fell, and too much to say nothing, is asked, likeliest first", () => {
  const settings = { ...defaults, unusualSignIn: { ...defaults.unusualSignIn, tellAt: 1 } };
  const judging = new Judge(settings);
  const milder = success(at(9, 12), member(44), "192.0.2.9", { client: own(member(45)) });
  judging.add(inOrder(weeks, moves, spray(tried), [use, milder]));
  const [campaign] = judging.conclude({ files: [], signIns: 0, zoneAssumed: undefined }).campaigns;
  const signIns = campaign?.meanwhile?.signIns ?? [];
  assert.deepEqual(signIns.map(({ account }) => account).slice(0, 2), [member(33), member(44)]);
  assert.ok((signIns[0]?.probability ?? 0) >= (signIns[1]?.probability ?? 1));
  const told = campaign?.why.join(" ") ?? "";
  assert.match(
    told,
    /may be a thief's with the right password, (?:about \d of them by|most likely none of them or one)/u,
  );
  assert.match(
    told,
    /Ask these by telephone, with how likely it was a thief: member33@example\.org from 203\.0\.113\.9 \(\d\d%\)/u,
  );
});

test("a guess that hits when its turn comes in the alphabet is told from a journey", () => {
  const names = Array.from({ length: 70 }, (_, index) => member(index)).toSorted();
  const turn = names.indexOf(member(33));
  const others = spray(names).filter(({ account }) => account !== member(33));
  const hitAt = (index: number): SignIn =>
    success(at(8, 2) + index * 5 * MINUTE, member(33), THIEF, { client: own(member(33)) });
  const inTurn = campaignOf(others, [hitAt(turn)]);
  const one = fell(inTurn, member(33)) ?? asked(inTurn, member(33));
  assert.match(one?.why ?? "", /when its turn came on the campaign's list/u);
  // Out of turn it was not even tried.
  const outOfTurn = campaignOf(others, [hitAt((turn + 35) % 70)]);
  assert.equal(fell(outOfTurn, member(33)), undefined);
  assert.equal(asked(outOfTurn, member(33))?.probability, undefined);
});
