import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { allow, answerOf, delay, openPeer, play, refuse, watched } from "../../../test/support/desk.ts";
import type { Played } from "../../../test/support/desk.ts";
import type { Duration } from "#/platform/units.ts";
import { forwardAuth, forwardAuthResult } from "./forward-auth.ts";
import { clientAddress } from "./hops.ts";

const proxies = new Set(["127.0.0.1", "192.0.2.1", "192.0.2.2"]);
const isForwarder = (address: string): boolean => proxies.has(address);
const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString("base64")}`;

const handlerOf = ({ desk }: Played, wait: (delay: Duration) => Promise<void> = async () => {}) =>
  forwardAuth({ desk, isForwarder, wait });

test("the address is the last that a trusted hop was called from, and nothing that a stranger wrote", () => {
  for (const [peer, forwarded, real, expected] of [
    ["127.0.0.1", "198.51.100.7", "", "198.51.100.7"],
    ["127.0.0.1", "203.0.113.66, 198.51.100.7", "", "198.51.100.7"],
    ["127.0.0.1", "203.0.113.66, 198.51.100.7, 192.0.2.1", "", "198.51.100.7"],
    ["127.0.0.1", "192.0.2.2, 192.0.2.1", "", "192.0.2.2"],
    ["127.0.0.1", "", "198.51.100.7", "198.51.100.7"],
    ["127.0.0.1", "", "", "127.0.0.1"],
    ["127.0.0.1", "unknown", "", "127.0.0.1"],
    ["127.0.0.1", "[2001:db8::7]:4711", "", "2001:db8::7"],
    ["", "198.51.100.7", "", "198.51.100.7"],
    ["203.0.113.9", "198.51.100.7", "198.51.100.8", "203.0.113.9"],
  ] as const) {
    assert.equal(clientAddress(peer, forwarded, real, isForwarder), expected, `${peer} ${forwarded} ${real}`);
  }
});

test("who is refused looks like a wrong password where one was shown, and is forbidden where none was", async () => {
  for (const [verdict, headers, expected] of [
    [allow, {}, 204],
    [watched, { authorization: basic("anna:x") }, 204],
    [refuse, {}, 403],
    [refuse, { authorization: basic("anna:x") }, 401],
    [refuse, { authorization: "Bearer abc" }, 403],
    [delay, {}, 204],
  ] as const) {
    const reply = await answerOf(handlerOf(play("forward-auth", verdict)), { method: "GET", headers });
    assert.equal(reply.status, expected);
    assert.equal(reply.body, "");
    assert.equal(reply.headers?.["www-authenticate"] !== undefined, expected === 401);
  }
});

test("the account is that of Basic authentication, or what a trusted hop says", async () => {
  for (const [headers, address, expected] of [
    [{ authorization: basic("Anna:x") }, "127.0.0.1", "anna"],
    [{ "x-forwarded-user": "anna" }, "127.0.0.1", "anna"],
    [{ "remote-user": "anna" }, "", "anna"],
    [{ "remote-user": "anna" }, "203.0.113.9", ""],
    [{ authorization: "Basic %%%" }, "127.0.0.1", ""],
    [{ authorization: basic("without colon") }, "127.0.0.1", ""],
  ] as const) {
    const played = play("forward-auth");
    await answerOf(handlerOf(played), { headers, peer: { address, isSafe: true } });
    assert.equal(played.asked[0]?.account, expected);
  }
});

test("the password is hashed as Dovecot hashes it, made a fingerprint where nobody can have read it, and kept nowhere", async () => {
  const played = play("forward-auth", refuse);
  const handler = handlerOf(played);
  await answerOf(handler, { headers: { authorization: basic("anna:hunter:2") } });
  assert.deepEqual(played.secrets, [createHash("sha256").update("hunter:2").digest("hex")]);
  assert.ok(!JSON.stringify([played.asked, played.recorded]).includes("hunter"));
  await answerOf(handler, { headers: { authorization: basic("anna:hunter:2") }, peer: openPeer });
  assert.equal(played.asked[1]?.passwordFingerprint, "");
  assert.equal(played.desk.report().fingerprintsRefused, 1);
});

test("a page with many pictures is one verdict on record", async () => {
  const played = play("forward-auth", refuse);
  const handler = handlerOf(played);
  for (const user of ["anna", "anna", "bea"]) await answerOf(handler, { headers: { "remote-user": user } });
  assert.equal(played.recorded.length, 2);
  played.now += 61_000;
  await answerOf(handler, { headers: { "remote-user": "anna" } });
  assert.equal(played.recorded.length, 3);
});

test("strangers wait for their answer, and no more than a few at a time", async () => {
  const played = play("forward-auth", delay);
  const waits: { readonly length: number; readonly end: () => void }[] = [];
  const handler = handlerOf(played, (length) => new Promise((end) => waits.push({ length, end })));
  const answers = Array.from({ length: 500 }, () => answerOf(handler, {}));
  assert.equal((await answerOf(handler, {})).status, 403);
  assert.equal(waits.length, 500);
  assert.equal(waits[0]?.length, 4_200);
  for (const { end } of waits) end();
  for (const answer of answers) assert.equal((await answer).status, 204);
  void answerOf(handler, {});
  assert.equal(waits.length, 501);
});

test("a proxy that tells how it ended makes a sign-in of it", async () => {
  for (const [status, outcome, reason] of [
    ["200", "success", ""],
    ["302", "success", ""],
    ["401", "failure", "bad-password"],
    ["502", "failure", "fault"],
    ["404", "failure", "other"],
  ]) {
    const played = play("forward-auth");
    const headers = { authorization: basic("anna:x"), "x-forwarded-for": "198.51.100.7", "x-original-status": status };
    assert.equal((await answerOf(forwardAuthResult({ desk: played.desk, isForwarder }), { headers })).status, 204);
    const signIn = played.told[0]?.signIn;
    assert.deepEqual([signIn?.outcome, signIn?.reason, signIn?.address], [outcome, reason, "198.51.100.7"]);
  }
});

test("who was let in a moment ago has not signed in again; every wrong password counts", async () => {
  const played = play("forward-auth");
  const result = forwardAuthResult({ desk: played.desk, isForwarder });
  const tell = (status: string) =>
    answerOf(result, { headers: { authorization: basic("anna:x"), "x-original-status": status } });
  for (const status of ["401", "401", "200", "200", "200"]) await tell(status);
  assert.deepEqual(
    played.told.map(({ signIn }) => signIn.outcome),
    ["failure", "failure", "success"],
  );
});

test("a result is believed of forwarders only, and needs an account and a status", async () => {
  const played = play("forward-auth");
  const result = forwardAuthResult({ desk: played.desk, isForwarder });
  const headers = { "remote-user": "anna", "x-original-status": "200" };
  assert.equal((await answerOf(result, { headers, peer: openPeer })).status, 403);
  assert.equal((await answerOf(result, { headers: { "x-original-status": "200" } })).status, 204);
  assert.equal((await answerOf(result, { headers: { "remote-user": "anna", "x-original-status": "-" } })).status, 400);
  assert.equal(played.told.length, 0);
  played.store = "full";
  assert.equal((await answerOf(result, { headers })).status, 503);
});

test("whatever stands in the headers, the answer is one that nginx takes", async () => {
  const value = fc.oneof(fc.string({ unit: "binary", maxLength: 100 }), fc.string().map(basic), fc.ipV6());
  const headers = fc.dictionary(
    fc.constantFrom("authorization", "x-forwarded-for", "x-real-ip", "remote-user", "x-forwarded-host", "user-agent"),
    fc.oneof(value, fc.array(value, { maxLength: 3 })),
  );
  await fc.assert(
    fc.asyncProperty(headers, fc.constantFrom(allow, refuse), fc.boolean(), async (given, verdict, isSafe) => {
      const played = play("forward-auth", verdict);
      const reply = await answerOf(handlerOf(played), { headers: given, peer: { address: "127.0.0.1", isSafe } });
      assert.ok([204, 401, 403].includes(reply.status));
      const [attempt] = played.asked;
      assert.ok((attempt?.account ?? "").length <= 256 && (attempt?.client ?? "").length <= 256);
    }),
    { numRuns: 500 },
  );
});
