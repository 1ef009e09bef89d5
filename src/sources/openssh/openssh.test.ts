import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { millis } from "#/platform/units.ts";
import { LocalTime } from "#/sources/local-time.ts";
import type { Context, Evidence, Reading } from "#/sources/source.ts";
import { Join } from "#/sources/reading/join.ts";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { openssh } from "./openssh.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(openssh, corpus);
fuzzSource(openssh, corpus);

const syslog = (text: string, pid = 4711): string => `Nov 23 10:00:00 gate sshd[${pid}]: ${text}`;

function witness(text: string): Evidence {
  const reading = lineReader(openssh)(syslog(text));
  assert.equal(reading.kind, "evidence", text);
  return reading;
}

/** What the contract of keys and channels makes of lines: per key, the channel that saw the most. */
function attempts(texts: readonly string[]): { readonly failures: number; readonly successes: number } {
  const read = lineReader(openssh);
  const sums = new Map<string, Map<string, number>>();
  for (const text of texts) {
    const reading = read(syslog(text));
    if (reading.kind !== "evidence") continue;
    const channels = sums.get(reading.outcome) ?? new Map<string, number>();
    channels.set(reading.channel, (channels.get(reading.channel) ?? 0) + reading.count);
    sums.set(reading.outcome, channels);
  }
  const most = (outcome: string): number => Math.max(0, ...(sums.get(outcome)?.values() ?? []));
  return { failures: most("failure"), successes: most("success") };
}

test("one attempt at an invalid name counts once, however many lines sshd and PAM write about it", () => {
  const lines = [
    "Invalid user oracle from 192.0.2.7 port 4242",
    "input_userauth_request: invalid user oracle [preauth]",
    "Failed none for invalid user oracle from 192.0.2.7 port 4242 ssh2",
    "pam_unix(sshd:auth): check pass; user unknown",
    "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7 ",
    "Failed password for invalid user oracle from 192.0.2.7 port 4242 ssh2",
    "Connection closed by invalid user oracle 192.0.2.7 port 4242 [preauth]",
  ];
  assert.deepEqual(attempts(lines), { failures: 1, successes: 0 });
});

test("three failed passwords of one connection count three, with all that PAM says of them", () => {
  const failed = "Failed password for root from 192.0.2.7 port 4242 ssh2";
  const lines = [
    "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root",
    failed,
    `message repeated 2 times: [ ${failed}]`,
    "Disconnecting authenticating user root 192.0.2.7 port 4242: Too many authentication failures [preauth]",
    "PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root",
  ];
  assert.deepEqual(attempts(lines), { failures: 3, successes: 0 });
});

test("keyboard-interactive answers and passwords of one connection add up", () => {
  const lines = [
    "error: PAM: Authentication failure for root from 192.0.2.7",
    "error: PAM: Authentication failure for root from 192.0.2.7",
    "error: PAM: Authentication failure for root from 192.0.2.7",
    "Failed keyboard-interactive/pam for root from 192.0.2.7 port 4242 ssh2",
    "Failed password for root from 192.0.2.7 port 4242 ssh2",
    "Failed password for root from 192.0.2.7 port 4242 ssh2",
  ];
  assert.equal(attempts(lines).failures, 5);
});

test("PAM's line under another process id, as keyboard-interactive has it, adds none", () => {
  let failures = 0;
  const joined = new Join(({ count }) => {
    failures += count;
  });
  const read = lineReader(openssh);
  for (const line of [
    syslog(
      "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root",
      4713,
    ),
    syslog("error: PAM: Authentication failure for root from 192.0.2.7", 4711),
  ]) {
    const reading = read(line);
    if (reading.kind === "evidence") joined.add(reading, openssh);
  }
  joined.end();
  assert.equal(failures, 1);
});

test("the keys that a client offers by itself are one attempt, and a weak witness of it", () => {
  const offer = (key: string): string => `Failed publickey for jane from 192.0.2.7 port 4242 ssh2: RSA SHA256:${key}`;
  assert.equal(attempts([offer("aaa"), offer("bbb"), offer("ccc")]).failures, 1);
  for (const text of [offer("aaa"), "Failed none for jane from 192.0.2.7 port 4242 ssh2"]) {
    assert.equal(witness(text).hold, true);
  }
  assert.equal(witness("Failed password for jane from 192.0.2.7 port 4242 ssh2").hold, false);
});

