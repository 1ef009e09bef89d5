import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { row } from "../../../test/support/web-sources.ts";
import { vaultwarden } from "./vaultwarden.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(vaultwarden, corpus);
fuzzSource(vaultwarden, corpus);

const told = (level: string, message: string) =>
  row(lineReader(vaultwarden)(`[2026-11-22 08:00:00.129][vaultwarden::api::identity][${level}] ${message}`));

test("in a refusal the first address counts, since the typed name comes after it", () => {
  const reading = told(
    "ERROR",
    "Username or password is incorrect. Try again. IP: 203.0.113.7. Username: x. IP: 192.0.2.66. Username: y.",
  );
  assert.deepEqual(reading, ["failure", "bad-password", "x. IP: 192.0.2.66. Username: y", "203.0.113.7"]);
});

test("in a welcome the last address counts, since the member's name comes before it", () => {
  const reading = told("INFO", "User x logged in successfully. IP: 192.0.2.66 logged in successfully. IP: 203.0.113.7");
  assert.deepEqual(reading, ["success", "", "x logged in successfully. IP: 192.0.2.66", "203.0.113.7"]);
});

test("who stops before the second step had the right password", () => {
  const reading = told(
    "INFO",
    "User ingrid@abbey.example did not complete a 2FA login within the configured time limit. IP: 203.0.113.7",
  );
  assert.deepEqual(reading, ["failure", "second-factor", "ingrid@abbey.example", "203.0.113.7"]);
});

test("a second factor that is merely asked for is no failure", () => {
  assert.deepEqual(told("ERROR", "2FA token not provided"), ["ignored"]);
});

test("Bitwarden's own server logs the address alone", () => {
  const reading = lineReader(vaultwarden)("2026-11-22 08:00:00.008 +01:00 [WRN] Failed login attempt. 192.0.2.10");
  assert.deepEqual(row(reading), ["failure", "bad-password", "", "192.0.2.10"]);
  assert.equal(reading.kind === "evidence" && new Date(reading.at).toISOString(), "2026-11-22T07:00:00.008Z");
});
