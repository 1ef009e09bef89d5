import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { horde } from "./horde.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(horde, corpus);
fuzzSource(horde, corpus);

const read = (text: string): ReturnType<ReturnType<typeof lineReader>> =>
  lineReader(horde)(`Nov 23 08:00:00 web HORDE: ${text} [pid 4711 on line 199 of "/srv/horde/login.php"]`);

test("neither a name nor a forwarded address can pass for the server's", () => {
  const lines = [
    "[horde] FAILED LOGIN for x to horde (192.0.2.66) to horde (203.0.113.9)",
    "[horde] FAILED LOGIN for x to horde (203.0.113.9) (forwarded for [192.0.2.66])",
    "[horde] FAILED LOGIN for x to horde (203.0.113.9) (forwarded for [y]) to horde (192.0.2.66)])",
    "[horde] FAILED LOGIN for x (192.0.2.66) (forwarded for [y]) to horde (203.0.113.9)",
    "[imp] FAILED LOGIN for x [192.0.2.66] [203.0.113.9] to {mx.example.org:993 [imap/ssl]}",
  ];
  for (const line of lines) {
    const reading = read(line);
    assert.ok(reading.kind === "evidence" && ["203.0.113.9", ""].includes(reading.address), line);
  }
});

test("Horde's and IMP's lines about one sign-in share a key, on channels of their own", () => {
  const imp = read("[imp] FAILED LOGIN for jane (192.0.2.12) to {imap://mail.example.org/}");
  const own = read("[horde] FAILED LOGIN for jane to horde (192.0.2.12)");
  assert.ok(imp.kind === "evidence" && own.kind === "evidence");
  assert.equal(imp.key, own.key);
  assert.notEqual(imp.channel, own.channel);
  assert.equal(imp.account, own.account);
});
