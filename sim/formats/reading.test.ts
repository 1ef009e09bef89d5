import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { systemClock } from "#/platform/clock.ts";
import { canonicalAddress } from "#/signin/address.ts";
import type { SignIn } from "#/signin/signin.ts";
import { sources } from "#/sources/all.ts";
import { readSignIns } from "#/sources/reading/reading.ts";
import { simulate } from "../simulate.ts";
import { writeLog } from "../write.ts";
import { formatNamed, formats } from "./formats.ts";
import type { LogFormat } from "./log-format.ts";

const folder = mkdtempSync(join(tmpdir(), "simulated-"));
after(() => rmSync(folder, { recursive: true }));

const size = { seed: 3, accounts: 300, days: 8 } as const;

/** How often each account was tried from each address with each outcome. */
function tally(signIns: Iterable<SignIn>, format: LogFormat): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { account, address, outcome, count } of signIns) {
    const key = `${format.account(account)} ${canonicalAddress(address)} ${outcome}`;
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return counts;
}

async function readBack(file: string, map: string | undefined): Promise<SignIn[]> {
  const reading = readSignIns([file], {
    format: undefined,
    map,
    timezone: "UTC",
    since: undefined,
    until: undefined,
    clock: systemClock,
    workers: 0,
    onProgress: undefined,
  });
  const all: SignIn[] = [];
  for await (const batch of reading) all.push(...batch);
  return all;
}

/** Closing lines that say why, and not how often, stand for one attempt though there may have been two. */
const lossyShare: Readonly<Record<string, number>> = { "dovecot-2.3-plain": 0.002 };

describe("the sources that read real logs read simulated ones", () => {
  for (const { id } of formats) {
    // "dovecot-2.4" is read by "dovecot", "csv" by whatever --map says.
    const isRead = id === "csv" || id.endsWith("-fingerprints") || sources.some((source) => id.startsWith(source.id));
    const skip = isRead ? false : `no source reads ${id}`;
    test(`${id}: every attempt once, at its account, from its address`, { skip }, async () => {
      const format = formatNamed(id);
      const file = join(folder, `${id}.${id.startsWith("csv") ? "csv" : "log"}`);
      writeLog("spray-and-outage", id, file, { ...size, isoTimes: id === "postfix", reserved: false });
      const map = id === "csv" ? "time=time,account=account,address=address,outcome=outcome" : undefined;
      const read = await readBack(file, map);
      const truly = [...simulate("spray-and-outage", size)].map((one) => one.signIn);
      const counts = tally(read, format);
      let missing = 0;
      for (const [key, count] of tally(truly, format)) missing += Math.max(0, count - (counts.get(key) ?? 0));
      const total = read.reduce((sum, { count }) => sum + count, 0);
      assert.ok(total <= truly.length, `${total} read of ${truly.length}`);
      assert.ok(missing <= truly.length * (lossyShare[id] ?? 0), `${missing} of ${truly.length} missing`);
      const told = new Set(read.map(({ passwordFingerprint }) => passwordFingerprint));
      const wanted = [...simulate("spray-and-outage", { ...size, fingerprints: format.fingerprints === true })];
      assert.deepEqual(told, new Set(wanted.map(({ signIn }) => signIn.passwordFingerprint)));
      const [first, last] = [read.at(0), read.at(-1)];
      assert.ok(first !== undefined && Math.abs(first.at - (truly.at(0)?.at ?? 0)) < 5_000);
      assert.ok(last !== undefined && Math.abs(last.at - (truly.at(-1)?.at ?? 0)) < 90_000);
    });
  }
});
