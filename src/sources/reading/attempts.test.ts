/** One attempt counts once: what servers really write about it, through the whole reading. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { millis } from "#/platform/units.ts";
import { readSignIns } from "./reading.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-attempts-"));
after(() => rmSync(folder, { recursive: true }));

const NOW = millis(Date.UTC(2026, 10, 24));

let files = 0;

/** Each sign-in as "second outcome-or-reason account address service", with how often where it was more than once. */
async function attempts(...lines: readonly string[]): Promise<string[]> {
  const path = join(folder, `${(files += 1)}.log`);
  writeFileSync(path, `${lines.join("\n")}\n`);
  utimesSync(path, NOW / 1000, NOW / 1000);
  const reading = readSignIns([path], {
    format: undefined,
    map: undefined,
    timezone: "UTC",
    since: undefined,
    until: undefined,
    clock: { now: () => NOW, ticks: () => 0 },
    workers: 0,
    onProgress: undefined,
  });
  const told: string[] = [];
  for await (const batch of reading) {
    for (const { at, outcome, reason, account, address, service, count } of batch) {
      const second = new Date(at).getUTCSeconds();
      const times = count === 1 ? "" : ` x${count}`;
      told.push(`${second} ${reason === "" ? outcome : reason} ${account || "?"} ${address} ${service}${times}`);
    }
  }
  return told;
}

const line = (second: number, text: string, host = "mx1"): string =>
  `Nov 23 10:00:${String(second).padStart(2, "0")} ${host} ${text}`;

const ssh = (second: number, text: string, pid = 7): string => line(second, `sshd[${pid}]: ${text}`);
const from = "from 192.0.2.1 port 4000 ssh2";
const pamUnix = "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1";

test("sshd and PAM speak of one attempt", async () => {
  assert.deepEqual(
    await attempts(
      ssh(0, `${pamUnix}  user=anna`),
      ssh(2, `Failed password for anna ${from}`),
      ssh(3, "Connection closed by authenticating user anna 192.0.2.1 port 4000 [preauth]"),
    ),
    ["2 bad-password anna 192.0.2.1 ssh"],
  );
});

test("all that sshd and PAM write of a name that is not there is one attempt", async () => {
  assert.deepEqual(
    await attempts(
      ssh(0, "Invalid user bob from 192.0.2.1 port 4000"),
      ssh(0, "pam_unix(sshd:auth): check pass; user unknown"),
      ssh(0, pamUnix),
      ssh(2, `Failed password for invalid user bob ${from}`),
      ssh(3, "Connection closed by invalid user bob 192.0.2.1 port 4000 [preauth]"),
    ),
    ["0 unknown-account bob 192.0.2.1 ssh"],
  );
});

test("six attempts on one connection are six, with PAM's sum of those after the first and sshd's own words at the end", async () => {
  const six = [0, 2, 4, 6, 8, 10];
  assert.deepEqual(
    await attempts(
      ...six.map((second) => ssh(second, `Failed password for root ${from}`)),
      ssh(10, "error: maximum authentication attempts exceeded for root from 192.0.2.1 port 4000 ssh2 [preauth]"),
      ssh(10, "Disconnecting authenticating user root 192.0.2.1 port 4000: Too many authentication failures [preauth]"),
      ssh(10, `PAM 5 more authentication failures; ${pamUnix.slice(pamUnix.indexOf("logname"))}  user=root`),
    ),
    six.map((second) => `${second} bad-password root 192.0.2.1 ssh`),
  );
});

test("a message that syslog folded counts as often as it says, also beside PAM's sum", async () => {
  assert.deepEqual(
    await attempts(
      ssh(0, `Failed password for root ${from}`),
      ssh(8, `message repeated 5 times: [ Failed password for root ${from}]`),
      ssh(10, `PAM 5 more authentication failures; ${pamUnix.slice(pamUnix.indexOf("logname"))}  user=root`),
    ),
    ["0 bad-password root 192.0.2.1 ssh", "8 bad-password root 192.0.2.1 ssh x5"],
  );
});

test("a wrong password and then the right one are two attempts", async () => {
  assert.deepEqual(
    await attempts(
      ssh(0, `${pamUnix}  user=anna`),
      ssh(2, `Failed password for anna ${from}`),
      ssh(6, `Accepted password for anna ${from}`),
      ssh(6, "pam_unix(sshd:session): session opened for user anna(uid=1000) by (uid=0)"),
    ),
    ["2 bad-password anna 192.0.2.1 ssh", "6 success anna 192.0.2.1 ssh"],
  );
});

test("what failed on the way to a success is no attempt: another module of PAM's, keys that were not accepted", async () => {
  const success = ["3 success anna 192.0.2.1 ssh"];
  const accepted = ssh(3, `Accepted password for anna ${from}`);
  assert.deepEqual(await attempts(ssh(3, `${pamUnix}  user=anna`), accepted), success);
  const key = (second: number): string => ssh(second, `Failed publickey for anna ${from}: RSA SHA256:x`);
  assert.deepEqual(await attempts(key(0), key(1), accepted), success);
});

test("a process id that comes again, or on another host, is another connection", async () => {
  const failed = `Failed password for anna ${from}`;
  const closed = "Connection closed by authenticating user anna 192.0.2.1 port 4000 [preauth]";
  assert.equal((await attempts(ssh(0, failed), ssh(1, closed), ssh(5, failed))).length, 2);
  assert.equal((await attempts(ssh(0, failed), line(0, `sshd[7]: ${failed}`, "mx2"))).length, 2);
});

