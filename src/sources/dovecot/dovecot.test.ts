import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Evidence } from "#/sources/source.ts";
import { fuzzSource, lineReader, objectReader, testCorpus } from "../../../test/support/corpus.ts";
import { dovecot } from "./dovecot.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(dovecot, corpus);
fuzzSource(dovecot, corpus);

const read = (text: string) => lineReader(dovecot)(text);
const syslog = (text: string) => read(`Nov 20 08:00:00 mail1 dovecot: ${text}`);

function attempt(text: string): Evidence {
  const reading = syslog(text);
  assert.ok(reading.kind === "evidence", text);
  return reading;
}

const rest = "rip=203.0.113.5, lip=192.0.2.10, TLS, session=<S1>";

test("a sign-in is a success with account, address, service and the session as its key", () => {
  for (const [process, service] of [
    ["imap-login", "imap"],
    ["pop3-login", "pop3"],
    ["submission-login", "submission"],
    ["managesieve-login", "managesieve"],
  ] as const) {
    for (const words of ["Login", "Logged in", "Info: Login"]) {
      const found = attempt(`${process}: ${words}: user=<Amara@abbey.example>, method=PLAIN, ${rest}`);
      assert.deepEqual(
        [found.outcome, found.reason, found.account, found.address, found.service, found.key, found.ends],
        ["success", "", "Amara@abbey.example", "203.0.113.5", service, "dovecot:S1", true],
      );
    }
  }
});

test("a connection counts as many failures as it had attempts, in 2.3 and in 2.4", () => {
  const old = attempt(
    `imap-login: Disconnected: Inactivity (auth failed, 3 attempts in 16 secs): user=<a>, method=PLAIN, ${rest}`,
  );
  const modern = attempt(
    `imap-login: Login aborted: Logged out (auth failed, 3 attempts in 16 secs) (auth_failed): user=<a>, method=PLAIN, ${rest}`,
  );
  for (const found of [old, modern])
    assert.deepEqual([found.count, found.reason, found.channel], [3, "bad-password", "login"]);
});

test("an auth line of a session shares its key, waits, and has the passdb as its channel", () => {
  const found = attempt("auth: passwd-file(brenn,203.0.113.5,<S1>): Password mismatch");
  assert.deepEqual([found.key, found.channel, found.hold], ["dovecot:S1", "passwd-file", true]);
  const worker = attempt(
    "auth-worker(12): conn unix:auth-worker (pid=8,uid=1): auth-worker<4>: sql(brenn,203.0.113.5,<S1>): unknown user",
  );
  assert.deepEqual([worker.key, worker.channel, worker.reason], ["dovecot:S1", "sql", "unknown-account"]);
});

test("a refusal by the policy server is final and no wrong password", () => {
  const found = attempt(
    "auth: policy(brenn,203.0.113.5,<S1>): Authentication failure due to policy server refusal: no",
  );
  assert.deepEqual([found.reason, found.hold, found.channel], ["policy", false, "policy"]);
});

test("a password that was right before another passdb was asked is nobody's last word", () => {
  assert.ok(
    attempt("auth: sql(brenn,203.0.113.5,<S1>): allow_nets check failed: IP 203.0.113.5 not in allowed networks").hold,
  );
  assert.equal(attempt("auth: passwd-file(brenn,203.0.113.5,<S1>): User found from deny passdb").hold, false);
});

test("trouble of the institution's own is a fault", () => {
  for (const text of [
    "auth: Error: ldap(edda,203.0.113.5,<S1>): ldap_bind() failed: Can't contact LDAP server",
    "auth: Error: sql(edda,203.0.113.5,<S1>): Password query failed: Not connected",
    "auth-worker(1): Error: pam(edda,203.0.113.5,<S1>): pam_authenticate() failed: System error",
    "auth: Error: passwd-file(edda,203.0.113.5,<S1>): Something that nobody has seen before",
    `imap-login: Disconnected (auth service reported temporary failure): user=<a>, method=PLAIN, ${rest}`,
    `imap-login: Aborted login (auth process communication failure): user=<a>, method=PLAIN, ${rest}`,
    `imap-login: Login aborted: Gone (internal failure, 1/1 successful auths in 0 secs) (internal_failure): user=<a>, ${rest}`,
    `imap-login: Login aborted: Gone (proxy dest remote failure to 192.0.2.9:143, 1 attempts in 1 secs) (proxy_dest_remote_failure): user=<a>, ${rest}`,
  ]) {
    assert.equal(attempt(text).reason, "fault", text);
  }
});

