import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { proxmox } from "./proxmox.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(proxmox, corpus);
fuzzSource(proxmox, corpus);

test("a name that holds an rhost= field does not shift the address", () => {
  const line =
    "Nov 23 08:00:06 pve pvedaemon[1]: authentication failure; rhost=203.0.113.9 user=x rhost=192.0.2.66 user=y@pam msg=Authentication failure";
  const reading = lineReader(proxmox)(line);
  assert.ok(reading.kind === "evidence");
  assert.equal(reading.address, "203.0.113.9");
  assert.equal(reading.account, "x rhost=192.0.2.66 user=y@pam");
});
