import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { vsftpd } from "./vsftpd.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(vsftpd, corpus);
fuzzSource(vsftpd, corpus);

const own = (text: string): string => `Mon Nov 23 08:00:00 2026 [pid 3100] ${text}`;

test("no name, file name or anonymous password that imitates vsftpd's words yields the address in it", () => {
  const lines = [
    '[x] OK LOGIN: Client "192.0.2.66"] FAIL LOGIN: Client "203.0.113.9"',
    '[x] FAIL LOGIN: Client "192.0.2.66"] FAIL LOGIN: Client "203.0.113.9"',
    '[jane] OK DELETE: Client "203.0.113.9", "/x] FAIL LOGIN: Client "192.0.2.66"',
    '[ftp] OK LOGIN: Client "203.0.113.9", anon password "x] FAIL LOGIN: Client "192.0.2.66""',
    '[x] FAIL LOGIN: Client "203.0.113.9", anon password "x] FAIL LOGIN: Client "192.0.2.66""',
    '[x] FTP response: Client "192.0.2.66", "] FTP response: Client "203.0.113.9", "530 Permission denied."',
  ];
  for (const line of lines) {
    assert.ok(!JSON.stringify(lineReader(vsftpd)(own(line))).includes("192.0.2.66"), line);
  }
});

test("a failure of the process that PAM ran in shares its key, whatever the file", () => {
  const read = lineReader(vsftpd);
  const pamLine =
    "Nov 23 08:00:00 files vsftpd[3100]: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=jane rhost=192.0.2.10  user=jane";
  const readings = [read(own('[jane] FAIL LOGIN: Client "192.0.2.10"')), read(pamLine)];
  assert.deepEqual(
    readings.map((reading) => (reading.kind === "evidence" ? [reading.key, reading.hold] : reading.kind)),
    [
      ["vsftpd:3100", false],
      ["vsftpd:3100", true],
    ],
  );
});

test("an anonymous visit is no sign-in, a user off the list is refused by policy", () => {
  const read = lineReader(vsftpd);
  assert.equal(read(own('[ftp] OK LOGIN: Client "192.0.2.12", anon password "a@example.org"')).kind, "ignored");
  const refused = read(own('[guest] FAIL LOGIN: Client "192.0.2.1", "User is not in the allow user list."'));
  assert.ok(refused.kind === "evidence" && refused.reason === "policy");
});
