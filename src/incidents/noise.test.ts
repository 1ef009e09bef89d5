import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DAY,
  HOUR,
  MINUTE,
  at,
  failure,
  inOrder,
  judge,
  member,
  ordinaryDays,
  success,
} from "../../test/support/signins.ts";
import type { SignIn } from "#/signin/signin.ts";
import { Judge } from "./judge.ts";
import { defaults } from "./settings.ts";
import { existingNames, noiseTest } from "./noise.ts";

const week = ordinaryDays(60, 7);
const BOT = "203.0.113.9";

/** One bot, with `count` tries at names that nobody has, two minutes apart. */
const bot = (from: number, address: string, count: number, name = "invented"): SignIn[] =>
  Array.from({ length: count }, (_, index) =>
    failure(from + index * 2 * MINUTE, `${name}${index % 12}`, address, "unknown-account"),
  );
/** `perDay` bots a day with six tries each, each in a network of its own. */
const everyday = (perDay: number, days: number): SignIn[] =>
  Array.from({ length: perDay * days }, (_, index) =>
    bot(at(0, 1) + index * (DAY / perDay), `100.${index % 200}.${Math.floor(index / 200)}.7`, 6),
  ).flat();

function isNoise(signIns: readonly SignIn[], address = BOT): boolean {
  const judging = new Judge();
  judging.add(signIns);
  const origin = judging.familiarity.origins.get(address);
  assert.ok(origin);
  return noiseTest(judging)(origin);
}

test("where bots come every day, one like them is noise and no attack, though it is found", () => {
  const signIns = inOrder(week, everyday(5, 7), bot(at(4, 3), BOT, 8));
  assert.ok(isNoise(signIns));
  const conclusion = judge(signIns);
  assert.equal(conclusion.kind, "quiet");
  assert.ok(conclusion.findings.some(({ subject }) => subject === BOT));
});

test("one twice as loud as the loudest twentieth is noise, and one louder than that is not", () => {
  assert.ok(isNoise(inOrder(week, everyday(5, 7), bot(at(4, 3), BOT, 12))));
  assert.ok(!isNoise(inOrder(week, everyday(5, 7), bot(at(4, 3), BOT, 13))));
});

test("one in a network from which members sign in is noise all the same, and somebody louder there is not", () => {
  const office = Array.from({ length: 7 * 6 }, (_, index) =>
    success(at(index % 7, 9, index), member(index % 6), `203.0.113.${20 + (index % 6)}`),
  );
  const among = (count: number): string =>
    judge(inOrder(week, office, everyday(5, 7), bot(at(4, 3), BOT, count, "nobody"))).kind;
  assert.equal(among(12), "quiet");
  assert.equal(among(40), "attack");
});

test("one that opened an account is none", () => {
  const signIns = inOrder(week, everyday(5, 7), bot(at(4, 3), BOT, 8));
  assert.ok(isNoise(signIns));
  assert.ok(!isNoise([...signIns, { ...failure(at(8), "invented1", BOT), outcome: "success", reason: "" }]));
});

test("one that knows whose names exist is none, however few its tries", () => {
  const knowing = Array.from({ length: 8 }, (_, index) => failure(at(4, 3) + index * 2 * MINUTE, member(index), BOT));
  assert.ok(!isNoise(inOrder(week, everyday(5, 7), knowing)));
  const lucky = [failure(at(4, 2), member(1), BOT), ...bot(at(4, 3), BOT, 7)];
  assert.ok(isNoise(inOrder(week, everyday(5, 7), lucky)), "one name that exists is luck");
});

test("where hundreds of bots pass, one hits a few existing names by chance", () => {
  const hits = (names: number): SignIn[] =>
    Array.from({ length: names }, (_, index) => failure(at(4, 3) + index * 9 * MINUTE, member(index), BOT));
  assert.ok(!isNoise(inOrder(week, everyday(5, 7), hits(4))));
  assert.ok(isNoise(inOrder(week, everyday(80, 7), hits(4))));
  assert.ok(!isNoise(inOrder(week, everyday(80, 7), hits(6))));
});

test("where more addresses came than are kept, what is left of the last days is no attack beside the days that were dropped", () => {
  const passing = Array.from({ length: 14 * 120 }, (_, index) =>
    failure(
      at(0) + index * 12 * MINUTE,
      `nobody${index % 97}`,
      `100.${index % 200}.${Math.floor(index / 200)}.7`,
      "unknown-account",
    ),
  );
  const judging = new Judge({ ...defaults, familiarity: { ...defaults.familiarity, originsMax: 900 } });
  const signIns = inOrder(ordinaryDays(60, 14), passing);
  judging.add(signIns);
  assert.ok(judging.familiarity.hasDropped);
  const { campaigns } = judging.conclude({ files: [], signIns: signIns.length, zoneAssumed: undefined });
  assert.deepEqual(campaigns, []);
});

test("many alike in one network are one somebody", () => {
  const neighbours = (count: number): SignIn[] =>
    Array.from({ length: count }, (_, index) => bot(at(4, 3) + index * MINUTE, `203.0.113.${9 + index}`, 6)).flat();
  assert.ok(isNoise(inOrder(week, everyday(5, 7), neighbours(2))));
  assert.ok(!isNoise(inOrder(week, everyday(5, 7), neighbours(3))));
});

test("in a log too short to measure, a few dozen tries at invented names pass, and forty-one do not", () => {
  const day = ordinaryDays(60, 1);
  assert.ok(isNoise(inOrder(day, bot(at(0, 3), BOT, 40))));
  assert.ok(!isNoise(inOrder(day, bot(at(0, 3), BOT, 41))));
  const halfAndMore = [0, 1, 2].map((index) => failure(at(0, 20) + index * MINUTE, member(index), BOT));
  assert.ok(!isNoise(inOrder(day, halfAndMore, bot(at(0, 21), BOT, 2))), "most of the names exist");
});

test("nine bots are no measure, ten are", () => {
  const bots = (count: number): SignIn[] =>
    Array.from({ length: count }, (_, index) => bot(at(1, 1) + index * 12 * HOUR, `100.${index}.1.7`, 6)).flat();
  const loud = bot(at(4, 3), BOT, 20);
  // Its own is one of those that are counted, and the measure is of the loudest, so that is twice twenty.
  assert.ok(isNoise(inOrder(week, bots(9), loud)));
  assert.ok(isNoise(inOrder(week, bots(8), loud)), "as one that passes by");
  const more = bot(at(4, 3), BOT, 42);
  assert.ok(!isNoise(inOrder(week, bots(8), more)), "more than one that passes by would try");
});

test("where strangers outnumber the members by far, nothing is everyday", () => {
  const few = [failure(at(0), member(0), BOT), ...everyday(5, 7), ...bot(at(4, 3), BOT, 8)];
  assert.ok(!isNoise(inOrder(few)));
});

test("the names that exist are counted, not the tries at them", () => {
  const judging = new Judge();
  judging.add([
    ...week,
    ...[1, 1, 2].map((index) => failure(at(8), member(index), BOT)),
    failure(at(8), "nobody", BOT),
  ]);
  const origin = judging.familiarity.origins.get(BOT);
  assert.equal(origin && existingNames(origin), 2);
});
