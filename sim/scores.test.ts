import assert from "node:assert/strict";
import { test } from "node:test";
import { scenarioNamed } from "./scenarios/scenarios.ts";
import { type Scores, challengedAt, flaggedAt, scoresOf, together } from "./scores.ts";

const few: Scores = {
  legitimate: 100,
  members: [1, 2, 3, 4, 5],
  thieves: [6, 3, 0, Number.NEGATIVE_INFINITY],
  challengeAt: 4,
};

test("shares flagged and challenged move with the threshold, and what was not scored is never flagged", () => {
  assert.equal(flaggedAt(few, 0), 0.25);
  assert.equal(flaggedAt(few, 0.03), 0.5);
  assert.equal(flaggedAt(few, 1), 0.75);
  assert.equal(challengedAt(few, 0.25), 0);
  assert.equal(challengedAt(few, 0.5), 0.03);
  assert.ok(Number.isNaN(challengedAt(few, 1)));
  assert.equal(together([few, few]).legitimate, 200);
});

// With wide margins, since this is here for what gets worse.
test("stolen passwords are nearly all flagged where one sign-in of ten may be challenged, with clients in the log and without", () => {
  for (const name of ["stolen-passwords-sold", "stolen-passwords-no-client"]) {
    const runs = [31, 32, 33].map((seed) => scoresOf(scenarioNamed(name), { seed, accounts: 1500, days: 14 }));
    const all = together(runs);
    assert.ok(all.thieves.length >= 10, `${all.thieves.length}`);
    assert.ok(flaggedAt(all, 0.1) >= 0.93, `${name}: ${flaggedAt(all, 0.1)}`);
    assert.ok(flaggedAt(all, 0.01) >= 0.7, `${name}: ${flaggedAt(all, 0.01)}`);
    for (const { members, legitimate, challengeAt } of runs)
      assert.ok(members.filter((logOdds) => logOdds >= challengeAt).length <= 0.1 * legitimate);
  }
});
