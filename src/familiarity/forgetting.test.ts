import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, MONDAY, failure, success } from "../../test/support/signins.ts";
import { emptyObservation } from "./empty-observation.ts";
import { Familiarity, defaults } from "./familiarity.ts";
import { Familiar } from "./records.ts";

const LATER = MONDAY + 30 * DAY;

/** A familiarity that has seen these, and a month later somebody else. */
function aMonthLater(...signIns: readonly ReturnType<typeof success>[]): Familiarity {
  const familiarity = new Familiarity(defaults, () => true);
  const into = emptyObservation();
  for (const signIn of signIns) familiarity.observe(signIn, into);
  familiarity.observe(success(LATER, "zoe", "192.0.2.1"), into);
  return familiarity;
}

const home = (name: string, at = MONDAY): ReturnType<typeof success> => success(at, name, "198.18.3.4");

test("an address of a member's that was silent for weeks is forgotten, and its network stays familiar", () => {
  const familiarity = aMonthLater(home("ana"), success(MONDAY + 1, "ana", "198.18.3.77"));
  assert.ok(!familiarity.origins.has("198.18.3.77"));
  assert.ok(familiarity.origins.has("198.18.3.4"), "who came there came from nowhere near");
  const into = emptyObservation();
  familiarity.observe(failure(LATER + 1, "ana", "198.18.3.77"), into);
  assert.equal(into.familiar, Familiar.network);
});

test("whoever was wrong, or came from nowhere near, is not forgotten", () => {
  const familiarity = aMonthLater(
    home("ana"),
    success(MONDAY + 1, "ana", "203.0.113.9"),
    failure(MONDAY + 2, "ana", "198.18.3.5"),
    success(MONDAY + 3, "ana", "198.18.3.5"),
  );
  assert.ok(familiarity.origins.has("203.0.113.9"));
  assert.ok(familiarity.origins.has("198.18.3.5"));
});

test("an address that was forgotten counts once, whether it comes back or not", () => {
  const familiarity = aMonthLater(home("ana"), success(MONDAY + 1, "ana", "198.18.3.77"));
  assert.equal(familiarity.addressesSeen, 3);
  familiarity.observe(success(LATER + 2, "ana", "198.18.3.77"), emptyObservation());
  assert.equal(familiarity.addressesSeen, 3);
  assert.ok(!familiarity.hasDropped, "nothing was dropped for want of room");
});

test("where others go on signing in, a member who was forgotten and is back counts once", () => {
  const office = "198.18.3.77";
  const familiarity = aMonthLater(
    home("ana"),
    home("bea"),
    success(MONDAY + 1, "ana", office),
    success(MONDAY + 2, "bea", office),
    success(LATER - DAY, "bea", office),
  );
  const origin = familiarity.origins.get(office);
  assert.equal(origin?.pairs.size, 1);
  assert.equal(familiarity.pairCount, 4);
  familiarity.observe(success(LATER + 2, "ana", office), emptyObservation());
  assert.equal(origin?.accountsOpened, 2);
  assert.equal(origin?.pairs.size, 2);
});