test("a client with too many connections is refused by policy, which is no fault", () => {
  const why = "Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)";
  const found = attempt(`imap-login: Disconnected: ${why} (internal failure, 1 successful auths): user=<a>, ${rest}`);
  assert.deepEqual([found.reason, found.account, found.address], ["policy", "a", "203.0.113.5"]);
});

test("connections without an attempt end their session and are no failures", () => {
  for (const why of [
    "no auth attempts in 10 secs",
    "no auth attempts in 1 secs) (no_auth_attempts",
    "client didn't finish SASL auth, waited 2 secs",
    "aborted authentication",
    "auth aborted by client, 1 attempts in 3 secs) (auth_aborted_by_client",
    "disconnected while authenticating, waited 0 secs",
    "cert required, client didn't start TLS",
  ]) {
    assert.deepEqual(
      syslog(`imap-login: Disconnected (${why}): user=<>, ${rest}`),
      { kind: "ended", key: "dovecot:S1" },
      why,
    );
  }
});

test("of attempts that end unfinished all but the last are failures", () => {
  const found = attempt(
    `imap-login: Login aborted: x (auth aborted by client, 3 attempts in 3 secs) (auth_aborted_by_client): user=<a>, ${rest}`,
  );
  assert.equal(found.count, 2);
});

test("a name cannot forge the address of a login line", () => {
  const names = [
    "x>, rip=192.0.2.66, y=<",
    "x>, rip=192.0.2.66, lip=192.0.2.10, session=<S9",
    "x>, method=PLAIN, rip=192.0.2.66, lip=192.0.2.10, TLS, session=<S9>, user=<y",
    "(auth failed, 9 attempts): user=<x>, rip=192.0.2.66",
  ];
  for (const name of names) {
    for (const line of [
      `imap-login: Login: user=<${name}>, method=PLAIN, ${rest}`,
      `imap-login: Disconnected (auth failed, 2 attempts in 2 secs): user=<${name}>, ${rest}`,
      `imap-login: proxy(${name}): started proxying to 192.0.2.9:143: user=<${name}>, method=PLAIN, ${rest}`,
    ]) {
      const found = attempt(line);
      assert.deepEqual([found.address, found.key], ["203.0.113.5", "dovecot:S1"], line);
      if (line.includes("attempts in")) assert.deepEqual([found.account, found.count], [name, 2], line);
    }
  }
});

test("a certificate cannot forge the address or the session", () => {
  const text = "TLS: Received invalid SSL certificate: self-signed certificate: /CN=y>, rip=192.0.2.66, session=<S9>";
  const found = attempt(
    `imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<ok>, method=PLAIN, rip=203.0.113.5, lip=192.0.2.10, ${text}, session=<S1>`,
  );
  assert.deepEqual([found.account, found.address, found.key], ["ok", "203.0.113.5", "dovecot:S1"]);
});

test("a name cannot forge the address of an auth line", () => {
  for (const name of [
    "x,192.0.2.66): unknown user",
    "x,192.0.2.66,<S9>): unknown user",
    "x,192.0.2.66,master,<S9>): y",
    "a),192.0.2.66",
  ]) {
    const found = attempt(`auth: passwd-file(${name},203.0.113.5,<S1>): Password mismatch`);
    assert.deepEqual([found.account, found.address, found.key], [name, "203.0.113.5", "dovecot:S1"], name);
  }
  for (const name of [
    "x,192.0.2.66,sasl:plain)<S9>: sql: unknown user",
    "default): pam(x,192.0.2.66): y",
    "12): sql(x,192.0.2.66): y",
  ]) {
    const reading = read(`Nov 20 08:00:00 auth(${name},203.0.113.5,sasl:plain)<S1>: Info: sql: Password mismatch`);
    assert.ok(reading.kind === "evidence" && reading.address === "203.0.113.5" && reading.key === "dovecot:S1", name);
  }
});

