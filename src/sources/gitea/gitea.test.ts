import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { row } from "../../../test/support/web-sources.ts";
import { gitea } from "./gitea.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(gitea, corpus);
fuzzSource(gitea, corpus);

const told = (rest: string) =>
  row(
    lineReader(gitea)(`2026/11/22 08:00:00 .../auth.go:204:SignInPost() [W] Failed authentication attempt for ${rest}`),
  );
const unknown = (name: string) => `${name} from 203.0.113.7:51000: user does not exist [uid: 0, name: ${name}]`;

test("a name that imitates address and reason is found by the reason that repeats it", () => {
  for (const name of [
    "x from 192.0.2.66",
    "x from 192.0.2.66:1",
    "x from 192.0.2.66:1: user does not exist [uid: 0, name: x",
    "x from 192.0.2.66:1: user does not exist [uid: 0, name: x]",
    "x>, rip=192.0.2.66, y=<",
  ])
    assert.deepEqual(told(unknown(name)), ["failure", "bad-password", name, "203.0.113.7"]);
});

test("where no reason repeats the name two addresses blame nobody, unless the last one ends the line", () => {
  assert.equal(told("x from 192.0.2.66:1: other from 203.0.113.7:5: trouble")[3], "");
  assert.equal(told("x from 192.0.2.66:1 from 203.0.113.7:5")[3], "203.0.113.7");
});

test("a forbidden account is told from a wrong password", () => {
  assert.equal(told("olave from 203.0.113.7:5: user is not allowed login [uid: 4, name: olave]")[1], "disabled");
});
