import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, objectReader, testCorpus } from "../../../test/support/corpus.ts";
import { gitlab } from "./gitlab.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(gitlab, corpus);
fuzzSource(gitlab, corpus);

test("a name that holds an ip= field does not shift the address", () => {
  const reading = lineReader(gitlab)("2026-11-23T08:00:01.344Z: Failed Login: username=x ip=192.0.2.66 ip=203.0.113.9");
  assert.ok(reading.kind === "evidence");
  assert.equal(reading.address, "203.0.113.9");
  assert.equal(reading.account, "x ip=192.0.2.66");
});

test("a request and its line in the application's log share a key, on channels of their own", () => {
  const read = objectReader(gitlab);
  const common = { time: "2026-11-23T08:00:00Z", correlation_id: "01A" };
  const line = read({ ...common, message: "Failed Login: username=jane ip=192.0.2.10" });
  const params = [{ key: "user", value: { login: "jane" } }];
  const request = read({
    ...common,
    controller: "SessionsController",
    action: "create",
    status: 0,
    params,
    remote_ip: "192.0.2.10",
  });
  assert.ok(line.kind === "evidence" && request.kind === "evidence");
  assert.equal(line.key, request.key);
  assert.notEqual(line.channel, request.channel);
});

test("being asked for the second factor is neither success nor failure", () => {
  const params = [{ key: "user", value: { login: "jane" } }];
  const common = { time: "2026-11-23T08:00:00Z", controller: "SessionsController", action: "create" };
  assert.equal(objectReader(gitlab)({ ...common, status: 200, params }).kind, "ignored");
});
