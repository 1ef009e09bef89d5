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
import { millis } from "#/platform/units.ts";
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

test("one client among several is named", () => {
  const clients = (index: number): Partial<SignIn> => ({ client: index % 3 === 0 ? "OldMail/3" : "Mail/9" });
  const slip = failure(at(4, 9), member(1), home(1), "bad-password", { client: "Mail/9" });
  const [fault, ...others] = judge(
    inOrder(
      days,
      [slip],
      morning((index) => index % 3 === 0, "bad-password", clients),
    ),
  ).faults;
  assert.deepEqual(others, []);
  assert.equal(fault?.kind, "one-client");
  assert.ok(fault.why.some((sentence) => sentence.includes("OldMail/3")));
});

test("a site with one server does not lay everything to that server", () => {
  const [fault] = judge(
    inOrder(
      days,
      morning(() => true, "bad-password"),
    ),
  ).faults;
  assert.ok(fault && !fault.why.some((sentence) => sentence.includes("one server")));
});

test("devices that go on with the old password, while their owners get in with the new one, are no fault", () => {
  const mixed = Array.from({ length: 60 }, (_, index) => {
    const phone = Array.from({ length: 60 }, (__, turn) =>
      failure(at(4, 9) + index * 7_000 + turn * 5 * MINUTE, member(index), home(index)),
    );
    const owner = Array.from({ length: 10 }, (__, turn) =>
      success(at(4, 9) + index * 29_000 + turn * 30 * MINUTE, member(index), home(index)),
    );
    return [...phone, ...owner];
  }).flat();
  assert.deepEqual(kindsOf(inOrder(days, mixed)), []);
});

test("the server's own word is told with its number, and trouble that flares up again is the same fault", () => {
  const again = morning(() => true, "fault").map((signIn) =>
    failure(signIn.at + 3_600_000, signIn.account, signIn.address, "fault"),
  );
  const { faults } = judge(
    inOrder(
      days,
      morning(() => true, "fault"),
      again,
    ),
  );
  assert.deepEqual(
    faults.map(({ id, kind }) => [id, kind]),
    [["F1", "sign-in-outage"]],
  );
  assert.ok(faults[0]?.why.some((sentence) => /^\d+ of the failures were reported by the server/.test(sentence)));
});

test("where the log names no addresses, the server's own trouble is counted and ends when members get in", () => {
  const blind = inOrder(
    days.filter(({ at: when }) => when < at(4, 8) || when >= at(4, 11)),
    morning(() => true, "fault"),
  ).map((signIn) => ({ ...signIn, address: "" }));
  const [fault, ...others] = judge(blind).faults;
  assert.deepEqual(others, []);
  assert.equal(fault?.kind, "sign-in-outage");
  assert.ok(fault.accountsAffected >= 100, `${fault.accountsAffected}`);
  assert.match(fault.why[0] ?? "", /^1\d\d accounts failed \d+ times/);
  assert.ok(fault.to > at(4, 9) && fault.to < at(4, 20), new Date(fault.to).toISOString());
});

test("what speaks against an attack is said as far as it does: tries again, places all over, or hardly anybody getting in", () => {
  const why = (times: number, address: (index: number) => string): string => {
    const place = (signIn: SignIn): SignIn => ({
      ...signIn,
      address: address(Number(/\d+/.exec(signIn.account)?.[0])),
    });
    const failing = Array.from({ length: 120 }, (_, index) =>
      Array.from({ length: times }, (__, later) =>
        failure(at(4, 8) + index * 15_000 + later * 4 * MINUTE, member(index), ""),
      ),
    ).flat();
    const others = days.filter((signIn) => signIn.at < at(4, 7) || signIn.at > at(4, 10));
    return judge(inOrder(others.map(place), failing.map(place))).faults[0]?.why.at(-1) ?? "";
  };
  assert.match(why(3, home), /try again where they usually get in/);
  assert.match(why(1, home), /^Each of them failed 1\.0 times, from \d+ networks in all: from where the members are/);
  assert.match(
    why(1, () => "192.0.2.1"),
    /^Each of them failed 1\.0 times, from 1 network: .*The log cannot tell\.$/,
  );
});

test("an outage ends with its failures, not hours later when its members come again", () => {
  const without = (from: number, to: number): SignIn[] => days.filter((one) => one.at < from || one.at >= to);
  const [fault, ...others] = judge(
    inOrder(
      without(at(4, 8), at(4, 15)),
      morning(() => true, "fault"),
    ),
  ).faults;
  assert.deepEqual(others, []);
  // The last of a hundred and twenty begins 20 minutes after nine and fails twelve minutes longer.
  assert.ok(
    fault !== undefined && fault.to >= at(4, 9, 30) && fault.to <= at(4, 9, 40),
    new Date(fault?.to ?? 0).toISOString(),
  );
});

test("who got in is counted while the fault lasted: before it was declared too, and not once it had ended", () => {
  const without = days.filter((one) => one.at < at(4, 8) || one.at >= at(4, 15));
  const known = Array.from({ length: 4 }, (_, index) => success(at(3, 20), `other${index}`, home(200 + index)));
  const firstMinute = known.map(({ account, address }, index) =>
    success(at(4, 9, 0, 25) + index * 5_000, account, address),
  );
  const [fault] = judge(
    inOrder(
      without,
      known,
      firstMinute,
      morning(() => true, "bad-password"),
    ),
  ).faults;
  assert.match(
    fault?.why[0] ?? "",
    /^120 accounts failed 36\d times .*; 4 accounts got in meanwhile \(97% of those seen failed\)\.$/,
  );
  assert.equal(fault?.accountsAffected, 120);
});

/** Everybody's password is refused until it is changed, some minutes after the owner came. */
function expiry(mendedAt: (when: number) => number): SignIn[] {
  return Array.from({ length: 110 }, (_, index) => {
    const when = at(4, 8) + index * 90_000;
    const tries = [0, 20, 40].map((later) => failure(when + later * 1_000, member(index), home(index)));
    return [...tries, success(mendedAt(when), member(index), home(index))];
  }).flat();
}

test("passwords that expired are mended by each owner alone while others fail, an outage ends for all at once", () => {
  const others = days.filter((one) => one.at < at(4, 7) || one.at >= at(4, 15));
  const [expired, ...more] = judge(
    inOrder(
      others,
      expiry((when) => when + 12 * MINUTE),
    ),
  ).faults;
  assert.deepEqual(more, []);
  assert.equal(expired?.kind, "expired-passwords");
  assert.match(expired.why.join(" "), /one by one/u);
  const end = at(4, 11);
  assert.deepEqual(
    kindsOf(
      inOrder(
        others,
        expiry((when) => end + (when % 20) * MINUTE),
      ),
    ),
    ["sign-in-outage"],
  );
});

test("an outage that comes and goes strikes the same accounts again, and is no expiry", () => {
  const others = days.filter((one) => one.at < at(4, 7) || one.at >= at(4, 15));
  const again = expiry((when) => when + 12 * MINUTE).map((one) => ({ ...one, at: millis(one.at + 20 * MINUTE) }));
  assert.doesNotMatch(
    kindsOf(
      inOrder(
        others,
        expiry((when) => when + 12 * MINUTE),
        again,
      ),
    ).join(" "),
    /expired/u,
  );
});
