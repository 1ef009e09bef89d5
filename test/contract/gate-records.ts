/** What every store promises of the gate's records; store.ts runs it. */
import assert from "node:assert/strict";
import type { RecordedVerdict } from "#/gate/attempt.ts";
import type { PostureChange } from "#/gate/ports.ts";
import { millis, seconds } from "#/platform/units.ts";
import { DAY, at } from "../support/signins.ts";
import type { WithStore } from "./store.ts";

export function testPostures(withStore: WithStore): void {
  withStore("keeps every change in order, as it was", ({ postures }) => {
    const changes: readonly PostureChange[] = [
      { at: at(1), author: "eve", reason: 'it\'s "time"\n', until: undefined, change: { kind: "enforce" } },
      { at: at(0), author: "", reason: "", until: at(2), change: [null, true, -1.5, "x", { nested: [] }] },
      { at: at(1), author: "eve", reason: 'it\'s "time"\n', until: undefined, change: null },
    ];
    assert.deepEqual(postures.all(), []);
    for (const change of changes) postures.append(change);
    assert.deepEqual(postures.all(), changes);
  });
}

export function testVerdicts(withStore: WithStore): void {
  const refusal = (when: number, more: Partial<RecordedVerdict> = {}): RecordedVerdict => ({
    at: millis(when),
    answer: "allow",
    delay: seconds(0),
    code: "campaign",
    why: "12 addresses guess",
    would: "refuse",
    account: "anna",
    address: "192.0.2.1",
    service: "imap",
    protocol: "dovecot",
    ...more,
  });

  withStore("reads verdicts since a time, in order of time", ({ verdicts }) => {
    const all = [
      refusal(at(2), { code: "hot-password", answer: "delay", would: "delay", delay: seconds(5) }),
      refusal(at(1), { address: "2001:db8::1", account: "", why: "o'brien\u0000 \u{1f511}\n\";--", protocol: "json" }),
      refusal(at(1), { account: "second" }),
    ];
    verdicts.append(all.slice(0, 1));
    verdicts.append(all.slice(1));
    verdicts.append([]);
    assert.deepEqual([...verdicts.readSince(at(1))].flat(), [all[1], all[2], all[0]]);
    assert.deepEqual([...verdicts.readSince(millis(at(1) + 1))].flat(), [all[0]]);
    assert.deepEqual([...verdicts.readSince(millis(at(2) + 1))], []);
  });

  withStore("reads all of many, also of one time", ({ verdicts }) => {
    verdicts.append(Array.from({ length: 11_000 }, (_, index) => refusal(at(1), { account: String(index) })));
    const read = [...verdicts.readSince(at(1))].flat();
    assert.deepEqual(
      read.map(({ account }) => Number(account)),
      read.map((_, index) => index),
    );
    assert.equal(read.length, 11_000);
  });

  withStore("counts by code and forgets", ({ verdicts }) => {
    verdicts.append([refusal(at(0)), refusal(at(1)), refusal(at(1)), refusal(at(2), { code: "closed" })]);
    assert.deepEqual(
      verdicts.countsSince(at(1)),
      new Map([
        ["campaign", 2],
        ["closed", 1],
      ]),
    );
    assert.equal(verdicts.forgetBefore(at(1)), 1);
    assert.equal(verdicts.forgetBefore(millis(at(1) + DAY / 2)), 2);
    assert.deepEqual(verdicts.countsSince(at(0)), new Map([["closed", 1]]));
  });
}
