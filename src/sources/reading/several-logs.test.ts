/** The same lines in several files count once: through the whole reading. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { millis } from "#/platform/units.ts";
import { type ReadSummary, readSignIns } from "./reading.ts";

const root = mkdtempSync(join(tmpdir(), "portcullis-several-logs-"));
after(() => rmSync(root, { recursive: true }));

const NOW = millis(Date.UTC(2026, 10, 24));

function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(root, "logs-"));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(path, name), content);
    utimesSync(join(path, name), NOW / 1000, NOW / 1000);
  }
  return path;
}

type Got = { readonly accounts: readonly string[]; readonly summary: ReadSummary; readonly notes: string };

async function read(paths: readonly string[]): Promise<Got> {
  const reading = readSignIns(paths, {
    format: undefined,
    map: undefined,
    timezone: "UTC",
    since: undefined,
    until: undefined,
    clock: { now: () => NOW, ticks: () => 0 },
    workers: 0,
    onProgress: undefined,
  });
  const accounts: string[] = [];
  for await (const batch of reading) for (const { account } of batch) accounts.push(account);
  const summary = reading.summary();
  return { accounts, summary, notes: summary.files.flatMap((file) => file.notes).join("\n") };
}

const pad = (value: number): string => String(value).padStart(2, "0");
const clockOf = (second: number): string => `10:${pad(Math.floor(second / 60))}:${pad(second % 60)}`;
const failed = (second: number, name: string): string =>
  `Nov 23 ${clockOf(second)} mx1 sshd[${second}]: Failed password for ${name} from 192.0.2.1 port 4000 ssh2`;
const loginFailed = (second: number, name: string): string =>
  `Nov 23 ${clockOf(second)} mx1 dovecot: imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<${name}>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.9, TLS, session=<s${second}>`;
const refused = (second: number): string =>
  `Nov 23 ${clockOf(second)} mx1 postfix/smtpd[9]: warning: unknown[192.0.2.7]: SASL LOGIN authentication failed: x, sasl_username=dora`;

test("what syslog writes to several files counts once, and the reader is told which file has it again", async () => {
  const all = [loginFailed(0, "anna"), refused(1), loginFailed(2, "bert"), refused(1_000), loginFailed(2_000, "carl")];
  const files = {
    "auth.log": failed(3, "root"),
    "mail.info": all.join("\n"),
    "mail.log": all.join("\n"),
    "mail.warn": all.filter((line) => line.includes("warning")).join("\n"),
    syslog: all.slice(2).join("\n"),
  };
  const path = folder(files);
  const got = await read([path]);
  assert.deepEqual(got.accounts, ["anna", "dora", "bert", "root", "dora", "carl"]);
  assert.equal(got.summary.signIns, 6);
  assert.match(got.notes, /5 sign-ins are also in .*mail\.info; counted once/);
  const { files: reports } = got.summary;
  assert.deepEqual(
    reports.map(({ format, signIns }) => [format, signIns]),
    [
      ["openssh", 1],
      ["dovecot+postfix", 5],
      ["dovecot+postfix", 5],
      ["postfix", 2],
      ["dovecot+postfix", 3],
    ],
  );
  const names = Object.keys(files).toReversed();
  assert.deepEqual((await read(names.map((name) => join(path, name)))).accounts, got.accounts);
});

test("a file and its copies, whatever they are called, count once", async () => {
  const text = `${failed(0, "anna")}\n${failed(0, "anna")}\n${failed(9, "bert")}\n`;
  for (const names of [
    ["auth.log", "copy.log"],
    ["auth.log", "auth.log.1"],
    ["auth.log", "auth.log.old", "auth.log-20261101"],
  ]) {
    const got = await read([folder(Object.fromEntries(names.map((name) => [name, text])))]);
    assert.deepEqual([got.accounts, got.summary.signIns], [["anna", "anna", "bert"], 3], names.join());
  }
});

test("what PAM says of a process that it does not name gives way to the server's own log", async () => {
  const own = (second: number): string =>
    `Mon Nov 23 ${clockOf(second)} 2026 [pid 31] [anna] FAIL LOGIN: Client "192.0.2.1"`;
  const pam = (second: number): string =>
    `Nov 23 ${clockOf(second)} mx1 vsftpd: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=anna rhost=192.0.2.1`;
  const got = await read([
    folder({ "auth.log": [pam(0), pam(20)].join("\n"), "vsftpd.log": [own(2), own(22)].join("\n") }),
  ]);
  assert.deepEqual([got.accounts, got.summary.signIns], [["anna", "anna"], 2]);
  assert.match(got.notes, /2 sign-ins are told of by another log, too; counted once/);
});

test("a copy that is younger than its lines has their year, not its own", async () => {
  const text = Array.from({ length: 40 }, (_, index) => failed(index, `user${index}`)).join("\n");
  const path = folder({ "auth.log": text, "copy.log": text });
  const before = NOW / 1000 - 2 * 365 * 86_400;
  utimesSync(join(path, "auth.log"), before, before);
  const got = await read([path]);
  assert.equal(got.summary.signIns, 40);
  assert.match(got.notes, /40 sign-ins are also in .*auth\.log; counted once/);
});

test("the journal's JSON beside what syslog wrote of the same host counts once, and the reader is told", async () => {
  const lines = [loginFailed(0, "anna"), failed(3, "root"), loginFailed(40, "bert"), loginFailed(41, "bert")];
  const journal = lines.map((line, index) => {
    const [, second = "", program = "", text = ""] = /^Nov 23 \S+:(\d\d) mx1 ([\w-]+)[^:]*: (.*)$/.exec(line) ?? [];
    const at = Date.UTC(2026, 10, 23, 10, 0, Number(second)) + 150 * (index + 1);
    return JSON.stringify({
      __REALTIME_TIMESTAMP: `${at}123`,
      _HOSTNAME: "mx1",
      SYSLOG_IDENTIFIER: program,
      _PID: second,
      MESSAGE: text,
    });
  });
  const path = folder({ "journal.json": journal.join("\n"), "mail.log": lines.join("\n") });
  const { accounts, summary, notes } = await read([path]);
  assert.deepEqual(accounts.toSorted(), ["anna", "bert", "bert", "root"]);
  assert.equal(summary.signIns, 4);
  assert.match(notes, /^4 sign-ins are also in .*; counted once$/mu);
});