test("the lines of one connection share a key, on any of sshd's programs", () => {
  const read = lineReader(openssh);
  const keys = [
    "Nov 23 10:00:00 gate sshd[77]: Invalid user x from 192.0.2.7 port 4242",
    "Nov 23 10:00:00 gate sshd-session[77]: Failed password for invalid user x from 192.0.2.7 port 4242 ssh2",
    "Nov 23 10:00:01 gate sshd-auth[77]: Connection closed by invalid user x 192.0.2.7 port 4242 [preauth]",
  ].map((line) => (read(line) as Evidence).key);
  assert.deepEqual(keys, ["openssh:gate:77", "openssh:gate:77", "openssh:gate:77"]);
});

test("a container's output without process ids is joined by the caller's port", () => {
  const at = millis(Date.UTC(2026, 10, 23));
  const context: Context = { time: new LocalTime("UTC", at) };
  const read = (text: string): Reading | undefined =>
    openssh.line?.({ at, host: "", program: "", pid: "", text }, context);
  for (const text of [
    "Invalid user x from 192.0.2.7 port 4242",
    "Failed password for invalid user x from 192.0.2.7 port 4242 ssh2",
  ]) {
    const reading = read(text);
    assert.ok(reading?.kind === "evidence");
    assert.equal(reading.key, "openssh::192.0.2.7:4242");
  }
  assert.equal(read("Connected to the database")?.kind, "foreign");
});

test("no name, key, host or request that imitates sshd's words yields the address in it", () => {
  const FORGED = "192.0.2.66";
  const name = "x from 192.0.2.66 port 22 ssh2";
  const key = "RSA SHA256:q0Vh2mJx8Rk5s3Fz1cLwYt7uPbNeGdAiXoTrKvMlHyE";
  const certificate = `RSA-CERT SHA256:q0Vh2mJx8Rk5s3Fz1cLwYt7uPbNeGdAiXoTrKvMlHyE ID ${name}: ${key} (serial 0) CA ${key}`;
  const names = [
    name,
    `${name}: ${key}`,
    `${name}: y`,
    "192.0.2.66 port 22 [preauth]",
    "192.0.2.66",
    "x 192.0.2.66 port 22: Too many authentication failures",
  ];
  for (const forged of names) {
    const place = "from 203.0.113.9 port 4242";
    const lines = [
      `Failed password for invalid user ${forged} ${place} ssh2`,
      `Failed publickey for invalid user ${forged} ${place} ssh2: ${key}`,
      `Failed publickey for invalid user ${forged} ${place} ssh2: ${certificate}`,
      `Failed hostbased for invalid user ${forged} ${place} ssh2: ${key}, client user "${forged}", client host "${forged}"`,
      `Invalid user ${forged} ${place}`,
      `Invalid user ${forged} from 203.0.113.9`,
      `error: PAM: Authentication failure for illegal user ${forged} from 203.0.113.9`,
      `error: maximum authentication attempts exceeded for invalid user ${forged} ${place} ssh2 [preauth]`,
      `Connection closed by invalid user ${forged} 203.0.113.9 port 4242 [preauth]`,
      `Disconnecting invalid user ${forged} 203.0.113.9 port 4242: Too many authentication failures [preauth]`,
      `Disconnecting invalid user ${forged} 203.0.113.9 port 4242: Change of username or service not allowed: (${forged},s) -> (${forged},s) [preauth]`,
    ];
    for (const line of lines) {
      const reading = lineReader(openssh)(syslog(line));
      if (reading.kind === "evidence") assert.ok(["203.0.113.9", ""].includes(reading.address), line);
      assert.ok(!JSON.stringify({ ...reading, account: "", channel: "" }).includes(FORGED), line);
    }
  }
});

test("a password's line ends in the address, whatever the name says before it", () => {
  const found = witness(
    "Failed password for invalid user x from 192.0.2.66 port 1 ssh2: y from 203.0.113.9 port 4242 ssh2",
  );
  assert.equal(found.address, "203.0.113.9");
  assert.equal(found.account, "x from 192.0.2.66 port 1 ssh2: y");
});

