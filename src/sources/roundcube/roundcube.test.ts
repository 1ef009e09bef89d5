import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { row } from "../../../test/support/web-sources.ts";
import { roundcube } from "./roundcube.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(roundcube, corpus);
fuzzSource(roundcube, corpus);

const read = lineReader(roundcube);
const login = (message: string) =>
  read(`[22-Nov-2026 09:00:00 +0100]: <4z506z6r> ${message} in session 4z506z6rvddstv6k (error: 0)`);
const failed = (who: string) => row(login(`Failed login for ${who}`));
const refused = (who: string) =>
  row(read(`[22-Nov-2026 09:00:00 +0100]: <4z506z6r> IMAP Error: Login failed for ${who}`));
const php = "in /srv/rcube_imap.php on line 205 (POST /?_task=login)";

test("the address that counts is the one that the server wrote first, not a forwarder's header", () => {
  assert.equal(failed("ingrid from 192.0.2.20 (X-Forwarded-For: 198.51.100.5)")[3], "192.0.2.20");
  assert.equal(
    failed("ingrid from 192.0.2.20(X-Real-IP: 198.51.100.4,X-Forwarded-For: 198.51.100.5)")[3],
    "192.0.2.20",
  );
});

test("a name that imitates the address does not shift it", () => {
  for (const name of [
    "x from 192.0.2.66",
    "x from 192.0.2.66.",
    "x from 192.0.2.66 in session abcdefgh (error: 0)",
    "x from 192.0.2.66 (X-Forwarded-For: y",
    "x>, rip=192.0.2.66, y=<",
  ])
    assert.deepEqual(failed(`${name} from 203.0.113.7`), ["failure", "bad-password", name, "203.0.113.7"]);
});

test("a header that imitates the address does not shift it, and where that cannot be told nobody is blamed", () => {
  assert.equal(failed("ingrid from 203.0.113.7 (X-Forwarded-For: from 192.0.2.66)")[3], "203.0.113.7");
  assert.equal(failed("ingrid from 203.0.113.7 (X-Forwarded-For: a from 192.0.2.66 (X-Forwarded-For: b)")[3], "");
});

test("the mail server's answer may repeat the name", () => {
  const reading = refused(
    `x from 192.0.2.66. from 203.0.113.7. AUTHENTICATE PLAIN: NO. user=x from 192.0.2.66. ${php}`,
  );
  assert.equal(reading[3], "203.0.113.7");
});

test("the mail host behind 'against' is not part of the name", () => {
  assert.equal(
    refused(`ingrid against mail.abbey.example from 203.0.113.7. AUTHENTICATE PLAIN: NO ${php}`)[2],
    "ingrid",
  );
});

test("a mail server that cannot be reached is a fault, in both logs", () => {
  assert.equal(
    refused(`ingrid from 203.0.113.7. Could not connect to localhost:143: Connection refused ${php}`)[1],
    "fault",
  );
  assert.equal(
    row(
      read("[22-Nov-2026 09:00:00 +0100]: Failed login for a from 203.0.113.7 in session 4z506z6rvddstv6k (error: -2)"),
    )[1],
    "fault",
  );
});

test("the two logs tell of one attempt under one key, by the beginning of the session", () => {
  const one = login("Failed login for ingrid from 203.0.113.7");
  const other = read(
    `[22-Nov-2026 09:00:00 +0100]: <4z506z6r> IMAP Error: Login failed for ingrid from 203.0.113.7. LOGIN: NO ${php}`,
  );
  assert.ok(one.kind === "evidence" && other.kind === "evidence");
  assert.deepEqual([one.key, one.channel, other.channel], [other.key, "userlogins", "errors"]);
});

test("a success has the name without Roundcube's number for it", () => {
  const found = read(
    "[22-Nov-2026 09:00:00 +0100]: <4z506z6r> Successful login for ingrid (ID: 3) from 203.0.113.7 in session 4z506z6r",
  );
  assert.deepEqual(row(found), ["success", "", "ingrid", "203.0.113.7"]);
});
