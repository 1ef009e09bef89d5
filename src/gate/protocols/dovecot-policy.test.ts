import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { allow, answerOf, delay, openPeer, play, post, refuse, watched } from "../../../test/support/desk.ts";
import { dovecotPolicy } from "./dovecot-policy.ts";

const webmail = "192.0.2.80";
const isForwarder = (address: string): boolean => address === webmail;

/** As 2.3.19 sends it. */
const body = {
  device_id: "",
  login: "Anna",
  protocol: "imap",
  pwhash: "0fc9",
  remote: "198.51.100.7",
  session_id: "g05KsOxggYl/AAAL",
  tls: false,
};

test("allow answers a flat status without a message: 0, -1, or whole seconds", async () => {
  for (const [verdict, expected] of [
    [allow, '{"status":0,"msg":""}'],
    [refuse, '{"status":-1,"msg":""}'],
    [delay, '{"status":5,"msg":""}'],
    [watched, '{"status":0,"msg":""}'],
    [{ ...delay, delay: 0 }, '{"status":1,"msg":""}'],
    [{ ...delay, delay: 9e9 }, '{"status":30,"msg":""}'],
  ] as const) {
    const { desk } = play("dovecot", verdict as typeof allow);
    const reply = await post(dovecotPolicy(desk, isForwarder), "allow", body);
    assert.deepEqual([reply.status, reply.body], [200, expected]);
  }
});

test("an attempt has the account as it counts, the address, the service and the client of the IMAP ID", async () => {
  const played = play("dovecot");
  await post(dovecotPolicy(played.desk, isForwarder), "allow", {
    ...body,
    device_id: '"name" "Thunder\\"bird" "version" "115" "os" NIL',
    attrs: { lip: "192.0.2.143" },
  });
  const [attempt] = played.asked;
  assert.deepEqual(
    [attempt?.account, attempt?.accountGiven, attempt?.address, attempt?.service, attempt?.client, attempt?.server],
    ["anna", "Anna", "198.51.100.7", "imap", 'Thunder"bird 115', "192.0.2.143"],
  );
});

test("a report becomes a sign-in; only the report does, however often Dovecot asked before", async () => {
  const played = play("dovecot", watched);
  const handler = dovecotPolicy(played.desk, isForwarder);
  await post(handler, "allow", body);
  await post(handler, "allow", { ...body, success: true, policy_reject: false });
  const reply = await post(handler, "report", { ...body, success: true, policy_reject: false });
  assert.equal(reply.body, '{"status":0,"msg":""}');
  assert.equal(played.told.length, 1);
  const { signIn, id } = played.told[0] ?? assert.fail();
  assert.deepEqual([signIn.outcome, signIn.reason, signIn.source, id], ["success", "", "gate:dovecot", "run1:1"]);
  // What would have been refused would have been refused once.
  assert.equal(played.recorded.length, 1);
  await post(handler, "allow", { ...body, pwhash: "0abc" });
  assert.equal(played.recorded.length, 2, "the next password of the same session is another attempt");
});

test("the same wrong password twice in one session counts twice", async () => {
  const played = play("dovecot");
  const handler = dovecotPolicy(played.desk, isForwarder);
  for (const _ of [1, 2]) await post(handler, "report", { ...body, success: false, policy_reject: false });
  assert.deepEqual(
    played.told.map(({ id, signIn }) => [id, signIn.reason]),
    [
      ["run1:1", "bad-password"],
      ["run1:2", "bad-password"],
    ],
  );
});

test("why it failed is what Dovecot 2.4 says; what the policy refused says nothing of the password", async () => {
  for (const [fields, expected] of [
    [{ fail_type: "credentials" }, "bad-password"],
    [{ fail_type: "account" }, "unknown-account"],
    [{ fail_type: "expired" }, "expired"],
    [{ fail_type: "disabled" }, "disabled"],
    [{ fail_type: "internal" }, "fault"],
    [{ fail_type: "policy" }, "policy"],
    [{ fail_type: "" }, "bad-password"],
    [{ fail_type: "constructor" }, "bad-password"],
    [{ policy_reject: true }, "policy"],
    [{ policy_reject: true, fail_type: "credentials" }, "policy"],
  ] as const) {
    const played = play("dovecot");
    await post(dovecotPolicy(played.desk, isForwarder), "report", { ...body, success: false, ...fields });
    assert.deepEqual([played.told[0]?.signIn.outcome, played.told[0]?.signIn.reason], ["failure", expected]);
  }
});

test("what a master account did as somebody else is the master account's", async () => {
  const played = play("dovecot");
  await post(dovecotPolicy(played.desk, isForwarder), "report", { ...body, attrs: { master_user: "adm" } });
  // Where its password is wrong, Dovecot does not name it so.
  const wrong = { master_user: "", login_user: "Anna", auth_user: "adm" };
  await post(dovecotPolicy(played.desk, isForwarder), "report", { ...body, attrs: wrong });
  const usual = { master_user: "", login_user: "", auth_user: "Anna" };
  await post(dovecotPolicy(played.desk, isForwarder), "report", { ...body, attrs: usual });
  assert.deepEqual(
    played.told.map(({ signIn }) => [signIn.account, signIn.accountGiven]),
    [
      ["adm", "Anna*adm"],
      ["adm", "Anna*adm"],
      ["anna", "Anna"],
    ],
  );
});

