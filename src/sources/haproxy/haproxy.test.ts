import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { row } from "../../../test/support/web-sources.ts";
import { haproxy } from "./haproxy.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(haproxy, corpus);
fuzzSource(haproxy, corpus);

const told = (text: string) => row(lineReader(haproxy)(`Nov 22 08:00:00 lb haproxy[760]: ${text}`));
const state = "401 248 - - PR-- 0/0/0/0/0 0/0";

test("HAProxy's own refusal is an attempt without a name", () => {
  const reading = told(
    `203.0.113.7:58430 [22/Nov/2026:08:00:01.608] main main/<NOSRV> -1/-1/-1/-1/0 ${state} "GET / HTTP/1.1"`,
  );
  assert.deepEqual(reading, ["failure", "bad-password", "", "203.0.113.7"]);
});

test("the port is told from an IPv6 address without brackets", () => {
  const reading = told(
    `2001:db8::1234:58430 [22/Nov/2026:08:00:01.608] main main/<NOSRV> -1/-1/-1/-1/0 ${state} "GET / HTTP/1.1"`,
  );
  assert.equal(reading[3], "2001:db8::1234");
});

test("a request line that imitates a refusal is none", () => {
  const typed = `"GET /x/<NOSRV> -1/-1/-1/-1/0 ${state} HTTP/1.1"`;
  assert.deepEqual(
    told(`203.0.113.7:1 [22/Nov/2026:08:00:01.608] main app/app1 1/0/1/0/1 200 2 - - ---- 0/0/0/0/0 0/0 ${typed}`),
    ["ignored"],
  );
});
