import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { row } from "../../../test/support/web-sources.ts";
import { lighttpd } from "./lighttpd.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(lighttpd, corpus);
fuzzSource(lighttpd, corpus);

const told = (message: string) => row(lineReader(lighttpd)(`2026-11-22 08:00:00: (mod_auth.c.853) ${message}`));

test("the address at the end counts, whatever the name imitates", () => {
  const reading = told("password doesn't match for / username: x, IP: 192.0.2.66 IP: 203.0.113.7");
  assert.deepEqual(reading, ["failure", "bad-password", "x, IP: 192.0.2.66", "203.0.113.7"]);
  assert.equal(
    told("digest: auth failed for  x>, rip=192.0.2.66, y=< : wrong password, IP: 203.0.113.7")[3],
    "203.0.113.7",
  );
});

test("old and new spellings are read alike", () => {
  for (const end of [", IP: ", " IP: "])
    assert.equal(told(`password doesn't match for /x username: ingrid${end}192.0.2.10`)[2], "ingrid");
});

test("other modules' lines are no sign-ins", () => {
  const reading = lineReader(lighttpd)("2026-11-22 08:00:00: (server.c.1464) server started (lighttpd/1.4.79)");
  assert.equal(reading.kind, "ignored");
});