test("an operator's doveadm auth test is answered and is no sign-in", async () => {
  const played = play("dovecot", refuse);
  const handler = dovecotPolicy(played.desk, isForwarder);
  assert.equal((await post(handler, "allow", { ...body, protocol: "doveadm" })).body, '{"status":-1,"msg":""}');
  assert.equal((await post(handler, "report", { ...body, protocol: "doveadm" })).status, 200);
  assert.equal(played.told.length, 0);
});

test("only a forwarder is believed when the IMAP ID says where its user is", async () => {
  const device_id = '"name" "Roundcube" "x-originating-ip" "203.0.113.5"';
  for (const [remote, expected] of [
    [webmail, "203.0.113.5"],
    ["198.51.100.7", "198.51.100.7"],
  ]) {
    const played = play("dovecot");
    await post(dovecotPolicy(played.desk, isForwarder), "allow", { ...body, remote, device_id });
    assert.equal(played.asked[0]?.address, expected);
  }
});

test("the hash of a password becomes a keyed fingerprint at once, where nobody can have read it, and is kept nowhere", async () => {
  const fp = "ed3c9886c697c0ac147b04cf350c8a8c00a71ab10e1439904b80e2c307043d1a";
  for (const fields of [{ fp }, { attrs: { fp } }]) {
    const played = play("dovecot", refuse);
    const handler = dovecotPolicy(played.desk, isForwarder);
    const replies = [
      await post(handler, "allow", { ...body, ...fields }),
      await post(handler, "report", { ...body, ...fields }),
    ];
    assert.equal(played.asked[0]?.passwordFingerprint, "keyed(64)");
    assert.equal(played.told[0]?.signIn.passwordFingerprint, "keyed(64)");
    assert.ok(!JSON.stringify([replies, played.asked, played.told, played.recorded]).includes(fp));
  }
  const played = play("dovecot");
  await post(dovecotPolicy(played.desk, isForwarder), "allow", { ...body, fp }, { peer: openPeer });
  assert.equal(played.asked[0]?.passwordFingerprint, "");
  assert.equal(played.desk.report().fingerprintsRefused, 1);
});

test("what cannot be read, and a gate that breaks, fail open or closed as is set", async () => {
  const played = play("dovecot", "broken" as never);
  const handler = dovecotPolicy(played.desk, isForwarder);
  assert.equal((await post(handler, "allow", body)).body, '{"status":0,"msg":""}');
  played.failed = { ...refuse, code: "failed-closed" };
  assert.equal((await post(handler, "allow", body)).body, '{"status":-1,"msg":""}');
  assert.equal((await answerOf(handler, { query: "command=allow", body: "{" })).body, '{"status":-1,"msg":""}');
  assert.equal((await answerOf(handler, { query: "command=report", body: "[]" })).status, 400);
  const { failures, malformed } = played.desk.report();
  assert.deepEqual([failures, malformed], [2, 2]);
});

test("a report that cannot be kept is an error, and so is one too many", async () => {
  const played = play("dovecot", allow, 1);
  const handler = dovecotPolicy(played.desk, isForwarder);
  const replies = await Promise.all([post(handler, "report", body), post(handler, "report", body)]);
  assert.deepEqual(
    replies.map(({ status }) => status),
    [200, 503],
  );
  played.store = "full";
  assert.equal((await post(handler, "report", body)).status, 503);
  assert.deepEqual(played.desk.report().told, { kept: 1, busy: 1, unkept: 1 });
  assert.equal(played.desk.report().trouble, "the disk is full");
});

test("other methods and commands are none of Dovecot's", async () => {
  const handler = dovecotPolicy(play("dovecot").desk, isForwarder);
  assert.equal((await answerOf(handler, { method: "GET", query: "command=allow" })).status, 405);
  assert.equal((await answerOf(handler, { query: "command=allowed" })).status, 404);
  assert.equal((await answerOf(handler, { query: "xcommand=allow" })).status, 404);
  assert.equal((await answerOf(handler, { query: "site=1&command=allow", body: "{}" })).status, 200);
});

test("whatever is sent, the answer is one that Dovecot understands", async () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.json(),
    fc
      .record(
        {
          login: fc.oneof(fc.string({ unit: "binary" }), fc.integer(), fc.constant(null)),
          remote: fc.oneof(fc.string({ unit: "binary" }), fc.ipV6(), fc.boolean()),
          device_id: fc.stringMatching(/^["\\ a-zNIL]{0,60}$/),
          protocol: fc.string(),
          attrs: fc.anything({ withNullPrototype: true }),
          fp: fc.string(),
          success: fc.anything(),
          policy_reject: fc.anything(),
          fail_type: fc.anything(),
          __proto__: fc.anything(),
        },
        { requiredKeys: [] },
      )
      .map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom("allow", "report"), async (given, command) => {
      const played = play("dovecot");
      const reply = await answerOf(dovecotPolicy(played.desk, isForwarder), {
        query: `command=${command}`,
        body: given,
      });
      assert.ok([200, 400].includes(reply.status));
      if (reply.status === 200) assert.equal(reply.body, '{"status":0,"msg":""}');
      for (const { account, address } of played.asked) assert.ok(account.length <= 256 && address.length <= 253);
    }),
    { numRuns: 500 },
  );
});
