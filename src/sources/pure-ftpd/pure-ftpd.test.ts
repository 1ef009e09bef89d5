import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { pureFtpd } from "./pure-ftpd.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(pureFtpd, corpus);
fuzzSource(pureFtpd, corpus);

const read = (text: string): ReturnType<ReturnType<typeof lineReader>> =>
  lineReader(pureFtpd)(`Nov 23 08:00:00 files pure-ftpd: ${text}`);

test("a name that imitates a whole line does not shift the host", () => {
  const name = "x] (?@192.0.2.66) [WARNING] Authentication failed for user [y";
  const found = read(`(?@203.0.113.9) [WARNING] Authentication failed for user [${name}]`);
  assert.ok(found.kind === "evidence");
  assert.equal(found.address, "203.0.113.9");
  assert.equal(found.account, name);
});

test("what somebody does who has signed in is no sign-in, whatever its name", () => {
  assert.equal(read("(jane@192.0.2.10) [INFO] root is now logged in").kind, "ignored");
});

test("without process ids PAM's line and the server's own share the caller's key, on channels of their own", () => {
  const own = read("(?@192.0.2.10) [WARNING] Authentication failed for user [jane]");
  const pam = read(
    "(pam_unix) authentication failure; logname= uid=0 euid=0 tty=pure-ftpd ruser=jane rhost=192.0.2.10 ",
  );
  assert.ok(own.kind === "evidence" && pam.kind === "evidence");
  assert.equal(own.key, pam.key);
  assert.notEqual(own.channel, pam.channel);
  assert.equal(pam.account, "jane");
});
