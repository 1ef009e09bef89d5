// A sample: a slow spray from many addresses, read 14 minutes after its log ends, with two accounts fallen.
import type { Campaign, Conclusion, Target } from "#/incidents/conclusion.ts";
import { minutes } from "#/platform/units.ts";
import { accountName, at, dayShape, file, originsOf, timelineOf } from "./sample-parts.ts";

export function sprayCampaign(): Campaign {
  const firstAttempt = at("2026-11-20T21:58:07Z");
  const lastAttempt = at("2026-11-21T04:38:51Z");
  const addresses = Array.from({ length: 388 }, (_, index) => {
    if (index % 9 === 8) return `2001:db8:${((index * 37) % 4096).toString(16)}::${(index + 1).toString(16)}`;
    return `${["192.0.2", "198.51.100", "203.0.113"][index % 3] ?? ""}.${1 + ((index * 5) % 254)}`;
  });
  const origins = originsOf([...new Set(addresses)], firstAttempt, lastAttempt, 11, 9);
  const attempts = origins.reduce((sum, origin) => sum + origin.attempts, 0);
  const targets: readonly Target[] = Array.from({ length: 214 }, (_, index) => ({
    account: accountName(index),
    attempts: index < 60 ? 4 : 2,
    exists: index % 13 !== 12,
    knewPassword: false,
  }));
  return {
    id: "C1",
    kind: "password-spraying",
    firstAttempt,
    lastAttempt,
    detectedAt: at("2026-11-20T22:24:31Z"),
    attemptsBeforeDetection: 37,
    attempts,
    origins,
    targets,
    fallen: [
      {
        account: accountName(4),
        at: at("2026-11-21T01:12:44Z"),
        address: "203.0.113.31",
        service: "imap",
        confidence: "confirmed",
        why: "The address had failed on 4 other accounts in the 20 minutes before, and this account never signed in from its network.",
      },
      {
        account: accountName(19),
        at: at("2026-11-21T03:40:02Z"),
        address: "198.51.100.77",
        service: "submission",
        confidence: "suspected",
        why: "First success from a network that this account never used, between failures of the same client; the address itself failed nowhere.",
      },
    ],
    services: ["imap", "submission"],
    confidence: "confirmed",
    why: [
      `Strangers failed ${attempts.toLocaleString("en-US")} times in 6 h 40 min; in the 16 hours before, never more than 4 times an hour.`,
      `${origins.length} addresses made ${(attempts / origins.length).toFixed(1)} attempts each, on 214 accounts in alphabetical order.`,
      'All named the same client ("imaplib/3.11"), which no successful sign-in of the past week had used.',
    ],
  };
}

export function spray(): Conclusion {
  const campaign = sprayCampaign();
  const from = "2026-11-20T06:00:03Z";
  return {
    kind: "attack",
    read: {
      files: [
        { ...file("/var/log/mail.log.1", "dovecot+postfix", 812_440, 9_913, from, "2026-11-20T23:59:58Z") },
        {
          ...file(
            "/var/log/mail.log",
            "dovecot+postfix",
            96_218,
            1_702,
            "2026-11-21T00:00:11Z",
            "2026-11-21T04:39:58Z",
          ),
          malformed: 2,
          leftOut: 0,
          ignored: 94_514,
          malformedLines: [
            {
              line: 40_112,
              why: "no rip= field",
              text: "Nov 21 01:02:03 mail dovecot: imap-login: Disconnected (auth failed, 1 attempts): user=<",
            },
            { line: 96_218, why: "cut short", text: "Nov 21 04:39:59 mail dovecot: imap-login: Aborted lo" },
          ],
          notes: ["The last line is cut short: the file was still being written."],
        },
      ],
      signIns: 11_615,
      failures: 1_366,
      accounts: 1_904,
      addresses: 2_760,
      areEstimates: false,
      zoneAssumed: "Europe/London",
    },
    campaigns: [campaign],
    knownPasswords: [],
    faults: [],
    findings: [
      {
        detector: "distributed",
        at: campaign.detectedAt,
        subject: "all sign-ins",
        why: "Failures of strangers rose above what chance explains: 37 in 26 minutes where 2 are usual.",
      },
      {
        detector: "one-source",
        at: at("2026-11-21T00:41:10Z"),
        subject: "203.0.113.31",
        why: "Failed on 5 accounts in 30 minutes and succeeded on none before.",
      },
    ],
    timeline: timelineOf(at("2026-11-20T06:00:00Z"), minutes(15), 91, 3, (share, hour) => ({
      successes: 160 * dayShape(hour),
      failures: 9 * dayShape(hour),
      unfamiliar: share > 0.7 ? 14 + 36 * Math.exp(-(((share - 0.86) / 0.07) ** 2)) : 0.4,
    })),
    blindSpots: [
      "No sign-ins were logged from 02:10 to 02:31 UTC: whether that is quiet or a gap in the log cannot be told.",
      "Only 15 hours before the attack were read, so networks that people use at weekends look unfamiliar.",
    ],
  };
}
