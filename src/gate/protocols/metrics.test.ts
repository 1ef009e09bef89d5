import assert from "node:assert/strict";
import { test } from "node:test";
import { answerOf, play, post, refuse } from "../../../test/support/desk.ts";
import { dovecotPolicy } from "./dovecot-policy.ts";
import { healthz, readyz } from "./health.ts";
import { gateMetrics } from "./metrics.ts";

test("what was asked, answered, told and dropped is counted; reading twice counts nothing twice", async () => {
  const played = play("dovecot", refuse);
  const handler = dovecotPolicy(played.desk, () => false);
  await post(handler, "allow", { login: "anna", remote: "203.0.113.9" });
  await post(handler, "report", { login: "anna", remote: "203.0.113.9" });
  const metrics = gateMetrics({
    desks: () => [played.desk.report()],
    recorder: () => ({ waiting: 3, kept: 0, dropped: 2, trouble: "" }),
    connections: async () => 7,
    connectionsDropped: () => 1,
  });
  metrics.answered("dovecot", 200, 0.3);
  metrics.answered("dovecot", 200, 30);
  metrics.answered("dovecot", 401, 0);
  await metrics.text();
  const reply = await answerOf(metrics.handle, { method: "GET" });
  assert.match(reply.type, /^text\/plain; version=0\.0\.4/);
  for (const line of [
    'portcullis_gate_requests_total{protocol="dovecot",status="200"} 2',
    'portcullis_gate_requests_total{protocol="dovecot",status="401"} 1',
    'portcullis_gate_verdicts_total{protocol="dovecot",code="campaign",answer="refuse"} 1',
    'portcullis_gate_reports_total{protocol="dovecot",result="kept"} 1',
    'portcullis_gate_failures_total{protocol="dovecot"} 0',
    'portcullis_gate_request_duration_seconds_bucket{le="0.0005",protocol="dovecot"} 2',
    'portcullis_gate_request_duration_seconds_count{protocol="dovecot"} 3',
    "portcullis_gate_verdicts_waiting 3",
    "portcullis_gate_verdicts_dropped_total 2",
    "portcullis_gate_connections 7",
    "portcullis_gate_connections_dropped_total 1",
  ])
    assert.ok(reply.body.split("\n").includes(line), `${line}\n${reply.body}`);
  assert.ok(!reply.body.includes("anna") && !reply.body.includes("203.0.113.9"));
});

test("health is that it answers, readiness that nothing is missing", async () => {
  assert.equal((await answerOf(healthz, {})).status, 200);
  assert.equal(
    (
      await answerOf(
        readyz(() => []),
        {},
      )
    ).status,
    200,
  );
  const reply = await answerOf(
    readyz(() => ["familiarity is being read"]),
    {},
  );
  assert.deepEqual([reply.status, reply.body], [503, "familiarity is being read\n"]);
});
