import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { objectReader, testCorpus } from "../../../test/support/corpus.ts";
import { fuzzObjects, row } from "../../../test/support/web-sources.ts";
import { authentik } from "./authentik.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(authentik, corpus);
fuzzObjects(authentik, corpus);

const read = objectReader(authentik);
const base = { logger: "authentik.events.models", client_ip: "203.0.113.7", timestamp: "2026-11-22T08:00:00.5" };

test("the name that was tried is the account, not the anonymous user of the event", () => {
  const user = { username: "AnonymousUser" };
  assert.deepEqual(row(read({ ...base, action: "login_failed", context: { username: "ingrid" }, user })), [
    "failure",
    "bad-password",
    "ingrid",
    "203.0.113.7",
  ]);
  assert.equal(row(read({ ...base, action: "login_failed", context: {}, user }))[2], "");
});

test("an unknown name refused at both stages is one attempt, by key and channel", () => {
  const first = read({ ...base, action: "invalid_identifier", identifier: "olave" });
  const second = read({ ...base, action: "login_failed", context: { username: "olave" } });
  assert.ok(first.kind === "evidence" && second.kind === "evidence");
  assert.equal(first.reason, "unknown-account");
  assert.equal(first.key, second.key);
  assert.notEqual(first.channel, second.channel);
});

test("a wrong second factor is told from a wrong password", () => {
  const stage = { model_name: "authenticatorvalidatestage" };
  assert.equal(
    row(read({ ...base, action: "login_failed", context: { stage }, user: { username: "ingrid" } }))[1],
    "second-factor",
  );
});

test("exported events have other names for the same", () => {
  const reading = read({
    app: "authentik.events.signals",
    action: "login",
    client_ip: "203.0.113.7",
    created: "2026-11-22T08:00:00Z",
    user: { username: "ingrid" },
  });
  assert.deepEqual(row(reading), ["success", "", "ingrid", "203.0.113.7"]);
});
