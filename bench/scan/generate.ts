/**
 * node24 bench/scan/generate.ts [--lines N] [--seed N] [--format openssh|dovecot-2.3] [--out FILE]
 * A seeded log of exactly so many lines for measuring speed: an institution's sessions and successes, a busy internet, slow
 * and loud attackers, and every sixth line or so from somebody else on the same machine.
 */
import { closeSync, openSync, utimesSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { sshBruteForce } from "../../sim/attackers/guessing.ts";
import { classicSpray, slowSpray } from "../../sim/attackers/spray.ts";
import { formatNamed } from "../../sim/formats/formats.ts";
import { LogWriter } from "../../sim/formats/log-writer.ts";
import { Rng } from "../../sim/rng.ts";
import type { Scenario } from "../../sim/scenarios/scenario.ts";
import { Simulation } from "../../sim/simulate.ts";

/** As busy for its size, whatever the size. */
const busy = (accounts: number): Scenario => ({
  name: "bench",
  title: "Everything at once",
  conclusion: "attack",
  background: [accounts / 2],
  attacks: () => [
    sshBruteForce(),
    sshBruteForce(),
    classicSpray({ addresses: [1, 8], rounds: [1, 2] }),
    slowSpray({ perDay: [accounts / 5, accounts / 2], perAddress: [1, 3] }),
  ],
});

/** Lines that an account leaves in two weeks at least, roughly. */
const linesPerAccount: Readonly<Record<string, number>> = { openssh: 115, "dovecot-2.3": 40, "dovecot-2.4": 40 };

/** What other programs write between: [share, program and message]. "#" becomes a number. */
const others = [
  "CRON[#]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)",
  "CRON[#]: (root) CMD (test -x /usr/sbin/anacron || run-parts --report /etc/cron.hourly)",
  "systemd[1]: Started session-#.scope - Session # of User anna.keller.",
  "systemd-logind[611]: New session # of user anna.keller.",
  "kernel: [#.302011] TCP: request_sock_TCP: Possible SYN flooding on port 993. Sending cookies.",
  "postfix/qmgr[1187]: 4F1C2#: from=<press@parliament.example>, size=#, nrcpt=1 (queue active)",
  "postfix/smtpd[#]: connect from mail.partner.example[192.0.2.25]",
  "dovecot: lmtp(ada.abel@parliament.example)<#><ab12>: sieve: stored mail into mailbox 'INBOX'",
  "sshd[#]: error: kex_exchange_identification: Connection closed by remote host",
  "sshd[#]: Received disconnect from 203.0.113.9 port #:11: Bye Bye [preauth]",
] as const;
const othersShare = 0.18;

export function generate(format: string, lines: number, seed: number, file: string): void {
  const perAccount = linesPerAccount[format];
  if (perAccount === undefined) throw new RangeError(`no such log here: ${format}`);
  // Institutions differ; one that falls short is followed by a larger one.
  for (let accounts = Math.max(100, Math.ceil(lines / perAccount)); ; accounts = Math.ceil(accounts * 1.3)) {
    if (write(format, lines, seed, file, accounts)) return;
  }
}

/** Answers whether there was enough to write. */
function write(format: string, lines: number, seed: number, file: string, accounts: number): boolean {
  const simulation = new Simulation(busy(accounts), { seed, accounts, days: 14 });
  const rng = new Rng(seed).fork("others");
  const descriptor = openSync(file, "w");
  let chunk = "";
  let left = lines;
  const put = (line: string): void => {
    if (left === 0) return;
    left -= 1;
    chunk += `${line}\n`;
    if (chunk.length < 1 << 20 && left > 0) return;
    const bytes = Buffer.from(chunk);
    for (let from = 0; from < bytes.length;) from += writeSync(descriptor, bytes, from);
    chunk = "";
  };
  const settings = { isoTimes: false, rng: new Rng(seed).fork("log") };
  const writer = new LogWriter(formatNamed(format), settings, (line) => {
    put(line);
    // "Nov 23 10:00:00" is fifteen characters; the same host would be right, too, but one for all is enough.
    if (rng.chance(othersShare))
      put(`${line.slice(0, 15)} mail1 ${rng.pick(others).replaceAll("#", () => String(rng.int(90_000) + 1000))}`);
  });
  let last = simulation.world.from;
  for (const simulated of simulation) {
    if (left === 0) break;
    last = simulated.signIn.at;
    writer.add(simulated);
  }
  if (left > 0) writer.end();
  closeSync(descriptor);
  utimesSync(file, last / 1000, last / 1000);
  return left === 0;
}

function main(): void {
  const { values } = parseArgs({
    options: {
      lines: { type: "string", default: "1000000" },
      seed: { type: "string", default: "1" },
      format: { type: "string", default: "openssh" },
      out: { type: "string" },
    },
  });
  const file = values.out ?? `${values.format}-${values.lines}.log`;
  generate(values.format, Number(values.lines), Number(values.seed), file);
  process.stderr.write(`${file}: ${values.lines} lines\n`);
}

if (import.meta.main) main();