const dovecot = (second: number, text: string): string => line(second, `dovecot: ${text}`);
const login = (second: number, name: string, tries: number, words = "Disconnected"): string =>
  dovecot(
    second,
    `imap-login: ${words} (auth failed, ${tries} attempts in ${second} secs): user=<${name}>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.9, TLS, session=<abc>`,
  );
const mismatch = (second: number, name = "anna", driver = "sql"): string =>
  dovecot(second, `auth-worker(99): ${driver}(${name},192.0.2.1,<abc>): Password mismatch`);
const unknown = (second: number, name = "anna", driver = "passwd-file"): string =>
  dovecot(second, `auth: ${driver}(${name},192.0.2.1,<abc>): unknown user`);

test("Dovecot's auth and login lines of one session speak of the same attempts", async () => {
  assert.deepEqual(await attempts(mismatch(0), login(2, "anna", 1)), ["2 bad-password anna 192.0.2.1 imap"]);
  assert.deepEqual(await attempts(unknown(0), login(2, "anna", 1)), ["2 unknown-account anna 192.0.2.1 imap"]);
  assert.deepEqual(await attempts(mismatch(0), mismatch(2), mismatch(4), login(5, "anna", 3, "Aborted login")), [
    "5 bad-password anna 192.0.2.1 imap x3",
  ]);
  assert.deepEqual(await attempts(mismatch(0)), ["0 bad-password anna 192.0.2.1 mail"]);
});

test("a password database that knows the account says more than one that does not", async () => {
  const failed = ["2 bad-password anna 192.0.2.1 imap"];
  assert.deepEqual(await attempts(unknown(0), mismatch(0), login(2, "anna", 1)), failed);
  assert.deepEqual(await attempts(mismatch(0), unknown(0), login(2, "anna", 1)), failed);
  assert.deepEqual(await attempts(unknown(0), mismatch(1)), ["0 bad-password anna 192.0.2.1 mail"]);
  assert.deepEqual(await attempts(unknown(0), unknown(0, "anna", "ldap"), login(2, "anna", 1)), [
    "2 unknown-account anna 192.0.2.1 imap",
  ]);
});

test("a password database that says no before another says yes has seen no attempt of its own", async () => {
  assert.deepEqual(
    await attempts(
      mismatch(0, "anna", "passwd-file"),
      dovecot(
        0,
        "imap-login: Login: user=<anna>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.9, mpid=5, TLS, session=<abc>",
      ),
    ),
    ["0 success anna 192.0.2.1 imap"],
  );
});

test("names that were tried one after the other in one session each have their attempts", async () => {
  assert.deepEqual(await attempts(mismatch(0, "anna"), unknown(2, "bob"), mismatch(4, "zoe"), login(6, "zoe", 3)), [
    "0 bad-password anna 192.0.2.1 imap",
    "2 unknown-account bob 192.0.2.1 imap",
    "6 bad-password zoe 192.0.2.1 imap",
  ]);
  const asked = [unknown(0, "anna"), mismatch(0, "anna"), unknown(2, "bob"), unknown(2, "bob", "ldap")];
  assert.deepEqual(await attempts(...asked, login(4, "bob", 2)), [
    "0 bad-password anna 192.0.2.1 imap",
    "4 unknown-account bob 192.0.2.1 imap",
  ]);
});

const postfix = (second: number, text: string): string => line(second, `postfix/smtpd[5]: ${text}`);
const refused = (second: number, mechanism: string, more = ""): string =>
  postfix(second, `warning: unknown[192.0.2.1]: SASL ${mechanism} authentication failed: UGFzc3dvcmQ6${more}`);
const bye = (second: number): string => postfix(second, "disconnect from unknown[192.0.2.1] ehlo=1 auth=0/2 quit=1");

test("a client of Postfix's that tries PLAIN and then LOGIN has tried once, and LOGIN twice is twice", async () => {
  const once = ["1 bad-password ? 192.0.2.1 submission"];
  assert.deepEqual(await attempts(refused(1, "PLAIN"), refused(2, "LOGIN"), bye(3)), once);
  const named = ", sasl_username=anna";
  assert.deepEqual(await attempts(refused(1, "LOGIN", named), refused(2, "LOGIN", named), bye(3)), [
    "1 bad-password anna 192.0.2.1 submission",
    "2 bad-password anna 192.0.2.1 submission",
  ]);
});

test("Postfix has the name from Dovecot's auth, which answered for it", async () => {
  const auth = dovecot(1, "auth: sql(anna@example.org,192.0.2.1): unknown user");
  const told = ["3 unknown-account anna@example.org 192.0.2.1 submission"];
  assert.deepEqual(await attempts(auth, refused(3, "LOGIN"), bye(4)), told);
  assert.deepEqual(await attempts(auth), ["1 unknown-account anna@example.org 192.0.2.1 mail"]);
});

test("messages that are sent over one connection were signed in for once", async () => {
  const sent = (second: number, id: string): string =>
    postfix(second, `${id}: client=unknown[192.0.2.1], sasl_method=PLAIN, sasl_username=anna`);
  const left = postfix(3, "disconnect from unknown[192.0.2.1] ehlo=1 auth=1 mail=2 quit=1 commands=5");
  assert.deepEqual(await attempts(sent(1, "4C1"), sent(2, "4C2"), left, sent(4, "4C3")), [
    "1 success anna 192.0.2.1 submission",
    "4 success anna 192.0.2.1 submission",
  ]);
});
