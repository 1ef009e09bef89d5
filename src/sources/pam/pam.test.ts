import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Evidence } from "#/sources/source.ts";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { pamFailure, pamReason } from "./pam-fields.ts";
import { pam } from "./pam.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(pam, corpus);
fuzzSource(pam, corpus);

const read = (program: string, text: string) => lineReader(pam)(`Nov 20 08:00:00 host1 ${program}: ${text}`);

function attempt(program: string, text: string): Evidence {
  const reading = read(program, text);
  assert.ok(reading.kind === "evidence", text);
  return reading;
}

const head = "authentication failure; logname= uid=0 euid=0 tty=";

test("a refusal of a service without a source of its own waits for a better witness", () => {
  const found = attempt("filer[7]", `pam_unix(filer:auth): ${head} ruser= rhost=203.0.113.5  user=amara`);
  assert.deepEqual(
    [found.outcome, found.reason, found.account, found.address, found.channel, found.hold],
    ["failure", "bad-password", "amara", "203.0.113.5", "pam_unix", true],
  );
});

test("pam_unix names no account where it knows none", () => {
  const found = attempt("pure-ftpd", `pam_unix(pure-ftpd:auth): ${head}pure-ftpd ruser=nobody rhost=203.0.113.5 `);
  assert.deepEqual([found.reason, found.account, found.service], ["unknown-account", "nobody", "ftp"]);
});

test("one module's refusal and the next one's consent share a key", () => {
  const refused = attempt("filer[7]", `pam_unix(filer:auth): ${head} ruser= rhost=203.0.113.5  user=amara`);
  const text = "authentication success; logname= uid=0 euid=0 tty= ruser= rhost=203.0.113.5 user=amara";
  const accepted = attempt("filer[7]", `pam_sss(filer:auth): ${text}`);
  assert.deepEqual([accepted.outcome, accepted.account, accepted.address], ["success", "amara", "203.0.113.5"]);
  assert.equal(refused.key, accepted.key);
  assert.notEqual(refused.channel, accepted.channel);
});

test("who changes roles on a machine does not sign in, and sshd and Dovecot have sources of their own", () => {
  for (const program of ["sudo", "su", "CRON[1]", "systemd", "saslauthd[1]", "sshd[1]", "dovecot-auth"]) {
    const name = program.replace(/\[1\]/, "").toLowerCase();
    const reading = read(program, `pam_unix(${name}:auth): ${head} ruser=a rhost=  user=a`);
    assert.equal(reading.kind, "ignored", program);
  }
  assert.equal(read("filer", `pam_unix(sshd:auth): ${head}ssh ruser= rhost=203.0.113.5`).kind, "ignored");
});

test("a session is a sign-in at a screen, and not when a greeter or a service opens it", () => {
  assert.equal(attempt("login[1]", "pam_unix(login:session): session opened for user a by LOGIN(uid=0)").account, "a");
  const greeter = "pam_unix(gdm-launch-environment:session): session opened for user gdm by (uid=0)";
  assert.equal(read("gdm[1]", greeter).kind, "ignored");
});

test("a name cannot forge the host, wherever it stands", () => {
  for (const rest of [
    "ruser=test rhost=192.0.2.66 rhost=203.0.113.5",
    "ruser= rhost=203.0.113.5 user=test rhost=192.0.2.66",
    "ruser=x rhost=192.0.2.66 user=x rhost=203.0.113.5 user=x rhost=192.0.2.66 user=x",
    "ruser= rhost=203.0.113.5  user=x rhost=192.0.2.66  user=y",
  ]) {
    assert.equal(pamFailure(`${head} ${rest}`, 0)?.rhost, "203.0.113.5", rest);
  }
  // Where the typed name is the remote user, it is never empty.
  const typed = pamFailure(`${head}dovecot ruser= rhost=192.0.2.66 user=z rhost=203.0.113.5 `, 0);
  assert.equal(typed?.rhost, "203.0.113.5");
});

test("more hosts than a line can have are not all looked at", () => {
  const text = `${head} ruser=${" rhost=192.0.2.66".repeat(100_000)} rhost=203.0.113.5`;
  // Only what a line can have is counted; the rest would take minutes if each were tried.
  assert.notEqual(pamFailure(text, 0)?.rhost, "192.0.2.66");
});

test("PAM's own words give the reason", () => {
  for (const [words, reason] of [
    ["Authentication failure (password mismatch?)", "bad-password"],
    ["User not known to the underlying authentication module", "unknown-account"],
    ["Permission denied", "policy"],
    ["User account has expired", "expired"],
    ["Authentication token is no longer valid; new one required", "expired"],
    ["Have exhausted maximum number of retries for service", "locked"],
    ["Authentication service cannot retrieve authentication info", "fault"],
    ["Module is unknown", "fault"],
    ["authentication error", "bad-password"],
  ] as const) {
    assert.equal(pamReason(words), reason, words);
  }
});

test("lines that PAM did not write are foreign to it", () => {
  assert.equal(read("filer", "nothing").kind, "foreign");
});
