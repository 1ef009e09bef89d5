/** What the command says of itself, of what was wrong, and to whom: options, errors, pipes, and hostile text. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sources } from "#/sources/all.ts";
import { type Run, answer, createCommand } from "../support/command.ts";

const command = createCommand();
const { folder } = command;
const scan = (args: readonly string[], input?: string): Run =>
  command.run(["scan", ...args], input === undefined ? {} : { input });

const guessing = command.simulated("guessing-ssh", "openssh", { accounts: 100, days: 3 });
const mail = command.simulated("quiet", "dovecot-2.3", { accounts: 60, days: 3 });

const pad = (second: number): string => String(second).padStart(2, "0");

function write(name: string, lines: readonly string[]): string {
  writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(""));
  return name;
}

test("help and the list of formats are printed, with status 0", () => {
  const help = command.run(["--help"]);
  assert.deepEqual([help.status, help.error], [0, ""]);
  assert.match(help.out, /portcullis scan FILE/);
  const scanHelp = scan(["--help"]);
  assert.equal(scanHelp.status, 0);
  for (const option of ["--format", "--map", "--timezone", "--since", "--json", "--html", "--csv", "--ocsf", "--quiet"])
    assert.ok(scanHelp.out.includes(option), option);
  const formats = command.run(["formats"]);
  assert.equal(formats.status, 0);
  for (const { id } of sources) assert.match(formats.out, new RegExp(`^${id} +\\S`, "m"));
  assert.equal(command.run([]).status, 0);
});

test("what can be mended is a sentence on standard error, nothing on standard output, and status 1", () => {
  write("empty.log", []);
  write(
    "prose.log",
    Array.from({ length: 20 }, () => "It was the best of times."),
  );
  mkdirSync(join(folder, "nothing-in-it"));
  for (const [args, words] of [
    [["none.log"], /none\.log: there is no such file/],
    [["empty.log"], /empty\.log: there is nothing in it/],
    [["-"], /there is nothing in it/],
    [["nothing-in-it"], /no file in this directory/],
    [["prose.log"], /none of the 20 lines[\s\S]*dovecot[\s\S]*--map/],
    [[guessing, "--format", "abacus"], /no such format[\s\S]*dovecot/],
    [
      [guessing, "--format", "keycloak"],
      /none of the [\d,]+ lines is a sign-in of the format keycloak[\s\S]*It looks like openssh/,
    ],
    [[guessing, "--map", "nonsense"], /--map[\s\S]*For example/],
    [[guessing, "--since", "yesterday"], /--since yesterday: not a time/],
    [
      [guessing, "--since", "2026-11-24", "--until", "2026-11-23"],
      /--since 2026-11-24 is not before --until 2026-11-23/,
    ],
    [[guessing, "--timezone", "Mars/Olympus"], /not a time zone/i],
    [[guessing, "--workers", "many"], /whole number/],
    [[guessing, "--settings", "none.yaml"], /none\.yaml/],
    [[guessing, "--html", "no/such/folder/x.html"], /cannot be written/],
    [[guessing, "--ocsf", "no/such/folder/x.jsonl"], /cannot be written/],
    [[guessing, "--nonsense"], /unknown option/],
    [[], /files/],
  ] as const) {
    const run = scan(args);
    assert.deepEqual([run.status, run.out], [1, ""], args.join(" "));
    assert.match(run.error, words);
    assert.doesNotMatch(run.error, /\n\s+at /, "a stack trace is no sentence");
  }
});

test("files of several formats are one report, each told with its format", () => {
  const run = scan([guessing, mail, "--json"]);
  const { read, campaigns } = answer(run);
  assert.equal(run.status, 3);
  assert.deepEqual(
    read.files.map(({ format }) => format),
    ["openssh", "dovecot"],
  );
  assert.equal(
    read.signIns,
    read.files.reduce((sum, file) => sum + file.signIns, 0),
  );
  assert.deepEqual(campaigns, answer(scan([guessing, "--json"])).campaigns);
  const told = scan([guessing, mail, "--sources"]).out;
  assert.match(told, /openssh: [\d,]+ lines/);
  assert.match(told, /dovecot: [\d,]+ lines/);
});

test("a format that is named reads the same of its own log, and leaves the rest of a mixed one", () => {
  assert.deepEqual(answer(scan([guessing, "--json", "--format", "openssh"])), answer(scan([guessing, "--json"])));
  const mixed = write("mixed.log", [
    "2026-03-02T10:00:00Z mx1 sshd[7]: Failed password for anna from 192.0.2.1 port 4000 ssh2",
    "2026-03-02T10:00:01Z mx1 postfix/smtpd[5]: warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: x",
  ]);
  assert.equal(answer(scan([mixed, "--json"])).read.signIns, 2);
  assert.equal(answer(scan([mixed, "--json", "--format", "openssh"])).read.signIns, 1);
});

test("a log of another format than the one named is an error, even where a line of that format is in it", () => {
  const idle = "2026-03-02T10:00:00Z mx1 sshd[1]: Server listening on 0.0.0.0 port 22.";
  const login =
    "2026-03-02T10:00:01Z mx1 dovecot: imap-login: Login: user=<anna>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.9, TLS, session=<s1>";
  for (const workers of ["0", "1"]) {
    const run = scan([write("other.log", [idle, login]), "--format", "openssh", "--workers", workers]);
    assert.deepEqual([run.status, run.out], [1, ""]);
    assert.match(
      run.error,
      /none of the 2 lines is a sign-in of the format openssh. It looks like dovecot: leave --format out/,
    );
  }
  assert.equal(scan([write("idle.log", [idle]), "--format", "openssh"]).status, 0);
});

test("--explain says why, line by line", () => {
  const without = scan([guessing]).out;
  const explained = scan([guessing, "--explain"]).out;
  assert.ok(answer(scan([guessing, "--json"])).findings.length > 0);
  assert.match(explained, /FINDINGS \(\d+\)\n[\s\S]*one-source: \d+\.\d+/);
  assert.doesNotMatch(without, /FINDINGS/);
});

const bare = (second: number): string =>
  `Nov 23 10:00:${pad(second)} mx1 sshd[7]: Failed password for anna from 192.0.2.1 port 4000 ssh2`;

test("times without a zone are read in the one that is given, and the report says in which", () => {
  const log = write("bare.log", [bare(0)]);
  const startOf = (...args: readonly string[]): string | undefined =>
    answer(scan([log, "--json", ...args])).read.files[0]?.from?.slice(10);
  assert.equal(startOf(), "T10:00:00Z");
  assert.equal(startOf("--timezone", "America/New_York"), "T15:00:00Z");
  assert.match(scan([log, "--sources"]).out, /read as UTC; --timezone/);
  assert.match(scan([log, "--sources", "--timezone", "america/new_york"]).out, /read as America\/New_York/);
});

test("lines that cannot be read are counted, and shown with file, number and reason on request", () => {
  const broken = "Nov 23 10:00:01 mx1 dovecot: imap-login: Login: user=<anna>, method=PLAIN, TLS";
  const log = write("broken.log", [bare(0), broken]);
  assert.equal(answer(scan([log, "--json"])).read.files[0]?.malformed, 1);
  assert.match(scan([log, "--sources"]).out, /1 line looked like a sign-in .*--malformed shows/);
  assert.match(scan([log, "--malformed"]).out, /broken\.log:2: no rip= field/);
});

test("a log without sign-ins, or with none in the time asked for, is too little to judge, and no error", () => {
  const idle = write("idle.log", ["Nov 23 10:00:00 mx1 sshd[1]: Server listening on 0.0.0.0 port 22."]);
  for (const args of [[idle], [guessing, "--since", "2031-01-01"]]) {
    const run = scan(args);
    assert.equal(run.status, 0, run.error);
    assert.match(run.out, /^TOO LITTLE TO JUDGE\n/);
  }
});

test("a reader that has seen enough ends the command in peace, with the status that it would have had", async () => {
  const [program, ...rest] = command.start;
  const running = spawn(program, [...rest, "scan", guessing, "--json"], { env: command.env, cwd: folder });
  let errors = "";
  running.stderr.on("data", (text: Buffer) => (errors += text.toString()));
  // What is read at the other end of this pipe is nothing at all.
  running.stdout.destroy();
  const [status] = await once(running, "close");
  assert.deepEqual([status, errors], [3, ""]);
});

/** Written to move the cursor, set the title, colour, turn the writing around, break out of quotes, markup and cells. */
const hostile = [
  "\u001b]0;owned\u0007",
  "\u001b[2J\u001b[31mroot",
  "\u009b31m",
  "\u202egnp.exe",
  "a\u200bb",
  "\u0000nul",
  "back\b\b\b",
  "=HYPERLINK(1)",
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "${jndi:ldap://x}",
  "\r\nATTACK",
  "\ud83d\ude00".repeat(20),
];

