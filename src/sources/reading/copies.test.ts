import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { Copies } from "./copies.ts";
import { merge } from "./merge.ts";

type Line = { readonly at: number; readonly account?: string; readonly server?: string; readonly count?: number };

/** Seconds, and a bit: these logs tell milliseconds. */
const signIn = ({ at, account = "anna", server = "mx1", count = 1 }: Line): SignIn => ({
  at: millis(Math.round(at * 1_000) + 1),
  outcome: "failure",
  reason: "bad-password",
  account,
  accountGiven: account,
  address: "192.0.2.1",
  service: "imap",
  server,
  client: "",
  count,
  passwordFingerprint: "",
  source: "test",
});

async function* log(lines: readonly Line[], size: number): AsyncGenerator<readonly SignIn[]> {
  for (let from = 0; from < lines.length; from += size) {
    await Promise.resolve();
    yield lines.slice(from, from + size).map((line) => signIn(line));
  }
}

/** What is counted of these logs, as "account@time", and how many attempts were told again. */
async function counted(
  logs: readonly (readonly Line[])[],
  size = 2,
): Promise<{ readonly told: readonly string[]; readonly copied: number }> {
  let copied = 0;
  const copies = new Copies((_, count) => (copied += count));
  const told: string[] = [];
  const merged = merge(
    logs.map((lines) => log(lines, size)),
    size + 1,
    copies,
  );
  for await (const batch of merged)
    for (const { at, account, count } of batch)
      for (let index = 0; index < count; index += 1) told.push(`${account}@${Math.floor(at / 1_000)}`);
  return { told, copied };
}

const mail = [{ at: 1 }, { at: 2 }, { at: 2, account: "bert" }, { at: 5 }, { at: 5 }, { at: 9, account: "cleo" }];
const once = ["anna@1", "anna@2", "bert@2", "anna@5", "anna@5", "cleo@9"];

test("a log that is given two or three times counts once", async () => {
  assert.deepEqual(await counted([mail, mail]), { told: once, copied: 6 });
  assert.deepEqual(await counted([mail, mail, mail]), { told: once, copied: 12 });
});

test("a log of which another one is a part counts once, whichever is named first", async () => {
  const part = mail.filter(({ at }) => at !== 2);
  assert.deepEqual((await counted([mail, part])).told, once);
  assert.deepEqual((await counted([part, mail])).told, once);
  assert.equal((await counted([part, mail])).copied, part.length);
});

test("logs that only overlap count the whole of both, what they share once", async () => {
  assert.deepEqual(await counted([mail.slice(0, 4), mail.slice(2)]), { told: once, copied: 2 });
});

test("what happens several times within one log happened several times", async () => {
  const twice = [{ at: 3 }, { at: 3 }, { at: 3 }];
  assert.deepEqual((await counted([twice])).told, ["anna@3", "anna@3", "anna@3"]);
  assert.deepEqual((await counted([twice, twice.slice(1)])).told, ["anna@3", "anna@3", "anna@3"]);
  assert.deepEqual((await counted([[{ at: 3, count: 2 }], twice])).told, ["anna@3", "anna@3", "anna@3"]);
});

test("the same at the same time on two hosts is two attempts", async () => {
  const other = mail.map((line) => ({ ...line, server: "mx2" }));
  assert.deepEqual(await counted([mail, other]).then(({ told, copied }) => [told.length, copied]), [12, 0]);
});

test("lines that are a little out of order are recognised again", async () => {
  const late = [{ at: 1 }, { at: 9 }, { at: 3 }, { at: 10 }];
  assert.equal((await counted([late, late])).told.length, 4);
});

test("of any parts of one log, each attempt counts as often as in the part that has it most often", async () => {
  const times = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 20 });
  const parts = fc.array(times, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(parts, fc.integer({ min: 1, max: 6 }), async (logs, size) => {
      const inOrder = logs.map((own) => own.toSorted((left, right) => left - right));
      const { told, copied } = await counted(
        inOrder.map((own) => own.map((at) => ({ at }))),
        size,
      );
      const most = (at: number): number => Math.max(...logs.map((own) => own.filter((one) => one === at).length));
      const expected = Array.from({ length: 13 }, (_, at) => Array<string>(most(at)).fill(`anna@${at}`)).flat();
      assert.deepEqual(told, expected);
      assert.equal(copied, logs.flat().length - expected.length);
    }),
    { numRuns: 200 },
  );
});

/** As syslog writes it, in whole seconds. */
const inSeconds = (lines: readonly Line[]): Line[] =>
  lines.map((line) => ({ ...line, at: Math.floor(line.at) - 0.001 }));

test("the journal beside what syslog wrote of it in whole seconds counts once, whichever is named first", async () => {
  const journal = [{ at: 1.2 }, { at: 1.7 }, { at: 2.9, account: "bert" }, { at: 3.05, account: "cleo" }, { at: 9.9 }];
  const told = ["anna@1", "anna@1", "bert@2", "cleo@3", "anna@9"];
  for (const logs of [
    [journal, inSeconds(journal)],
    [inSeconds(journal), journal],
  ])
    assert.deepEqual(await counted(logs), { told, copied: journal.length });
});

test("a line that came to one log a moment later than to the other counts once", async () => {
  const late = mail.map((line) => ({ ...line, at: line.at + 0.04 }));
  assert.deepEqual(await counted([mail, late]), { told: once, copied: mail.length });
});

test("what only the journal has counts beside the rest, and a second attempt a second later is another", async () => {
  const journal = [{ at: 1.2 }, { at: 4.5, account: "bert" }, { at: 8 }];
  const syslog = inSeconds([{ at: 1.2 }, { at: 6, account: "bert" }, { at: 8 }, { at: 10 }]);
  const { told, copied } = await counted([journal, syslog]);
  assert.deepEqual(told, ["anna@1", "bert@4", "bert@6", "anna@8", "anna@10"]);
  assert.equal(copied, 2);
});
