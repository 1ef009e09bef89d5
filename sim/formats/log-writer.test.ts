import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Rng } from "../rng.ts";
import { simulate } from "../simulate.ts";
import type { Simulated, Truth } from "../simulated.ts";
import { formatNamed, formats } from "./formats.ts";
import { labelsOf } from "./labels.ts";
import { LogWriter } from "./log-writer.ts";
import { Untidy } from "./untidy.ts";

type Written = { readonly lines: readonly string[]; readonly stream: readonly Simulated[]; readonly truth: Truth };

function write(scenario: string, format: string, isoTimes = true): Written {
  const simulation = simulate(scenario, { seed: 6, accounts: 400, days: 9 });
  const lines: string[] = [];
  const stream: Simulated[] = [];
  const writer = new LogWriter(formatNamed(format), { isoTimes, rng: new Rng(1) }, (line) => lines.push(line));
  for (const simulated of simulation) {
    stream.push(simulated);
    writer.add(simulated);
  }
  writer.end();
  assert.equal(writer.lines, lines.length);
  return { lines, stream, truth: simulation.truth() };
}

test("a family's name, and a program's, stand for a format", () => {
  assert.deepEqual([formatNamed("dovecot").id, formatNamed("sshd").id], ["dovecot-2.3", "openssh"]);
  assert.throws(() => formatNamed("abacus"), /There are: dovecot-2\.3/);
});

/** Time, host, and what it says. */
const split = (line: string): string[] => /^(\S+) (\S+) (.*)$/.exec(line)?.slice(1) ?? [];

const count = (lines: readonly string[], pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;

function sum(lines: readonly string[], pattern: RegExp): number {
  return lines.reduce((total, line) => total + Number(pattern.exec(line)?.[1] ?? 0), 0);
}

describe("a written log", () => {
  for (const { id } of formats) {
    test(`${id} is the same for the same seed, in the order of its times, one line a line`, () => {
      const { lines } = write("spray-and-outage", id);
      assert.deepEqual(write("spray-and-outage", id).lines, lines);
      const times = lines.flatMap(
        (line) => /^\d{4}-[^ ,]+|(?<="createdDateTime":")[^"]+|(?<="time":"?)\d[^",]+/.exec(line) ?? [],
      );
      assert.ok(times.length >= lines.length - 1);
      assert.deepEqual(times, [...times].sort());
      assert.ok(lines.every((line) => !line.includes("\n") && !line.includes("undefined")));
    });
  }

  test("dovecot with auth lines says every failure once there, and every connection once at its end", () => {
    for (const id of ["dovecot-2.3", "dovecot-2.4"]) {
      const { lines, truth } = write("spray-and-outage", id);
      assert.equal(count(lines, /dovecot: auth/), truth.failures);
      assert.equal(count(lines, /-login: (?:Login|Logged in): /), truth.signIns - truth.failures);
    }
  });

  test("dovecot without auth lines accounts for every failure in the attempts of its closing lines", () => {
    const { lines, truth } = write("quiet-noise-250", "dovecot-2.3-plain");
    const counted = sum(lines, /\(auth failed, (\d+) attempts/);
    assert.equal(counted + count(lines, /\((?:user disabled|password expired)\)/), truth.failures);
    assert.equal(count(lines, /dovecot: auth/), 0);
  });

  test("openssh says Failed or Accepted once for every attempt, and adds PAM's lines", () => {
    const { lines, truth, stream } = write("guessing-ssh", "openssh", false);
    assert.equal(count(lines, /: Failed password for /), truth.failures);
    assert.equal(count(lines, /: Accepted password for /), truth.signIns - truth.failures);
    assert.ok(count(lines, /pam_unix\(sshd:auth\): authentication failure/) > 0.2 * truth.failures);
    assert.ok(lines.length > 2 * stream.length);
    assert.ok(lines.every((line) => /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ sshd\[\d+\]: /.test(line)));
  });

  test("postfix says every failure once, and how many there were when the client goes", () => {
    const { lines, truth } = write("spray-slow-500", "postfix");
    assert.equal(count(lines, /: SASL (?:PLAIN|LOGIN) authentication failed: /), truth.failures);
    assert.equal(count(lines, /sasl_method=/), truth.signIns - truth.failures);
    assert.equal(count(lines, /: connect from /), count(lines, /: disconnect from /));
  });

  test("csv, ocsf and entra have one line for each sign-in", () => {
    for (const id of ["csv", "ocsf", "entra"]) {
      const { lines, stream } = write("stuffing", id);
      assert.equal(lines.length, stream.length + (id === "csv" ? 1 : 0));
    }
  });

  test("labels name accounts as the log writes them", () => {
    const { truth } = write("spray-classic", "openssh");
    const labels = labelsOf(truth, formatNamed("openssh"));
    const [campaign] = labels.campaigns;
    assert.ok(campaign !== undefined && campaign.accountsTargeted.length > 50);
    assert.ok(campaign.accountsTargeted.every((name) => !name.includes("@")));
    assert.equal(Date.parse(campaign.first), truth.campaigns[0]?.first);
    assert.equal(labels.conclusion, "attack");
  });

  test("where clocks are off, each server's lines are off by the same, and stay in their places", () => {
    const simulation = (): Iterable<Simulated> => simulate("quiet", { seed: 6, accounts: 100, days: 3 });
    const lines = (skewMax: number): string[] => {
      const written: string[] = [];
      const settings = { isoTimes: true, rng: new Rng(1), skewMax };
      const writer = new LogWriter(formatNamed("dovecot-2.3"), settings, (line) => written.push(line));
      for (const simulated of simulation()) writer.add(simulated);
      writer.end();
      return written;
    };
    const [right, wrong] = [lines(0), lines(20_000)];
    const offs = new Map<string, Set<number>>();
    for (const [index, line] of right.entries()) {
      const [time = "", host = "", rest] = split(line);
      const [otherTime = "", otherHost, otherRest] = split(wrong[index] ?? "");
      assert.deepEqual([otherHost, otherRest], [host, rest]);
      offs.set(host, (offs.get(host) ?? new Set()).add(Date.parse(otherTime) - Date.parse(time)));
    }
    assert.ok(offs.size >= 3 && [...offs.values()].every((off) => off.size === 1));
    const all = [...offs.values()].flatMap((off) => [...off]);
    assert.ok(new Set(all).size === all.length && all.every((off) => Math.abs(off) <= 20_000), String(all));
  });

  test("an untidy one loses, doubles and delays a few lines, and no more", () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => String(index));
    const arrived: string[] = [];
    const untidy = new Untidy(new Rng(9), (line) => arrived.push(line));
    for (const line of lines) untidy.put(line);
    untidy.end();
    const distinct = new Set(arrived);
    assert.ok(distinct.size > 19_900 && distinct.size < 20_000);
    assert.ok(arrived.length > distinct.size && arrived.length < distinct.size + 100);
    const farthest = Math.max(...arrived.map((line, index) => Math.abs(Number(line) - index)));
    assert.ok(farthest > 5 && farthest < 120, `${farthest} places`);
  });
});