/** Everything that a terminal would obey or that would not be seen. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/;

test("hostile names and clients reach no terminal, page or sheet as anything but text", () => {
  const name = (index: number): string => (hostile[index % hostile.length] ?? "").replace(/[\r\n]/g, "_");
  const log = write(
    "hostile.log",
    Array.from(
      { length: 90 },
      (_, index) =>
        `2026-03-02T10:${pad(Math.trunc(index / 60))}:${pad(index % 60)}Z m${name(index)}x dovecot: imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<${name(index)}${index}>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, TLS, session=<s${index}>`,
    ),
  );
  const everything = ["--explain", "--sources", "--malformed"];
  for (const args of [everything, ["--json"]]) {
    const run = scan([log, ...args, "--html", "hostile.html", "--csv", "hostile", "--ocsf", "hostile.jsonl"]);
    assert.equal(run.status, 3, run.error);
    assert.doesNotMatch(run.out, obeyed);
    assert.match(run.out, /203\.0\.113\.9/);
  }
  for (const file of readdirSync(folder).filter((one) => one.startsWith("hostile") && one !== log)) {
    const text = readFileSync(join(folder, file), "utf8");
    assert.doesNotMatch(file.endsWith(".csv") ? text.replaceAll("\r\n", "\n") : text, obeyed, file);
  }
  const page = readFileSync(join(folder, "hostile.html"), "utf8");
  assert.doesNotMatch(page, /<script>alert|<img src=x/);
  assert.doesNotMatch(readFileSync(join(folder, "hostile-accounts.csv"), "utf8"), /^"?[=+@-]/m);
  assert.equal(answer(scan(["hostile.jsonl", "--json"])).read.signIns, answer(scan([log, "--json"])).read.signIns);
});

test("a hostile file name reaches the terminal as text only, in the report and in errors", () => {
  const log = write("e\u001b[31mvil.log", [bare(0)]);
  for (const args of [[log, "--sources"], [log, "--json"], ["none\u001b[31mvil.log"]]) {
    const run = scan(args);
    assert.doesNotMatch(run.out + run.error, obeyed);
    assert.match(run.out + run.error, /e(?:\\x1b|\\u001b)\[31mvil/);
  }
});