test("a line that sshd cut at its limit is not believed about the address", () => {
  const head = "Connection closed by invalid user ";
  const tail = " 192.0.2.66 port 22 [preauth]";
  const cut = head + "\\001".repeat(100) + "x".repeat(500 - head.length - 400 - tail.length) + tail;
  assert.equal(cut.length, 500);
  assert.equal(lineReader(openssh)(syslog(cut)).kind, "ignored");
  const key = "Failed publickey for invalid user x from 203.0.113.9 port 4242 ssh2: RSA-CERT SHA256:abc ID ";
  const end = " from 192.0.2.66 port 22 ssh2";
  assert.equal(witness(key + "y".repeat(500 - key.length - end.length) + end).address, "");
});

test("escapes are undone in names, so that sshd's and PAM's spelling agree", () => {
  assert.equal(witness("Invalid user caf\\303\\251 from 192.0.2.7 port 4242").account, "café");
  assert.equal(witness("Accepted password for EXAMPLE\\\\jane from 192.0.2.7 port 4242 ssh2").account, "EXAMPLE\\jane");
});

test("what names no account is no sign-in", () => {
  const texts = [
    "Did not receive identification string from 192.0.2.7 port 1",
    "Bad protocol version identification 'x' from 192.0.2.66' from 192.0.2.7 port 1",
    "Unable to negotiate with 192.0.2.7 port 1: no matching cipher found. Their offer: x [preauth]",
    "banner exchange: Connection from 192.0.2.7 port 1: invalid format",
    "Connection closed by 192.0.2.7 port 1 [preauth]",
    "Received disconnect from 192.0.2.7 port 1:11: Bye Bye [preauth]",
    "Disconnected from user jane 192.0.2.7 port 1",
    "Connection from 192.0.2.7 port 1 on 198.51.100.5 port 22",
  ];
  for (const text of texts) assert.match(lineReader(openssh)(syslog(text)).kind, /^(?:ignored|placed)$/, text);
});

test("why sshd said no is kept", () => {
  const reasons = [
    ["Invalid user x from 192.0.2.7", "unknown-account"],
    ["User x not allowed because account is locked", "locked"],
    ["User x not allowed because shell /bin/x does not exist", "disabled"],
    ["User x from 192.0.2.7 not allowed because listed in DenyUsers", "policy"],
    ["ROOT LOGIN REFUSED FROM 192.0.2.7 port 1", "policy"],
    ["pam_unix(sshd:account): account x has expired (account expired)", "expired"],
    ["pam_sss(sshd:auth): received for user x: 4 (System error)", "fault"],
    ["error: PAM: Authentication service cannot retrieve authentication info for x from 192.0.2.7", "fault"],
    ["Failed Duo login for 'x' from 192.0.2.7: denied", "second-factor"],
    ["Failed password for x from 192.0.2.7 port 1 ssh2", "bad-password"],
  ] as const;
  for (const [text, reason] of reasons) assert.equal(witness(text).reason, reason, text);
});

test("PAM's host is the one that sshd gave, not one in a name", () => {
  const found = witness(
    "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=x rhost=192.0.2.66",
  );
  assert.equal(found.address, "192.0.2.7");
  assert.equal(found.account, "x rhost=192.0.2.66");
});

test("a failed password without a readable address is malformed, with the reason", () => {
  assert.deepEqual(lineReader(openssh)(syslog("Failed password for root")), {
    kind: "malformed",
    why: "no address at the end",
  });
});

test("how a connection ended says where its attempts came from, and is none itself", () => {
  const read = lineReader(openssh);
  for (const text of [
    "Received disconnect from 192.0.2.7: 11: Bye Bye [preauth]",
    "error: Received disconnect from 192.0.2.7 port 4242:11: Bye Bye [preauth]",
    "Connection closed by 192.0.2.7 [preauth]",
    "Connection closed by 192.0.2.7 port 4242 [preauth]",
    "Connection reset by 192.0.2.7",
  ])
    assert.deepEqual(read(syslog(text)), { kind: "placed", key: "openssh:gate:4711", address: "192.0.2.7" }, text);
  for (const text of [
    "Connection closed by UNKNOWN",
    "Disconnecting 192.0.2.66 port 4242: Too many",
    "Received disconnect from x: 11: from 192.0.2.66: 11: Bye",
  ])
    assert.equal(read(syslog(text)).kind, "ignored", text);
});
