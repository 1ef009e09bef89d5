import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { allow, answerOf, delay, play, post, refuse } from "../../../test/support/desk.ts";
import { NOON } from "../../../test/support/gate.ts";
import { Failure } from "#/platform/failure.ts";
import { later, seconds } from "#/platform/units.ts";
import { type BlockEntry, type Blocks, wforce } from "./wforce.ts";

function lists(): Blocks & { readonly entries: BlockEntry[] } {
  const entries: BlockEntry[] = [];
  return {
    entries,
    block(entry) {
      if (entry.account !== "" && entry.network !== "") throw new Failure("option-invalid", "one or the other");
      entries.push(entry);
    },
    unblock({ network, account }) {
      const at = entries.findIndex((entry) => entry.network === network && entry.account === account);
      if (at >= 0) entries.splice(at, 1);
    },
    blocked: () => entries,
    trusted: () => ["192.0.2.0/24"],
  };
}

const service = (verdict = allow) => {
  const played = play("wforce", verdict);
  const blocks = lists();
  return { played, blocks, handler: wforce(played.desk, blocks, () => false) };
};

const tuple = { login: "anna", remote: "198.51.100.7", pwhash: "0fc9", success: false, attrs: {} };

test("allow and report answer as weakforced does", async () => {
  for (const [verdict, status] of [
    [allow, 0],
    [refuse, -1],
    [delay, 5],
  ] as const) {
    const { handler } = service(verdict);
    const reply = await post(handler, "allow", tuple);
    assert.deepEqual(JSON.parse(reply.body), { status, msg: "", r_attrs: {} });
  }
  const { handler, played } = service();
  assert.equal((await post(handler, "allow", {})).body, '{"status":0,"msg":"","r_attrs":{}}');
  assert.equal((await post(handler, "report", tuple)).body, '{"status":"ok"}');
  assert.deepEqual([played.told[0]?.signIn.account, played.told[0]?.signIn.source], ["anna", "gate:wforce"]);
  played.store = "full";
  assert.equal((await post(handler, "report", tuple)).status, 503);
});

test("ping answers, by both ways of writing the command", async () => {
  const { handler } = service();
  for (const asked of [{ query: "command=ping" }, { path: "/command/ping" }])
    assert.equal((await answerOf(handler, { method: "GET", ...asked })).body, '{"status":"ok"}');
});

test("an address, a network or an account is blocked until it is not", async () => {
  const { handler, blocks } = service();
  const rest = { expire_secs: 60, reason: "a drill" };
  for (const subject of [{ ip: "203.0.113.9" }, { netmask: "203.0.113.0/24" }, { login: "Anna" }])
    assert.equal((await post(handler, "addBLEntry", { ...subject, ...rest })).body, '{"status":"ok"}');
  const until = later(NOON, seconds(60));
  assert.deepEqual(blocks.entries[0], { network: "203.0.113.9", account: "", until, reason: "a drill" });
  const listed = await answerOf(handler, { method: "GET", query: "command=getBL" });
  assert.deepEqual(JSON.parse(listed.body), {
    bl_entries: [
      { ip: "203.0.113.9", expiration: "2026-Mar-02 12:01:00", reason: "a drill" },
      { ip: "203.0.113.0/24", expiration: "2026-Mar-02 12:01:00", reason: "a drill" },
      { login: "anna", expiration: "2026-Mar-02 12:01:00", reason: "a drill" },
    ],
  });
  const stats = await post(handler, "getDBStats", { ip: "203.0.113.9" });
  assert.deepEqual(JSON.parse(stats.body), {
    ip: "203.0.113.9",
    whitelisted: false,
    wl_reason: "",
    wl_expire: "",
    blacklisted: true,
    bl_reason: "a drill",
    bl_expire: "2026-Mar-02 12:01:00",
    stats: {},
  });
  await post(handler, "delBLEntry", { ip: "203.0.113.9" });
  await post(handler, "reset", { login: "anna" });
  assert.deepEqual(
    blocks.entries.map(({ network }) => network),
    ["203.0.113.0/24"],
  );
});

test("what cannot be done is said, with the reason", async () => {
  const { handler, blocks } = service();
  for (const [command, body, status, reason] of [
    ["addBLEntry", { ip: "203.0.113.9", reason: "x" }, 500, /expire_secs/],
    ["addBLEntry", { ip: "203.0.113.9", expire_secs: 9 }, 500, /reason/],
    ["addBLEntry", { expire_secs: 9, reason: "x" }, 400, /login, ip or netmask/],
    ["addBLEntry", { ip: "203.0.113.9", login: "anna", expire_secs: 9, reason: "x" }, 500, /one or the other/],
    ["addWLEntry", { ip: "203.0.113.9", expire_secs: 9, reason: "x" }, 500, /trustedNetworks/],
    ["getDBStats", {}, 400, /ip or login/],
    ["syncDBs", {}, 404, /Unknown/],
  ] as const) {
    const reply = await post(handler, command, body);
    assert.equal(reply.status, status, command);
    const said = JSON.parse(reply.body) as { status: string; reason: string };
    assert.equal(said.status, "failure");
    assert.match(said.reason, reason);
  }
  assert.equal((await answerOf(handler, { query: "command=allow", body: "" })).status, 400);
  assert.equal(blocks.entries.length, 0);
});

test("a block for ever is one for ten years", async () => {
  const { handler, blocks } = service();
  await post(handler, "addBLEntry", { ip: "203.0.113.9", expire_secs: 1e300, reason: "x" });
  assert.equal(blocks.entries[0]?.until, later(NOON, seconds(315_360_000)));
});

test("whom the settings trust is listed", async () => {
  const { handler } = service();
  const reply = await answerOf(handler, { method: "GET", query: "command=getWL" });
  assert.deepEqual(JSON.parse(reply.body), {
    wl_entries: [{ ip: "192.0.2.0/24", expiration: "", reason: "trustedNetworks" }],
  });
});

test("whatever is sent, the answer is JSON with a status", async () => {
  const command = fc.constantFrom("allow", "report", "reset", "addBLEntry", "delBLEntry", "getDBStats", "ping", "x");
  const body = fc.oneof(
    fc.json(),
    fc.string({ unit: "binary" }),
    fc
      .record(
        {
          ip: fc.anything(),
          netmask: fc.string(),
          login: fc.string(),
          expire_secs: fc.oneof(fc.double(), fc.integer({ min: 0 })),
          reason: fc.string(),
        },
        { requiredKeys: [] },
      )
      .map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(command, body, async (name, given) => {
      const { handler } = service();
      const reply = await answerOf(handler, { query: `command=${name}`, body: given });
      assert.ok([200, 400, 404, 500].includes(reply.status));
      assert.ok(typeof JSON.parse(reply.body) === "object");
      await answerOf(handler, { method: "GET", query: "command=getBL" });
    }),
    { numRuns: 500 },
  );
});