test("a password in the log cannot forge the address", () => {
  const found = attempt(
    "auth: sql(a,203.0.113.5): Password mismatch (given password: x,192.0.2.66): Password mismatch)",
  );
  assert.deepEqual([found.account, found.address], ["a", "203.0.113.5"]);
});

test("a name that Dovecot refuses and repeats cannot forge the address", () => {
  const found = attempt(
    "auth: plain(?,203.0.113.5,<S1>): Username character disallowed by auth_username_chars: 0x2c (username: x,192.0.2.66,<S9>): y)",
  );
  assert.deepEqual([found.account, found.address, found.key], ["x,192.0.2.66,<S9>): y", "203.0.113.5", "dovecot:S1"]);
});

test("what a client says of itself is no sign-in", () => {
  const text = `imap-login: ID sent: name=x (auth failed, 9 attempts in 1 secs): user=<y>, rip=192.0.2.66: user=<>, ${rest}`;
  assert.equal(syslog(text).kind, "ignored");
});

test("a delivery that looks for its recipient is no sign-in, a wrong password without address is one", () => {
  assert.equal(syslog("auth-worker(1): sql(nobody@abbey.example): unknown user").kind, "ignored");
  const found = attempt("auth: passwd-file(hilde): Password mismatch");
  assert.deepEqual([found.account, found.address], ["hilde", ""]);
});

test("the own log file is read with its default time, ISO times and TAI64N labels", () => {
  const line = "imap-login: Info: Login: user=<bela>, rip=203.0.113.5, lip=192.0.2.10";
  for (const [stamp, expected] of [
    ["Nov 22 10:11:12", "2026-11-22T10:11:12.000Z"],
    ["Nov  2 10:11:12", "2026-11-02T10:11:12.000Z"],
    ["2026-11-22 10:11:12", "2026-11-22T10:11:12.000Z"],
    ["2026-11-22T10:11:12.5+01:00", "2026-11-22T09:11:12.500Z"],
    ["2026-11-22 10:11:12 +0100", "2026-11-22T09:11:12.000Z"],
    ["@400000004c91b044077a9e94", "2010-09-16T05:50:50.125Z"],
  ] as const) {
    const reading = read(`${stamp} ${line}`);
    assert.ok(reading.kind === "evidence", stamp);
    assert.equal(new Date(reading.at).toISOString(), expected, stamp);
  }
});

test("a login line that must be a sign-in and has no address is malformed", () => {
  const why = syslog("imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<a>, method=PLAIN");
  assert.deepEqual(why, { kind: "malformed", why: "no rip= field" });
});

test("exported events tell outcome, session and service", () => {
  const event = (fields: Record<string, string>) =>
    objectReader(dovecot)({ event: "auth_request_finished", end_time: "2026-11-20T08:00:00Z", fields });
  const base = { user: "amara", remote_ip: "203.0.113.5", mechanism: "PLAIN", service: "imap", session: "S1" };
  const good = event({ ...base, success: "yes" });
  assert.ok(good.kind === "evidence");
  assert.deepEqual(
    [good.outcome, good.account, good.address, good.service, good.key],
    ["success", "amara", "203.0.113.5", "imap", "dovecot:S1"],
  );
  for (const [fields, reason] of [
    [{}, "bad-password"],
    [{ error: "internal failure" }, "fault"],
    [{ policy_result: "refused" }, "policy"],
  ] as const) {
    const bad = event({ ...base, ...fields });
    assert.ok(bad.kind === "evidence" && bad.reason === reason, reason);
  }
  assert.equal(event({ user: "nobody", service: "lmtp" }).kind, "ignored");
});

test("lines of other programs and of no program are foreign", () => {
  for (const line of [
    "Nov 20 08:00:00 mail1 sshd[1]: Accepted password for amara from 203.0.113.5 port 22 ssh2",
    "imap-login: Login: user=<a>, rip=203.0.113.5",
    "2026-11-22 10:11:12 config: loaded",
    "",
  ]) {
    assert.equal(read(line).kind, "foreign", line);
  }
});
