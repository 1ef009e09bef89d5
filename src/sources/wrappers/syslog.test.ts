import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { millis } from "#/platform/units.ts";
import { LocalTime, isoTime } from "#/sources/local-time.ts";
import type { Entry } from "#/sources/source.ts";
import { SyslogHeader } from "./syslog.ts";

const NOW = millis(Date.UTC(2026, 10, 23, 12));
const blank = (): Entry => ({ at: undefined, host: "", program: "", pid: "", text: "" });

/** What the header gives, the time as text; undefined where there is none. */
function unwrap(line: string, zone = "UTC"): readonly (string | undefined)[] | undefined {
  const entry = blank();
  if (!new SyslogHeader(new LocalTime(zone, NOW)).unwrap(line, entry)) return undefined;
  return [
    entry.at === undefined ? undefined : new Date(entry.at).toISOString(),
    entry.host,
    entry.program,
    entry.pid,
    entry.text,
  ];
}

const cases: readonly (readonly [name: string, line: string, expected: readonly string[]])[] = [
  [
    "RFC 3164",
    "Nov 20 06:55:46 mx1 sshd[24200]: Hello: there",
    ["2026-11-20T06:55:46.000Z", "mx1", "sshd", "24200", "Hello: there"],
  ],
  ["a day of one digit", "Nov  2 06:55:46 mx1 sshd[1]: x", ["2026-11-02T06:55:46.000Z", "mx1", "sshd", "1", "x"]],
  ["a day without its blank", "Nov 2 06:55:46 mx1 sshd[1]: x", ["2026-11-02T06:55:46.000Z", "mx1", "sshd", "1", "x"]],
  ["last year's month", "Dec 10 06:55:46 mx1 sshd[1]: x", ["2025-12-10T06:55:46.000Z", "mx1", "sshd", "1", "x"]],
  ["a priority", "<86>Nov 20 06:55:46 mx1 sshd[1]: x", ["2026-11-20T06:55:46.000Z", "mx1", "sshd", "1", "x"]],
  ["a fraction", "Nov 20 06:55:46.123456 mx1 sshd[1]: x", ["2026-11-20T06:55:46.000Z", "mx1", "sshd", "1", "x"]],
  ["no host", "Nov 20 06:55:46 sshd[1]: x y", ["2026-11-20T06:55:46.000Z", "", "sshd", "1", "x y"]],
  [
    "no process",
    "Nov 20 06:55:46 mx1 dovecot: imap-login: x",
    ["2026-11-20T06:55:46.000Z", "mx1", "dovecot", "", "imap-login: x"],
  ],
  [
    "a path and capitals",
    "Nov 20 06:55:46 mx1 /usr/sbin/SSHD[1]: x",
    ["2026-11-20T06:55:46.000Z", "mx1", "sshd", "1", "x"],
  ],
  [
    "a program with a slash",
    "Nov 20 06:55:46 mx1 postfix/smtpd[1]: x",
    ["2026-11-20T06:55:46.000Z", "mx1", "postfix/smtpd", "1", "x"],
  ],
  [
    "no program",
    "Nov 20 06:55:46 mx1 last message repeated 2 times",
    ["2026-11-20T06:55:46.000Z", "mx1", "", "", "last message repeated 2 times"],
  ],
  ["a year", "Sep  8 2022 07:46:30 mx1 sshd[1]: x", ["2022-09-08T07:46:30.000Z", "mx1", "sshd", "1", "x"]],
  ["busybox", "Nov 20 06:55:46 mx1 authpriv.info sshd[1]: x", ["2026-11-20T06:55:46.000Z", "mx1", "sshd", "1", "x"]],
  [
    "OpenWrt",
    "Mon Sep  8 07:46:30 2025 authpriv.info dropbear[8]: x",
    ["2025-09-08T07:46:30.000Z", "", "dropbear", "8", "x"],
  ],
  [
    "an ISO time",
    "2026-11-20T06:55:46.123456+01:00 mx1 sshd[1]: x",
    ["2026-11-20T05:55:46.123Z", "mx1", "sshd", "1", "x"],
  ],
  ["an ISO time in UTC", "2026-11-20T06:55:46Z mx1 sshd[1]: x", ["2026-11-20T06:55:46.000Z", "mx1", "sshd", "1", "x"]],
  [
    "RFC 5424",
    '<34>1 2026-11-20T06:55:46.5Z mx1 sshd 42 ID1 [a@1 b="c\\"] d"][e f="g"] \ufeffHello',
    ["2026-11-20T06:55:46.500Z", "mx1", "sshd", "42", "Hello"],
  ],
  [
    "RFC 5424 with nothing in it",
    "<34>1 2026-11-20T06:55:46Z - - - - - Hello",
    ["2026-11-20T06:55:46.000Z", "", "", "", "Hello"],
  ],
  [
    "RFC 5424 without priority",
    "1 2026-11-20T06:55:46Z mx1 SSHD 1 - - x",
    ["2026-11-20T06:55:46.000Z", "mx1", "sshd", "1", "x"],
  ],
];

