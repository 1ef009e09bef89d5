/** `simulate` as people run it: the list, a scenario beside its truth, the logs that it writes, and what can be mended. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { scoreScan } from "../../sim/score.ts";
import { scenarios } from "../../sim/scenarios/scenarios.ts";
import { type Run, createCommand } from "../support/command.ts";

const command = createCommand();
const simulate = (...args: readonly string[]): Run => command.run(["simulate", ...args]);
const small = ["--accounts", "300", "--days", "8", "--seed", "5"] as const;

test("without a scenario, the scenarios are listed, a line each", () => {
  const { status, out, error } = simulate();
  assert.deepEqual([status, error], [0, ""]);
  for (const { name, title } of scenarios)
    assert.ok(
      out.split("\n").some((line) => line.startsWith(`  ${name} `) && line.endsWith(`  ${title}`)),
      name,
    );
  assert.equal(simulate("quiet", "--list").out, out);
});

test("a scenario is told beside its truth, and the same seed gives the same", () => {
  const first = simulate("spray-classic", ...small);
  assert.equal(first.status, 0);
  assert.match(first.out, /^spray-classic: One address goes through the list\nSeed 5, 300 accounts, 8 days from 20/);
  assert.match(first.out, /Digest [0-9a-f]{16}/);
  assert.match(first.out, /\n\nT1 {2}PASSWORD SPRAY\n {2}Was +[\d,]+ guesses in /);
  assert.match(first.out, /\n {2}Declared +20\S+ \S+ UTC, after .*, at guess \d/);
  assert.match(first.out, /\n {2}Addresses +1 of 1 found, 100%\n {2}Accounts /);
  assert.match(first.out, /\n\nWRONGLY SAID\n {2}none\n/);
  assert.match(first.out, /\n\nRIGHT: it was an attack, and Portcullis says so; /);
  assert.deepEqual(simulate("spray-classic", ...small), first);
  const other = simulate("spray-classic", ...small.slice(0, 4), "--seed", "6");
  assert.notEqual(/Digest \S+/.exec(other.out)?.[0], /Digest \S+/.exec(first.out)?.[0]);
});

test("--json says the same to machines", () => {
  const { status, out, error } = simulate("fault-one-server", ...small, "--json");
  assert.deepEqual([status, error], [0, ""]);
  const told = JSON.parse(out) as {
    scenario: string;
    digest: string;
    comparison: { truth: string; said: string; right: boolean; faults: { kind: string; from: string }[] };
  };
  assert.deepEqual(
    [told.scenario, told.comparison.truth, told.comparison.said],
    ["fault-one-server", "fault", "fault"],
  );
  assert.match(told.digest, /^[0-9a-f]{16}$/);
  const [fault] = told.comparison.faults;
  assert.ok(fault !== undefined && fault.kind === "one-server" && Date.parse(fault.from) > 0);
});

test("--gate says beside it what an enforcing gate held off, and what that cost members", () => {
  const { status, out } = simulate("spray-classic", ...small, "--gate");
  assert.equal(status, 0);
  assert.match(out, /\n\nWITH THE GATE ENFORCING\n {2}Guesses +[\d,]+ of [\d,]+ refused, \d+%\n/);
  assert.match(out, /\n {2}Held +after \d+ guess/);
  assert.match(out, /\n {2}Members +0 of [\d,]+ right passwords refused/);
  assert.ok(out.startsWith(simulate("spray-classic", ...small).out.trimEnd()));
  const told = JSON.parse(simulate("spray-classic", ...small, "--gate", "--json").out) as { gate: { guesses: number } };
  assert.ok(told.gate.guesses > 50);
  const wrong = simulate("spray-classic", ...small, "--gate", "--format", "dovecot");
  assert.equal(wrong.status, 1);
  assert.match(wrong.error, /--gate does not go with --out, --format/);
});

test("--out writes the log of that server, untidy where it is asked for, with the truth beside it, and scan reads it", () => {
  for (const [format, more] of [
    ["dovecot", ["--untidy", "--iso-times"]],
    ["openssh", []],
    ["entra", ["--reserved"]],
    ["ocsf", []],
  ] as const) {
    const file = join(command.folder, `written.${format}.log`);
    const written = simulate("spray-classic", ...small, "--out", file, "--format", format, ...more);
    assert.deepEqual([written.status, written.error], [0, ""]);
    assert.match(
      written.out,
      /lines about [\d,]+ sign-ins, as .* writes them\.\nThe truth is in .*\.labels\.json\.\n$/,
    );
    const { out } = command.run(["scan", file, "--json"]);
    const { figures } = scoreScan(out, readFileSync(`${file}.labels.json`, "utf8"));
    assert.equal(figures.said, "attack", format);
    assert.equal(figures.addresses.recall, 1, format);
  }
});

test("--fingerprints lets detection see the passwords' fingerprints, and so do logs that have them", () => {
  const digest = (...more: readonly string[]): string =>
    (JSON.parse(simulate("spray-slow-500", ...small, "--json", ...more).out) as { digest: string }).digest;
  const without = digest();
  const direct = digest("--fingerprints");
  assert.notEqual(direct, without);
  assert.equal(digest("--format", "csv-fingerprints"), direct);
  assert.equal(digest("--format", "csv"), without);
});

test("with --format it goes through the log that such a server would have written", () => {
  for (const [format, title, more] of [
    ["openssh", "OpenSSH", ["--untidy"]],
    ["csv", "CSV", []],
    ["dovecot-2.4", "Dovecot 2.4", ["--iso-times"]],
  ] as const) {
    const { status, out, error } = simulate("spray-classic", ...small, "--format", format, ...more);
    assert.deepEqual([status, error], [0, ""], format);
    assert.match(out, new RegExp(`from the log of\\s${title}`));
    assert.match(out, /Addresses +1 of 1 found[\s\S]*RIGHT: it was an attack/);
  }
});

test("the example is the attack of June 2017 at its true size, written as a log and scanned", () => {
  const earlier = join(command.folder, "portcullis-example-1");
  mkdirSync(earlier);
  writeFileSync(join(command.folder, "portcullis-example-notes"), "mine");
  const { status, out } = command.run(["example"], { env: { TMPDIR: command.folder } });
  assert.ok(!existsSync(earlier), "the log of an earlier time is gone");
  assert.ok(existsSync(join(command.folder, "portcullis-example-notes")));
  assert.equal(status, 3);
  const [, file = ""] = /^The log is (\S+mail\.log);/.exec(out) ?? [];
  assert.ok(file.startsWith(command.folder) && existsSync(file));
  assert.match(out, /What Portcullis says of it:\n\nATTACK\nA password spray tried [89],\d{3} accounts from/);
  const labels = JSON.parse(readFileSync(`${file}.labels.json`, "utf8")) as { campaigns: { fallen: unknown[] }[] };
  assert.equal(labels.campaigns[0]?.fallen.length, 23);
});

test("what can be mended is a sentence that says what would be right", () => {
  for (const [args, words] of [
    [["spray-clasic"], /spray-clasic: no such scenario\. Did you mean spray-classic, .* or .*\? .*--list/],
    [["stuff"], /Did you mean stuffing, stuffing-slow or stuffing-network\?/],
    [["quiet", "--accounts", "2,000"], /--accounts.*whole number from 50 to 1,000,000, without commas/],
    [["quiet", "--days", "0"], /whole number from 2 to 400/],
    [["quiet", "--seed", "-1"], /whole number from 0/],
    [["quiet", "--format", "sendmail"], /sendmail: no such format/],
    [["quiet", "--out", "x.log", "--format", "sendmail"], /sendmail: no such format.*dovecot-2\.3.*openssh/],
    [["quiet", "--out", "x.log", "--json"], /--out and --json do not go together/],
    [["quiet", "--out", "none/x.log"], /none\/x\.log cannot be written: .*Choose another place/],
  ] as const) {
    const { status, out, error } = simulate(...args);
    assert.deepEqual([status, out], [1, ""], args.join(" "));
    assert.match(error, words);
  }
  assert.ok(!existsSync(join(command.folder, "x.log")));
});
