/**
 * Conclusions as scans come to them, invented: for the tests of everything that tells, and for the documentation. Names,
 * operators and addresses are made up (RFC 5737, RFC 3849, RFC 5398).
 */
import type { Conclusion, Origin } from "#/incidents/conclusion.ts";
import { hours, later, millis, minutes, seconds } from "#/platform/units.ts";
import { at, dayShape, file, timelineOf } from "./sample-parts.ts";
import { spray, sprayCampaign } from "./sample-spray.ts";

const shellNames = "root admin ubuntu test oracle git postgres deploy user ftp www backup".split(" ");

function sshBruteForce(): Conclusion {
  const firstAttempt = at("2026-11-18T02:14:09Z");
  const lastAttempt = at("2026-11-18T05:31:40Z");
  const span = { first: firstAttempt, last: lastAttempt, members: 0, networkMembers: 0 };
  return {
    kind: "attack",
    read: {
      files: [file("auth.log", "openssh", 52_310, 19_022, "2026-11-17T00:00:01Z", "2026-11-19T23:59:40Z")],
      signIns: 19_022,
      failures: 18_846,
      accounts: 63,
      addresses: 71,
      areEstimates: false,
      zoneAssumed: "UTC",
    },
    campaigns: [
      {
        id: "C1",
        kind: "password-guessing",
        firstAttempt,
        lastAttempt,
        detectedAt: at("2026-11-18T02:14:31Z"),
        attemptsBeforeDetection: 10,
        attempts: 18_442,
        origins: [
          { address: "203.0.113.9", attempts: 16_230, accounts: 41, ...span },
          { address: "2001:db8:66::9", attempts: 2_212, accounts: 12, ...span },
        ],
        targets: shellNames.map((account, index) => ({
          account,
          attempts: index === 0 ? 11_930 : 592,
          exists: ["root", "git", "postgres", "backup", "www"].includes(account),
          knewPassword: false,
        })),
        fallen: [],
        services: ["ssh"],
        confidence: "confirmed",
        why: ["203.0.113.9 failed 16,230 times in 3 h 17 min, 82 times a minute, and never succeeded."],
      },
    ],
    knownPasswords: [],
    faults: [],
    findings: [
      {
        detector: "one-source",
        at: at("2026-11-18T02:14:31Z"),
        subject: "203.0.113.9",
        why: "10 failures in 22 seconds.",
      },
    ],
    timeline: timelineOf(at("2026-11-17T00:00:00Z"), hours(1), 72, 5, (share, hour) => ({
      successes: 4 * dayShape(hour),
      failures: 1,
      unfamiliar: share > 0.36 && share < 0.41 ? 5_600 : 5,
    })),
    blindSpots: [],
  };
}

function outage(): Conclusion {
  return {
    kind: "fault",
    read: {
      files: [file("imap.log.zst", "dovecot", 310_882, 24_117, "2026-11-09T00:00:12Z", "2026-11-23T08:52:31Z")],
      signIns: 24_117,
      failures: 3_904,
      accounts: 1_650,
      addresses: 2_201,
      areEstimates: false,
      zoneAssumed: undefined,
    },
    campaigns: [],
    knownPasswords: [],
    faults: [
      {
        id: "F1",
        kind: "sign-in-outage",
        from: at("2026-11-23T07:58:14Z"),
        to: at("2026-11-23T08:52:30Z"),
        accountsAffected: 412,
        services: ["imap", "submission"],
        confidence: "confirmed",
        why: [
          "From 07:58 UTC familiar people failed 96% of the time, where they usually fail 2% of the time.",
          "3,102 of 3,219 failures name a temporary failure of the directory; no stranger failed more than usual.",
        ],
      },
    ],
    findings: [
      {
        detector: "fault",
        at: at("2026-11-23T08:01:40Z"),
        subject: "all sign-ins",
        why: "61 familiar accounts failed within 3 minutes; 1 is usual.",
      },
    ],
    timeline: timelineOf(at("2026-11-23T00:00:00Z"), minutes(5), 107, 8, (share, hour) => ({
      successes: (share > 0.9 ? 0.04 : 1) * 120 * dayShape(hour),
      failures: (share > 0.9 ? 2.4 : 0.02) * 120 * dayShape(hour),
      unfamiliar: 0.2,
    })),
    blindSpots: [],
  };
}

function attackAndFault(): Conclusion {
  const attack = spray();
  return {
    ...attack,
    kind: "attack-and-fault",
    faults: [
      {
        id: "F1",
        kind: "mass-lockout",
        from: at("2026-11-21T02:40:00Z"),
        to: at("2026-11-21T04:39:50Z"),
        accountsAffected: 61,
        services: ["imap"],
        confidence: "confirmed",
        why: [
          "61 accounts that the spray had tried were refused as locked when their holders signed in from where they always do.",
        ],
      },
    ],
  };
}

