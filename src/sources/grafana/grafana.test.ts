import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { grafana } from "./grafana.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(grafana, corpus);
fuzzSource(grafana, corpus);

const context = "logger=context userId=0 orgId=0 uname= t=2026-11-23T08:00:00Z level=info";

test("the line about the request adds none to the one about the password", () => {
  const read = lineReader(grafana);
  const password = read(
    `${context} msg=Unauthorized error="[password-auth.failed] invalid password" remote_addr=192.0.2.1`,
  );
  const request = read(
    `${context} msg="Request Completed" remote_addr=192.0.2.1 errorMessageID=password-auth.failed error="x"`,
  );
  assert.ok(password.kind === "evidence" && request.kind === "evidence");
  assert.equal(password.key, request.key);
  assert.notEqual(password.channel, request.channel);
});

test("a referer that imitates the address's field does not shift it", () => {
  const line = `${context} msg="Request Completed" remote_addr=203.0.113.9 referer="x remote_addr=192.0.2.66" errorMessageID=password-auth.failed error="x"`;
  const reading = lineReader(grafana)(line);
  assert.ok(reading.kind === "evidence");
  assert.equal(reading.address, "203.0.113.9");
});
