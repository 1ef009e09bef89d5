import assert from "node:assert/strict";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { allow, answerOf, delay, openPeer, play, refuse } from "../../../test/support/desk.ts";
import { jsonAllow, jsonReport } from "./json-api.ts";
import { jsonOpenapi, openapi } from "./json-openapi.ts";

const question = { account: "Anna", address: "198.51.100.7", service: "vpn" };

test("allow answers what to do, how long to wait, and a code for the log", async () => {
  for (const [verdict, expected] of [
    [allow, { answer: "allow", delaySeconds: 0, code: "open" }],
    [refuse, { answer: "refuse", delaySeconds: 0, code: "campaign" }],
    [delay, { answer: "delay", delaySeconds: 5, code: "campaign" }],
  ] as const) {
    const played = play("json", verdict);
    const reply = await answerOf(jsonAllow(played.desk), { body: JSON.stringify(question) });
    assert.equal(reply.status, 200);
    assert.deepEqual(JSON.parse(reply.body), expected);
    assert.ok(!reply.body.includes("guesses"), "why is for those who defend");
    assert.deepEqual([played.asked[0]?.account, played.asked[0]?.service], ["anna", "vpn"]);
  }
});

test("a report is kept before it is acknowledged, once for each id", async () => {
  const played = play("json");
  const report = jsonReport(played.desk);
  const body = { ...question, outcome: "failure", id: "4711" };
  assert.equal((await answerOf(report, { body: JSON.stringify(body) })).status, 204);
  await answerOf(report, { body: JSON.stringify({ ...question, outcome: "success" }) });
  assert.deepEqual(
    played.told.map(({ id, signIn }) => [id, signIn.outcome, signIn.reason, signIn.source]),
    [
      ["given:4711.", "failure", "bad-password", "gate:json"],
      ["run1:1", "success", "", "gate:json"],
    ],
  );
  played.store = "full";
  const reply = await answerOf(report, { body: JSON.stringify(body) });
  assert.deepEqual([reply.status, reply.headers?.["retry-after"]], [503, "5"]);
});

test("errors point to what is wrong", async () => {
  const handler = jsonReport(play("json").desk);
  for (const [body, status, pointers] of [
    ["{", 400, undefined],
    ["[]", 422, [""]],
    [JSON.stringify({ ...question, address: 7, outcome: "success" }), 422, ["/address"]],
    [JSON.stringify({ ...question, outcome: "maybe" }), 422, ["/outcome"]],
    [JSON.stringify({ ...question, outcome: "success", reason: "locked" }), 422, ["/reason"]],
    [JSON.stringify({ ...question, outcome: "success", extra: 1 }), 422, [""]],
  ] as const) {
    const reply = await answerOf(handler, { body });
    assert.equal(reply.status, status, body);
    assert.equal(reply.type, "application/problem+json");
    const problem = JSON.parse(reply.body) as { errors?: { pointer: string }[] };
    assert.deepEqual(
      problem.errors?.map(({ pointer }) => pointer),
      pointers,
      reply.body,
    );
  }
  assert.equal((await answerOf(handler, { method: "GET" })).status, 405);
});

test("a password's hash is taken where nobody can have read it, and answered by nothing", async () => {
  const body = JSON.stringify({ ...question, passwordHash: "a".repeat(64) });
  const played = play("json");
  await answerOf(jsonAllow(played.desk), { body });
  await answerOf(jsonAllow(played.desk), { body, peer: openPeer });
  assert.deepEqual(
    played.asked.map(({ passwordFingerprint }) => passwordFingerprint),
    ["keyed(64)", ""],
  );
});

test("the description is valid OpenAPI 3.1, and says of a body what the API says of it", async () => {
  const reply = await answerOf(jsonOpenapi("1.2.3"), { method: "GET" });
  const document = JSON.parse(reply.body) as ReturnType<typeof openapi> & {
    components: { schemas: Record<string, object> };
  };
  const result = await new Validator().validate(document);
  assert.deepEqual([result.valid, result.errors], [true, undefined]);
  const ajv = new Ajv2020({ strict: true });
  for (const [name, schema] of Object.entries(document.components.schemas)) assert.ok(ajv.compile(schema), name);
  const matches = ajv.compile(document.components.schemas["Question"] ?? assert.fail());
  for (const [body, expected] of [
    [question, true],
    [{ account: "anna" }, false],
    [{ ...question, service: "telepathy" }, false],
    [{ ...question, extra: 1 }, false],
  ] as const) {
    const answered = await answerOf(jsonAllow(play("json").desk), { body: JSON.stringify(body) });
    assert.deepEqual([matches(body), answered.status === 200], [expected, expected]);
  }
});

test("whatever is sent, the answer is JSON and says what is wrong", async () => {
  const body = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.json(),
    fc
      .record({ account: fc.string({ unit: "binary" }), address: fc.string({ unit: "binary", minLength: 1 }) })
      .map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(body, async (given) => {
      const reply = await answerOf(jsonAllow(play("json").desk), { body: given });
      assert.ok([200, 400, 422].includes(reply.status), String(reply.status));
      assert.ok(reply.body.length < 5_000);
      JSON.parse(reply.body);
    }),
    { numRuns: 500 },
  );
});