const quiet = (): Conclusion => ({
  kind: "quiet",
  read: {
    files: [file("mail.log", "dovecot", 402_118, 31_870, "2026-11-08T00:00:04Z", "2026-11-21T04:39:58Z")],
    signIns: 31_870,
    failures: 702,
    accounts: 1_204,
    addresses: 2_118,
    areEstimates: false,
    zoneAssumed: "UTC",
  },
  campaigns: [],
  knownPasswords: [],
  faults: [],
  findings: [],
  timeline: timelineOf(at("2026-11-08T00:00:00Z"), hours(3), 107, 9, (_, hour) => ({
    successes: 620 * dayShape(hour),
    failures: 12 * dayShape(hour),
    unfamiliar: 1,
  })),
  blindSpots: [
    "Client software is not in this log, so an attack from familiar networks with a new client would not stand out.",
  ],
});

const scant = (): Conclusion => ({
  kind: "quiet",
  read: {
    files: [file("auth.log", "openssh", 40, 3, "2026-11-21T04:01:00Z", "2026-11-21T04:03:12Z")],
    signIns: 3,
    failures: 3,
    accounts: 2,
    addresses: 1,
    areEstimates: false,
    zoneAssumed: "UTC",
  },
  campaigns: [],
  knownPasswords: [],
  faults: [],
  findings: [],
  timeline: {
    from: at("2026-11-21T04:01:00Z"),
    slot: seconds(60),
    slots: [{ successes: 0, failures: 3, unfamiliar: 3 }],
  },
  blindSpots: ["No successful sign-in is in this log: nothing can be said about who got in."],
});

/** Nothing was a sign-in at all. */
const nothing = (): Conclusion => ({
  kind: "quiet",
  read: { files: [], signIns: 0, failures: 0, accounts: 0, addresses: 0, areEstimates: false, zoneAssumed: undefined },
  campaigns: [],
  knownPasswords: [],
  faults: [],
  findings: [],
  timeline: { from: millis(0), slot: minutes(1), slots: [] },
  blindSpots: [],
});

/** What an attacker may put into every string that a log lets them choose. */
export const hostileStrings = [
  "\u001b[2J\u001b]0;owned\u0007\u009b31m",
  "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&",
  '=HYPERLINK("http://evil.example";"click")',
  "@SUM(1+1)*cmd|' /C calc'!A0",
  "moc.elpmaxe@nimda\u202e\u2066",
  "zero\u200bwidth\u200d\ufeff",
  `Z${"\u0300".repeat(400)}algo`,
  "x".repeat(5_000),
  "two\r\nlines\tand a tab\u0000\u2028",
  "漢字のとても長い名前".repeat(30),
  "\ud800 lone",
  "",
  "   ",
  "-1+1;=2",
] as const;

function hostile(): Conclusion {
  const base = spray();
  const campaign = sprayCampaign();
  const pick = (index: number): string => hostileStrings[index % hostileStrings.length] ?? "";
  const first = base.campaigns[0]?.firstAttempt ?? at("2026-11-20T21:58:07Z");
  const origin = (address: string): Origin => ({
    address,
    attempts: 2,
    accounts: 2,
    first,
    last: later(first, minutes(5)),
    members: 0,
    networkMembers: 0,
  });
  return {
    ...base,
    read: {
      ...base.read,
      files: hostileStrings.map((text) => ({
        ...file(text, "dovecot", 9, 9, "2026-11-20T06:00:03Z", "2026-11-21T04:39:58Z"),
        malformed: 1,
        notes: [text],
        malformedLines: [{ line: 1, why: text, text }],
      })),
    },
    campaigns: [
      {
        ...campaign,
        origins: hostileStrings.map(origin),
        targets: hostileStrings.map((account, index) => ({
          account,
          attempts: 3,
          exists: index % 2 === 0,
          knewPassword: index % 3 === 0,
        })),
        fallen: hostileStrings.map((account, index) => ({
          account,
          at: later(first, minutes(index)),
          address: pick(index + 1),
          service: pick(index + 2),
          confidence: index % 2 === 0 ? "probable" : "suspected",
          why: pick(index + 3),
        })),
        services: [...hostileStrings],
        why: [...hostileStrings],
      },
    ],
    knownPasswords: hostileStrings.map((account, index) => ({
      account,
      at: first,
      addresses: [pick(index + 1)],
      refusals: 3,
      confidence: index % 2 === 0 ? "probable" : "suspected",
      why: pick(index + 2),
    })),
    faults: hostileStrings.map((text, index) => ({
      id: `F${index + 1}`,
      kind: text,
      from: first,
      to: later(first, minutes(9)),
      accountsAffected: 4,
      services: [text],
      confidence: "confirmed",
      why: [text],
    })),
    findings: hostileStrings.map((text) => ({ detector: "one-source", at: first, subject: text, why: text })),
    blindSpots: [...hostileStrings],
    kind: "attack-and-fault",
  };
}

/** One of each, made anew for whoever asks. */
export const samples = {
  spray,
  sshBruteForce,
  outage,
  attackAndFault,
  quiet,
  scant,
  nothing,
  hostile,
} as const satisfies Record<string, () => Conclusion>;
