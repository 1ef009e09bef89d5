/** What the scan concludes, through the command as people run it. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type Run, answer, createCommand, root } from "../support/command.ts";

const command = createCommand();
const { folder } = command;
const scan = (args: readonly string[], input?: Buffer | string): Run =>
  command.run(["scan", ...args], input === undefined ? {} : { input });

const quiet = command.simulated("quiet", "dovecot-2.4", { accounts: 100, days: 4 });
const spray = command.simulated("spray-classic", "dovecot-2.3");
const outage = command.simulated("fault-outage", "openssh");
const both = command.simulated("spray-and-outage", "postfix");

/** What most of these tests compare with. */
const plain = scan([spray, "--json"]);

test("--json prints the contract, valid against its schema, and nothing else", () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
    JSON.parse(readFileSync(join(root, "docs/scan.schema.json"), "utf8")) as object,
  );
  for (const [file, status, conclusion] of [
    [quiet, 0, "quiet"],
    [spray, 3, "attack"],
    [outage, 4, "fault"],
    [both, 5, "attack-and-fault"],
  ] as const) {
    const run = scan([file, "--json"]);
    assert.deepEqual([run.status, run.error], [status, ""], file);
    assert.equal(answer(run).conclusion, conclusion);
    assert.ok(validate(JSON.parse(run.out)), JSON.stringify(validate.errors));
  }
});

test("the report begins with the conclusion and ends with what was read", () => {
  const run = scan([spray, "--explain", "--sources"]);
  assert.equal(run.status, 3);
  assert.match(run.out, /^ATTACK\n/);
  assert.match(run.out, /WHAT TO DO NEXT/);
  assert.match(run.out, /WHAT COULD NOT BE SEEN/);
  assert.match(run.out, /WHAT WAS READ[\s\S]*dovecot/);
  assert.doesNotMatch(run.out, /\u001b/);
});

test("--quiet says nothing but its exit status", () => {
  assert.deepEqual(scan([spray, "--quiet"]), { status: 3, out: "", error: "" });
});

test("any number of workers gives the same answer", () => {
  const [none, one, two] = ["0", "1", "2"].map((workers) => scan([spray, outage, "--json", "--workers", workers]).out);
  assert.equal(one, none);
  assert.equal(two, none);
  assert.deepEqual(
    answer(scan([outage, spray, "--json"])).campaigns,
    JSON.parse(none ?? "").campaigns,
    "whatever the order in which the files are named",
  );
});

test("gzip, zstd, standard input, a directory and rotated files are the same log", () => {
  const text = readFileSync(spray);
  writeFileSync(join(folder, "mail.gz"), gzipSync(text));
  writeFileSync(join(folder, "mail.zst"), zstdCompressSync(text));
  const lines = text.toString().split("\n");
  const rotated = join(folder, "rotated");
  mkdirSync(rotated);
  const cut = lines.length >> 1;
  writeFileSync(join(rotated, "mail.log.1.gz"), gzipSync(`${lines.slice(0, cut).join("\n")}\n`));
  writeFileSync(join(rotated, "mail.log"), lines.slice(cut).join("\n"));
  for (const [args, input] of [
    [["mail.gz"]],
    [["mail.zst"]],
    [["-"], text],
    [["-"], gzipSync(text)],
    [["rotated"]],
  ] as const) {
    const run = scan([...args, "--json"], input);
    assert.equal(run.error, "");
    assert.deepEqual(answer(run).campaigns, answer(plain).campaigns, args[0]);
    assert.equal(answer(run).read.signIns, answer(plain).read.signIns, args[0]);
  }
});

test("what --ocsf writes is read back to the same conclusion", () => {
  const first = answer(scan([spray, "--json", "--ocsf", "all.jsonl"]));
  assert.deepEqual(first, answer(plain));
  const again = answer(scan(["all.jsonl", "--json"]));
  assert.equal(again.read.files[0]?.format, "ocsf");
  assert.equal(again.read.signIns, first.read.signIns);
  assert.deepEqual(
    again.campaigns.map(({ addresses }) => addresses),
    first.campaigns.map(({ addresses }) => addresses),
  );
});

test("--html and --csv are written beside the report", () => {
  assert.equal(scan([spray, "--quiet", "--html", "report.html", "--csv", "spray"]).status, 3);
  assert.match(readFileSync(join(folder, "report.html"), "utf8"), /^<!doctype html>/i);
  const [campaign] = answer(plain).campaigns;
  const csv = readFileSync(join(folder, "spray-addresses.csv"), "utf8");
  for (const address of campaign?.addresses ?? []) assert.ok(csv.includes(address));
  assert.ok(readFileSync(join(folder, "spray-accounts.csv"), "utf8").split("\n").length > 10);
});

test("--since and --until leave out the rest", () => {
  const all = answer(plain).read.signIns;
  const day = readFileSync(spray, "utf8").slice(0, 10);
  const first = answer(scan([spray, "--json", "--until", `${day}T12:00`])).read.signIns;
  const later = answer(scan([spray, "--json", "--since", `${day}T12:00`])).read.signIns;
  assert.ok(first > 0 && later > 0);
  assert.equal(first + later, all);
});

test("a day is the whole of it: --since begins with it, and --until ends after it", () => {
  const all = answer(plain).read.signIns;
  const day = readFileSync(spray, "utf8").slice(0, 10);
  const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
  const read = (...args: readonly string[]): number => answer(scan([spray, "--json", ...args])).read.signIns;
  assert.ok(read("--until", day) > 0);
  assert.equal(read("--until", day), read("--until", `${next}T00:00`));
  assert.equal(read("--until", day) + read("--since", next), all);
  assert.equal(read("--since", day, "--until", day), read("--until", day));
});

test("any CSV is read with --map, or by the names of its columns", () => {
  const rows = Array.from(
    { length: 60 },
    (_, index) => `2026-03-02 10:${String(index).padStart(2, "0")}:00,u${index},203.0.113.9,bad`,
  );
  writeFileSync(join(folder, "own.csv"), `when_it_was,who_it_was,whence,how\n${rows.join("\n")}\n`);
  const mapped = scan(["own.csv", "--json", "--map", "time=when_it_was,account=who_it_was,address=whence,outcome=how"]);
  assert.equal(answer(mapped).read.failures, 60);
  writeFileSync(join(folder, "export.csv"), `Timestamp,User Name,Source IP,Result\n${rows.join("\n")}\n`);
  assert.deepEqual(answer(scan(["export.csv", "--json"])).campaigns[0]?.addresses, ["203.0.113.9"]);
});

test("a half-written last line, garbage and huge lines lose nothing around them", () => {
  const text = readFileSync(spray, "utf8").split("\n");
  const good = answer(plain).read.signIns;
  const middle = text.length >> 1;
  const mixed = [...text.slice(0, middle), "x".repeat(200_000), "\u0000\ufffd\u0001", ...text.slice(middle, -1)].join(
    "\n",
  );
  writeFileSync(join(folder, "mixed.log"), `${mixed}\n2026-03-0`);
  assert.equal(answer(scan(["mixed.log", "--json"])).read.signIns, good);
});
