/** The process that follows is killed at any moment, while the log is written and rotated: nothing is lost, and nothing counts twice. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { seededRandom } from "#/platform/random.ts";
import { batchesIn } from "../../../test/support/following.ts";

const ATTEMPTS = 900;
const ROUNDS = 300;
const script = join(import.meta.dirname, "../../../test/support/following.ts");

/** The lines of one attempt, in two parts: the second comes some attempts later. Every attempt has an account of its own. */
function linesOf(index: number): readonly [string, string] {
  const at = new Date().toISOString();
  const account = `user${index}`;
  const session = `s${index}aaaaaaaaaaaaa`;
  const sshd = `${at} mx1 sshd[${1_000 + index}]:`;
  switch (index % 3) {
    case 0:
      return [`${sshd} Failed password for ${account} from 192.0.2.7 port 50022 ssh2\n`, ""];
    case 1:
      return [
        `${sshd} pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.8  user=${account}\n`,
        `${sshd} Failed password for ${account} from 192.0.2.8 port 50022 ssh2\n`,
      ];
    default:
      return [
        `${at} mx1 dovecot: auth: passwd-file(${account},192.0.2.9,<${session}>): Password mismatch\n`,
        `${at} mx1 dovecot: imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<${account}>, method=PLAIN, rip=192.0.2.9, lip=192.0.2.1, session=<${session}>\n`,
      ];
  }
}

function rotate(log: string, isCopy: boolean): void {
  if (!existsSync(log)) return;
  for (let number = 40; number > 0; number -= 1)
    if (existsSync(`${log}.${number}`)) renameSync(`${log}.${number}`, `${log}.${number + 1}`);
  if (isCopy) {
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
  } else renameSync(log, `${log}.1`);
}

function countsIn(kept: string): Map<string, number> {
  const counts = new Map<string, number>();
  const ids = new Set<string>();
  for (const { input, arrivals } of batchesIn(kept))
    for (const { id, signIn } of arrivals) {
      if (ids.has(`${input} ${id}`)) continue;
      ids.add(`${input} ${id}`);
      counts.set(signIn.account, (counts.get(signIn.account) ?? 0) + signIn.count);
    }
  return counts;
}

test("killed at any moment, through every kind of rotation: each attempt counts exactly once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-killed-"));
  const [log, kept] = [join(folder, "auth.log"), join(folder, "kept")];
  const random = seededRandom(Number(process.env["FUZZ_SEED"] ?? "20170623"));
  const start = (): ChildProcess =>
    spawn(process.execPath, [script, log, kept], { stdio: ["ignore", "ignore", "inherit"] });
  const kill = async (child: ChildProcess): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  let kills = 0;
  let child = start();
  const until = async (holds: () => boolean): Promise<void> => {
    for (let round = 0; round < ROUNDS && !holds(); round += 1) await pause(50);
  };
  try {
    appendFileSync(log, linesOf(ATTEMPTS)[0]);
    // What was rotated before anybody followed is for `scan`.
    await until(() => batchesIn(kept).length > 0);
    const later: string[] = [];
    for (let index = 0; index < ATTEMPTS; index += 1) {
      const [first, second] = linesOf(index);
      later.push(second);
      appendFileSync(log, first + (later.length > 4 ? (later.shift() ?? "") : ""));
      await pause(4);
      if (random() < 0.01) rotate(log, random() < 0.3);
      if (random() < 0.012) {
        await kill(child);
        kills += 1;
        if (random() < 0.4) rotate(log, random() < 0.3);
        child = start();
        const before = batchesIn(kept).length;
        // At times it is killed before it has come to anything, and at times in the midst of it.
        if (random() < 0.8) await until(() => batchesIn(kept).length > before);
      }
    }
    appendFileSync(log, later.join(""));
    let counts = countsIn(kept);
    await until(() => {
      counts = countsIn(kept);
      return counts.size > ATTEMPTS;
    });
    assert.ok(kills > 3, "it was hardly ever killed");
    assert.equal(counts.size, ATTEMPTS + 1, "accounts that were heard of");
    assert.deepEqual(
      [...counts].filter(([, count]) => count !== 1),
      [],
    );
  } finally {
    await kill(child);
    rmSync(folder, { recursive: true });
  }
});
