import assert from "node:assert/strict";
import { test } from "node:test";
import {
  MINUTE,
  at,
  failure,
  home,
  inOrder,
  judge,
  member,
  ordinaryDays,
  success,
} from "../../test/support/signins.ts";
import type { Reason, SignIn } from "#/signin/signin.ts";

const days = ordinaryDays(120, 6);

/** A morning in which whoever is struck fails from home, three times, five minutes apart. */
function morning(
  isStruck: (index: number) => boolean,
  reason: Reason,
  more: (index: number) => Partial<SignIn> = () => ({}),
): SignIn[] {
  return Array.from({ length: 120 }, (_, index) => {
    const when = at(4, 9) + index * 10_000;
    if (!isStruck(index)) return [success(when, member(index), home(index), more(index))];
    return [0, 6, 12].map((later) => failure(when + later * MINUTE, member(index), home(index), reason, more(index)));
  }).flat();
}

const kindsOf = (signIns: readonly SignIn[]): string[] => judge(signIns).faults.map(({ kind }) => kind);

test("everybody failing is an outage, whatever the server calls it", () => {
  assert.deepEqual(
    kindsOf(
      inOrder(
        days,
        morning(() => true, "fault"),
      ),
    ),
    ["sign-in-outage"],
  );
  assert.deepEqual(
    kindsOf(
      inOrder(
        days,
        morning(() => true, "bad-password"),
      ),
    ),
    ["sign-in-outage"],
  );
});

test("everybody locked is a mass lockout", () => {
  assert.deepEqual(
    kindsOf(
      inOrder(
        days,
        morning(() => true, "locked"),
      ),
    ),
    ["mass-lockout"],
  );
});

test("a cohort that keeps failing is one whose passwords are wrong", () => {
  const [fault] = judge(
    inOrder(
      days,
      morning((index) => index % 5 === 0, "bad-password"),
    ),
  ).faults;
  assert.equal(fault?.kind, "wrong-passwords");
  assert.ok((fault?.accountsAffected ?? 0) >= 20 && (fault?.accountsAffected ?? 0) <= 34, `${fault?.accountsAffected}`);
});

test("one server among several is named", () => {
  const onServers = (index: number): Partial<SignIn> => ({ server: `mx${index % 3}` });
  const [fault] = judge(
    inOrder(
      days,
      morning((index) => index % 3 === 0, "bad-password", onServers),
    ),
  ).faults;
  assert.equal(fault?.kind, "one-server");
  assert.ok(fault?.why.some((sentence) => sentence.includes("mx0")));
});

test("a morning after passwords expired is no fault", () => {
  const told = Array.from({ length: 120 }, (_, index) => [
    failure(at(4, 8) + index * 10_000, member(index), home(index), "expired"),
    success(at(4, 8, 2) + index * 10_000, member(index), home(index)),
  ]).flat();
  assert.deepEqual(
    kindsOf(
      inOrder(
        days,
        told,
        morning((index) => index % 3 === 0, "bad-password"),
      ),
    ),
    [],
  );
});

test("single slips all day are no fault", () => {
  const slips = Array.from({ length: 60 }, (_, index) => [
    failure(at(4, 6) + index * 10 * MINUTE, member(index), home(index)),
    success(at(4, 6, 1) + index * 10 * MINUTE, member(index), home(index)),
  ]).flat();
  assert.deepEqual(kindsOf(inOrder(days, slips)), []);
});