for (const [name, line, expected] of cases) {
  test(`a syslog header with ${name} is taken off`, () => assert.deepEqual(unwrap(line), expected));
}

test("what is no header is left alone", () => {
  const lines = [
    "",
    "x",
    "Nov",
    "Nov 20",
    "Nov 20 06:55:46",
    "Nov 20 06:55:46 ",
    "Xyz 20 06:55:46 mx1 sshd[1]: x",
    "Nov 20 06:55:99 mx1 sshd[1]: x",
    "Nov 31 06:55:46 mx1 sshd[1]: x",
    "<999999>Nov 20 06:55:46 mx1 sshd[1]: x",
    "<>",
    "<34>1 yesterday mx1 sshd 1 - - x",
    '<34>1 2026-11-20T06:55:46Z mx1 sshd 1 - [a b="c x',
    "2026-11-20 06:55:46 imap-login: Info: Login",
    "2026-13-20T06:55:46Z mx1 sshd[1]: x",
    "1 2 3 4 5 6 7 8",
  ];
  for (const line of lines) assert.equal(unwrap(line), undefined, line);
});

test("a name in the message that imitates a header changes nothing", () => {
  const line = "Nov 20 06:55:46 mx1 sshd[1]: Invalid user Nov 20 06:55:46 mx2 sshd[2]: root from 192.0.2.1";
  assert.deepEqual(unwrap(line)?.slice(1), [
    "mx1",
    "sshd",
    "1",
    "Invalid user Nov 20 06:55:46 mx2 sshd[2]: root from 192.0.2.1",
  ]);
});

test("a facility is taken for one only where it stands before the program, and once", () => {
  assert.deepEqual(unwrap("Nov 20 06:55:46 mx1 auth.info auth.info sshd[1]: x")?.slice(2), [
    "",
    "",
    "auth.info sshd[1]: x",
  ]);
  assert.deepEqual(unwrap("Nov 20 06:55:46 mx1 auth.info: x")?.slice(2), ["auth.info", "", "x"]);
});

test("times are read in the zone of the file, minute by minute and over New Year", () => {
  const header = new SyslogHeader(new LocalTime("Europe/London", millis(Date.UTC(2026, 6, 10))));
  const times = ["Dec 31 23:59:59", "Jan  1 00:00:01", "Jan  1 00:00:02", "Jul  1 00:00:00", "Jul  1 00:01:00"].map(
    (stamp) => {
      const entry = blank();
      assert.ok(header.unwrap(`${stamp} mx1 sshd[1]: x`, entry));
      return new Date(entry.at ?? 0).toISOString();
    },
  );
  assert.deepEqual(times, [
    "2025-12-31T23:59:59.000Z",
    "2026-01-01T00:00:01.000Z",
    "2026-01-01T00:00:02.000Z",
    "2026-06-30T23:00:00.000Z",
    "2026-06-30T23:01:00.000Z",
  ]);
});

test("the remembered minute and names give what a fresh reader gives, line by line", () => {
  const stamp = fc.oneof(
    fc.constantFrom("Nov 20 06:55:46", "Nov 20 06:56:01", "Nov  2 06:55:46", "Nov 2 06:55:46", "Nov 20 06:55:6x"),
    fc
      .tuple(
        fc.constantFrom("2026-11-20T06:55", "2026-11-20T06:56", "2026-11-20T26:55"),
        fc.constantFrom("00", "59", "60", "61", "5"),
        fc.constantFrom("", ".", ".1", ".123", ".123456789", ".1234567890"),
        fc.constantFrom("", "Z", "+01:00", "+0100", "-05", "+1", "Zx"),
      )
      .map(([minute, second, fraction, zone]) => `${minute}:${second}${fraction}${zone}`),
  );
  const names = fc.constantFrom(
    "mx1 sshd[7]:",
    "mx1 sshd:",
    "mx1 sshd",
    "mx12 sshd[7]:",
    "sshd[7]:",
    "mx1 sshd[",
    "mx1 auth.info sshd[7]:",
    "mx1 sshd[]x",
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(stamp, names), { maxLength: 30 }), (lines) => {
      const header = new SyslogHeader(new LocalTime("UTC", NOW));
      for (const [at, name] of lines) {
        const line = `${at} ${name} text`;
        const [reused, fresh] = [blank(), blank()];
        const found = header.unwrap(line, reused);
        assert.equal(found, new SyslogHeader(new LocalTime("UTC", NOW)).unwrap(line, fresh), line);
        if (!found) continue;
        assert.deepEqual(reused, fresh, line);
        if (at.includes("T")) assert.equal(reused.at, isoTime(at, new LocalTime("UTC", NOW)), line);
      }
    }),
    { numRuns: 500 },
  );
});
