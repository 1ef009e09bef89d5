/**
 * The gate before real servers: a spray that is held while members read their mail, though Portcullis is killed, and its disk is full, in the middle.
 * Addresses are those of 127.0.0.0/8, each member and each guesser in a /24 of its own.
 */
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { freshFolder } from "../support/folders.ts";
import { type Dovecot, dovecotPackages, startDovecot } from "../support/servers/dovecot.ts";
import { imapSignIn, isOpenedBy } from "../support/servers/imap.ts";
import { lacks } from "../support/servers/packages.ts";
import { eventually } from "../support/servers/process.ts";
import { startPortcullis } from "../support/servers/portcullis.ts";
import { noMounting, tinyDisk } from "../support/tiny-disk.ts";

const ACCOUNTS = 200;
/** Of those, who read their mail while the others are only tried. */
const READERS = 50;
/** Whose password it is that all are tried with. */
const WEAK = 150;
const SPRAYED = "Summer2026!";
/** How many sign in at once: a wrong password takes Dovecot up to a second to answer. */
const LANES = 20;

const DISK_MEGABYTES = 16;
const options = { skip: lacks(...dovecotPackages), timeout: 240_000 };

const nameOf = (index: number): string => `member${String(index).padStart(3, "0")}`;
const passwordOf = (index: number): string => (index === WEAK ? SPRAYED : `own-${index}`);
const all = Array.from({ length: ACCOUNTS }, (_, index) => index);
const accounts = new Map(all.map((index) => [nameOf(index), passwordOf(index)]));
const atHome = (index: number) => ({ user: nameOf(index), password: passwordOf(index), from: `127.20.${index}.7` });
const guess = (index: number) => ({ user: nameOf(index), password: SPRAYED, from: `127.90.${index}.9` });

async function inLanes(indices: readonly number[], act: (index: number) => Promise<void>): Promise<void> {
  for (let at = 0; at < indices.length; at += LANES) await Promise.all(indices.slice(at, at + LANES).map(act));
}

/** Tries these accounts, the first ones one after another. Answers how many guesses came as far as a password check. */
async function spray(dovecot: Dovecot, from: number, to: number): Promise<number> {
  const before = checked(dovecot);
  const tried = all.slice(from, to);
  const one = async (index: number): Promise<void> => {
    const result = await imapSignIn(dovecot.imapPort, guess(index));
    assert.deepEqual(
      result,
      { is: "refused", said: "a NO [AUTHENTICATIONFAILED] Authentication failed." },
      nameOf(index),
    );
  };
  for (const index of tried.slice(0, 10)) await one(index);
  await inLanes(tried.slice(10), one);
  return checked(dovecot) - before;
}

const checked = (dovecot: Dovecot): number => dovecot.log().match(/Password mismatch/g)?.length ?? 0;

/** Members sign in from home and read a message. Nobody and nothing may keep them from it. */
async function readMail(dovecot: Dovecot): Promise<void> {
  await inLanes(all.slice(0, READERS), async (index) => {
    const result = await imapSignIn(dovecot.imapPort, atHome(index));
    assert.ok(result.is === "in", `${nameOf(index)}: ${result.is === "refused" ? result.said : ""}`);
    assert.match(await result.session.read(), new RegExp(`for ${nameOf(index)}`));
    result.session[Symbol.dispose]();
  });
}

test(
  "members read their mail while a spray is held, Portcullis is killed, and its disk is full",
  options,
  async (context) => {
    using disk = tinyDisk(DISK_MEGABYTES);
    if (disk === undefined) context.diagnostic(`the disk is not filled: ${noMounting}`);
    const dataFolder = join(disk?.folder ?? freshFolder(), "data");
    await using portcullis = await startPortcullis("gate:\n  delay: 1s\n", dataFolder);
    await using dovecot = await startDovecot({ accounts, policyUrl: portcullis.url });
    await inLanes(all, async (index) => assert.ok(await isOpenedBy(dovecot.imapPort, atHome(index))));
    const enforced = await portcullis.run("gate", "enforce", "--yes", "--reason", "a drill");
    assert.equal(enforced.status, 0, enforced.error);

    const [first] = await Promise.all([spray(dovecot, 0, 60), readMail(dovecot)]);
    assert.ok(first <= 6, `${first} of 60 guesses came as far as a password check`);

    await portcullis.kill();
    // Nobody answers Dovecot now, and it lets everybody through to the password check.
    await readMail(dovecot);
    await portcullis.start();
    // What the passwords' fingerprints were made with was in memory only: the password has to be recognised anew.
    const [second] = await Promise.all([spray(dovecot, 60, 120), readMail(dovecot)]);
    assert.ok(second <= 10, `${second} of 60 guesses came as far as a password check after the restart`);

    const filler = disk === undefined ? undefined : join(disk.folder, "filler");
    if (filler !== undefined) assert.throws(() => writeFileSync(filler, Buffer.alloc(DISK_MEGABYTES << 20)), /ENOSPC/);
    const [third] = await Promise.all([spray(dovecot, 120, ACCOUNTS), readMail(dovecot)]);
    assert.equal(third, 0, "guesses that came as far as a password check while nothing could be kept");
    if (filler !== undefined) {
      assert.match(portcullis.log(), /No room is left for [^"]+\. Make room on that disk/);
      rmSync(filler);
      await eventually("it keeps again", () => /What comes in is kept again/.test(portcullis.log()));
    }

    assert.doesNotMatch(dovecot.log(), new RegExp(`Login: user=<${nameOf(WEAK)}>, method=PLAIN, rip=127\\.90\\.`));
    const why = await portcullis.run("gate", "why", nameOf(0), guess(0).from);
    assert.match(why.out, /refused/);
  },
);
