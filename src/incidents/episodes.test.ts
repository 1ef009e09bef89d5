import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, HOUR, MINUTE, at, failure, stranger, success } from "../../test/support/signins.ts";
import { defaults } from "#/detectors/distributed/distributed.ts";
import { emptyObservation } from "#/familiarity/empty-observation.ts";
import { Familiarity, defaults as familiarityDefaults } from "#/familiarity/familiarity.ts";
import type { SignIn } from "#/signin/signin.ts";
import { calmPerDay, findEpisodes, mergeEpisodes } from "./episodes.ts";
import { type Suspect, gatherSuspects } from "./suspects.ts";

const span = { first: at(0), last: at(20) };
const bounds = { least: 5, most: 50, extra: () => 0 };

/** Guesses of strangers, on accounts that exist. */
function suspects(times: readonly number[]): Suspect[] {
  const familiarity = new Familiarity(familiarityDefaults, () => true);
  const seen = emptyObservation();
  const observe = (signIn: SignIn): void => familiarity.observe(signIn, seen);
  for (const [index, when] of times.entries()) {
    observe(success(at(0), `m${index}`, `198.18.${index % 200}.${Math.floor(index / 200)}`));
    observe(failure(when, `m${index}`, stranger(index)));
  }
  return gatherSuspects(familiarity, false);
}
const every = (gap: number, from: number, to: number): number[] =>
  Array.from({ length: Math.ceil((to - from) / gap) }, (_, index) => from + index * gap);
const usual = every(DAY / 5, at(0), at(20));

test("the usual is no episode, and four hours of guesses are one, from when they began", () => {
  assert.deepEqual(findEpisodes(suspects(usual), true, bounds, span, defaults), []);
  const attack = every(4 * MINUTE, at(9, 2), at(9, 6));
  const [episode, ...others] = findEpisodes(suspects([...usual, ...attack]), true, bounds, span, defaults);
  assert.deepEqual(others, []);
  assert.ok(episode && episode.known);
  assert.ok(Math.abs(episode.from - at(9, 2)) < 6 * HOUR && episode.to >= at(9, 5, 55));
});

test("an attack that fills the whole log does not pass for the usual", () => {
  const all = every(DAY / 200, at(0), at(20));
  assert.ok(calmPerDay(suspects(all), true, span) > 150);
  const [episode] = findEpisodes(suspects(all), true, bounds, span, defaults);
  assert.equal(episode?.usualPerDay, bounds.most);
});

test("what comes on top of the usual at the time is allowed for", () => {
  const attack = suspects([...usual, ...every(20 * MINUTE, at(9, 2), at(9, 6))]);
  assert.equal(findEpisodes(attack, true, bounds, span, defaults).length, 1);
  const excused = { ...bounds, extra: (when: number) => (when > at(9) && when < at(10) ? 72 : 0) };
  assert.equal(findEpisodes(attack, true, excused, span, defaults).length, 0);
});

test("names of the other class do not count", () => {
  const attack = suspects([...usual, ...every(4 * MINUTE, at(9, 2), at(9, 6))]);
  assert.deepEqual(findEpisodes(attack, false, bounds, span, defaults), []);
  assert.deepEqual(findEpisodes([], true, bounds, span, defaults), []);
});

test("calm is the lower quartile of whole days: three days of four may be under attack", () => {
  const days = [1, 2, 3, 4, 5, 6, 7, 8];
  const busy = days.flatMap((day) => every(DAY / (day % 4 === 0 ? 4 : 100), at(day), at(day + 1)));
  assert.equal(Math.round(calmPerDay(suspects(busy), true, { first: at(0, 12), last: at(9, 12) })), 100);
  const calmer = days.flatMap((day) => every(DAY / (day % 3 === 0 || day === 1 ? 4 : 100), at(day), at(day + 1)));
  assert.equal(Math.round(calmPerDay(suspects(calmer), true, { first: at(0, 12), last: at(9, 12) })), 4);
});

test("in a log of two days nobody can say what is calm", () => {
  assert.equal(calmPerDay(suspects(every(HOUR, at(0), at(1, 23))), true, { first: at(0), last: at(1, 23) }), 0);
});

test("episodes that overlap or are less than a day apart become one, the rest stay", () => {
  const one = (from: number, to: number): Parameters<typeof mergeEpisodes>[0][number] => ({
    from,
    to,
    usualPerDay: 5,
    known: true,
  });
  const given = [one(at(9), at(10)), one(at(1), at(3)), one(at(2), at(2, 5)), one(at(4), at(5)), one(at(6) + 1, at(7))];
  assert.deepEqual(
    mergeEpisodes(given).map(({ from, to }) => [from, to]),
    [
      [at(1), at(5)],
      [at(6) + 1, at(7)],
      [at(9), at(10)],
    ],
  );
  assert.equal(given[1]?.to, at(3), "what was given is left alone");
});
