/** The command as people run it: a process of its own, on logs that the simulator wrote as servers would. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { Ajv2020 } from "ajv/dist/2020.js";
import { writeLog } from "../../sim/write.ts";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "portcullis-scan-"));
after(() => rmSync(folder, { recursive: true }));

type Run = { readonly status: number | null; readonly out: string; readonly error: string };

function scan(args: readonly string[], options: { input?: Buffer | string; env?: Record<string, string> } = {}): Run {
  const run = spawnSync(process.execPath, [join(root, "src/main.ts"), "scan", ...args], {
    cwd: folder,
    input: options.input ?? "",
    env: { ...process.env, ...options.env },
    maxBuffer: 1 << 28,
  });
  return { status: run.status, out: run.stdout.toString(), error: run.stderr.toString() };
}

function simulated(scenario: string, format: string, seed = 5): string {
  const file = join(folder, `${scenario}.${format}.log`);
  writeLog(scenario, format, file, { seed, accounts: 300, days: 6, isoTimes: true, reserved: false });
  return file;
}

const spray = simulated("spray-classic", "dovecot-2.3");
const outage = simulated("fault-outage", "openssh");
const both = simulated("spray-and-outage", "postfix");

type Answer = {
  readonly conclusion: string;
  readonly read: {
    readonly signIns: number;
    readonly failures: number;
    readonly files: readonly { readonly format: string }[];
  };
  readonly campaigns: readonly { readonly addresses: readonly string[]; readonly fallen: readonly unknown[] }[];
};

function answer(run: Run): Answer {
  return JSON.parse(run.out) as Answer;
}

test("--json prints the contract, valid against its schema, and nothing else", () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
    JSON.parse(readFileSync(join(root, "docs/scan.schema.json"), "utf8")) as object,
  );
  for (const [file, status, conclusion] of [
    [spray, 3, "attack"],
    [outage, 4, "fault"],
    [both, 5, "attack-and-fault"],
  ] as const) {
    const run = scan([file, "--json"]);
    assert.equal(run.status, status, `${file}: ${run.error}`);
    assert.equal(answer(run).conclusion, conclusion);
    assert.ok(validate(JSON.parse(run.out)), JSON.stringify(validate.errors));
  }
});

test("the report begins with the conclusion and ends with what was read", () => {
  const run = scan([spray, "--explain", "--sources"], { env: { NO_COLOR: "1", LANG: "C.UTF-8" } });
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
});

test("gzip, zstd, standard input, a directory and rotated files are the same log", () => {
  const text = readFileSync(spray);
  const plain = answer(scan([spray, "--json"]));
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
    const run = scan([...args, "--json"], input === undefined ? {} : { input });
    assert.equal(run.error, "");
    assert.deepEqual(answer(run).campaigns, plain.campaigns, args[0]);
    assert.equal(answer(run).read.signIns, plain.read.signIns, args[0]);
  }
});

test("what --ocsf writes is read back to the same conclusion", () => {
  const first = answer(scan([spray, "--json", "--ocsf", "all.jsonl"]));
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
  const [campaign] = answer(scan([spray, "--json"])).campaigns;
  const csv = readFileSync(join(folder, "spray-addresses.csv"), "utf8");
  for (const address of campaign?.addresses ?? []) assert.ok(csv.includes(address));
  assert.ok(readFileSync(join(folder, "spray-accounts.csv"), "utf8").split("\n").length > 10);
});

test("--since and --until leave out the rest", () => {
  const all = answer(scan([spray, "--json"])).read.signIns;
  const day = readFileSync(spray, "utf8").slice(0, 10);
  const first = answer(scan([spray, "--json", "--until", `${day}T12:00`])).read.signIns;
  const later = answer(scan([spray, "--json", "--since", `${day}T12:00`])).read.signIns;
  assert.ok(first > 0 && later > 0);
  assert.equal(first + later, all);
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

test("what can be mended is one sentence on standard error, and status 1", () => {
  writeFileSync(join(folder, "empty.log"), "");
  writeFileSync(join(folder, "prose.log"), "It was the best of times.\n".repeat(20));
  for (const [args, words] of [
    [["none.log"], /none\.log: there is no such file/],
    [["empty.log"], /empty\.log: there is nothing in it/],
    [["prose.log"], /none of the 20 lines[\s\S]*dovecot[\s\S]*--map/],
    [[spray, "--format", "abacus"], /no such format[\s\S]*dovecot/],
    [[spray, "--map", "nonsense"], /--map[\s\S]*For example/],
    [[spray, "--since", "yesterday"], /--since yesterday: not a time/],
    [[spray, "--timezone", "Mars/Olympus"], /not a time zone/i],
    [[spray, "--settings", "none.yaml"], /none\.yaml/],
    [[spray, "--html", "no/such/folder/x.html"], /cannot be written/],
  ] as const) {
    const run = scan(args);
    assert.equal(run.status, 1, args.join(" "));
    assert.match(run.error, words);
    assert.doesNotMatch(run.error, /\n\s+at /, "a stack trace is no sentence");
  }
});

test("hostile names reach the terminal as text only", () => {
  const name = "\u001b]0;owned\u0007\u001b[31mroot\u202e";
  const lines = Array.from(
    { length: 30 },
    (_, index) =>
      `2026-03-02T10:00:${String(index).padStart(2, "0")}Z mx dovecot: imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<${name}${index}>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, TLS, session=<s${index}>`,
  );
  writeFileSync(join(folder, "hostile.log"), `${lines.join("\n")}\n`);
  for (const args of [
    ["hostile.log", "--explain"],
    ["hostile.log", "--json"],
  ]) {
    const run = scan(args, { env: { FORCE_COLOR: "0", NO_COLOR: "1" } });
    assert.doesNotMatch(run.out, /[\u001b\u0007\u202e]/);
    assert.match(run.out, /203\.0\.113\.9/);
  }
});

test("a half-written last line, garbage and huge lines lose nothing around them", () => {
  const text = readFileSync(spray, "utf8").split("\n");
  const good = answer(scan([spray, "--json"])).read.signIns;
  const middle = text.length >> 1;
  const mixed = [...text.slice(0, middle), "x".repeat(200_000), "\u0000\ufffd\u0001", ...text.slice(middle, -1)].join(
    "\n",
  );
  writeFileSync(join(folder, "mixed.log"), `${mixed}\n2026-03-0`);
  assert.equal(answer(scan(["mixed.log", "--json"])).read.signIns, good);
});
