import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { Clock } from "#/platform/clock.ts";
import { Failure } from "#/platform/failure.ts";
import { millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { type Progress, type ReadSummary, type ReadingOptions, readSignIns } from "./reading.ts";

const root = mkdtempSync(join(tmpdir(), "portcullis-reading-"));
after(() => rmSync(root, { recursive: true }));

const NOW = millis(Date.UTC(2026, 10, 24));
const clock: Clock = { now: () => NOW, ticks: () => 0 };
const defaults: ReadingOptions = {
  format: undefined,
  map: undefined,
  timezone: "UTC",
  since: undefined,
  until: undefined,
  clock,
  workers: 0,
  onProgress: undefined,
};

let folders = 0;

/** A directory of its own with these files, all last changed at the present of the tests. */
function folder(files: Readonly<Record<string, string | Buffer>>): string {
  const path = join(root, String((folders += 1)));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
    utimesSync(join(path, name), NOW / 1000, NOW / 1000);
  }
  return path;
}

type Got = { readonly signIns: readonly SignIn[]; readonly summary: ReadSummary };

async function read(paths: readonly string[], options: Partial<ReadingOptions> = {}): Promise<Got> {
  const reading = readSignIns(paths, { ...defaults, ...options });
  const signIns: SignIn[] = [];
  for await (const batch of reading) signIns.push(...batch);
  return { signIns, summary: reading.summary() };
}

/** Reads one file with this content. */
const readText = (content: string | Buffer, options?: Partial<ReadingOptions>, name = "auth.log"): Promise<Got> =>
  read([join(folder({ [name]: content }), name)], options);

const pad = (value: number): string => String(value).padStart(2, "0");
const clockOf = (second: number): string =>
  `${pad(10 + Math.floor(second / 3600))}:${pad(Math.floor(second / 60) % 60)}:${pad(second % 60)}`;

/** A failure that sshd writes, so many seconds after ten o'clock. */
const failed = (second: number, name: string, pid = second): string =>
  `Nov 23 ${clockOf(second)} mx1 sshd[${pid}]: Failed password for ${name} from 192.0.2.1 port 4000 ssh2`;

const accounts = ({ signIns }: Got): string[] => signIns.map(({ account }) => account);
const notes = ({ summary }: Got): string => summary.files.flatMap((file) => file.notes).join("\n");

test("a log is read to its sign-ins and a report of what was read", async () => {
  const { signIns, summary } = await readText(
    [failed(0, "anna"), "Nov 23 10:00:00 mx1 cron[1]: x", failed(2, "bert"), ""].join("\n"),
  );
  assert.deepEqual(signIns[0], {
    at: millis(Date.UTC(2026, 10, 23, 10)),
    outcome: "failure",
    reason: "bad-password",
    account: "anna",
    accountGiven: "anna",
    address: "192.0.2.1",
    service: "ssh",
    server: "mx1",
    client: "",
    count: 1,
    source: "openssh",
    passwordFingerprint: "",
  });
  const [file] = summary.files;
  assert.deepEqual(
    [file?.format, file?.lines, file?.signIns, file?.ignored, file?.malformed, file?.from, file?.to],
    ["openssh", 3, 2, 1, 0, Date.UTC(2026, 10, 23, 10), Date.UTC(2026, 10, 23, 10, 0, 2)],
  );
  assert.deepEqual([summary.signIns, summary.zoneAssumed], [2, "UTC"]);
  assert.match(notes({ signIns, summary }), /no year: 2026 was inferred/);
});

test("the year that was inferred is told of lines without one, and of no other", async () => {
  const own = "2031-01-01T00:00:00Z mx1 sshd[7]: Failed password for root from 192.0.2.1 port 4000 ssh2";
  const got = await readText([failed(0, "anna"), own, failed(2, "bert")].join("\n"));
  assert.match(notes(got), /times have no year: 2026 was inferred/);
  assert.match(notes(got), /line 2 is dated 2031-01-01 amid lines of 2026-11-23/);
  const newYear = "Dec 31 23:59:59 mx1 sshd[7]: Failed password for root from 192.0.2.1 port 4000 ssh2";
  const over = await readText(`${newYear}\n${newYear.replace("Dec 31 23:59:59", "Jan  1 00:00:01")}`);
  assert.match(notes(over), /no year: 2025 to 2026 was inferred/);
  assert.doesNotMatch(notes(await readText(own)), /no year/);
});

test("times without a zone are read in the one that was given", async () => {
  const { signIns, summary } = await readText(failed(0, "anna"), { timezone: "America/New_York" });
  assert.equal(signIns[0]?.at, Date.UTC(2026, 10, 23, 15));
  assert.equal(summary.zoneAssumed, "America/New_York");
});

test("rotated and compressed files are one log, oldest first, and joined over their borders", async () => {
  const pam =
    "Nov 23 10:00:03 mx1 sshd[9]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1 user=carl";
  const path = folder({
    "auth.log.2.gz": gzipSync(`${failed(0, "anna")}\n`),
    "auth.log.1": zstdCompressSync(`${failed(2, "bert")}\n${pam}\n`),
    "auth.log": `${failed(4, "carl", 9)}\n`,
  });
  const got = await read([path]);
  assert.deepEqual(accounts(got), ["anna", "bert", "carl"]);
  assert.deepEqual(
    got.summary.files.map(({ signIns }) => signIns),
    [1, 1, 1],
  );
});

test("several logs are merged by time, and each keeps its own order", async () => {
  const path = folder({
    "mx1.log": [failed(0, "a0"), failed(4, "a4"), failed(3, "a3"), failed(9, "a9")].join("\n"),
    "mx2.log": [failed(1, "b1"), failed(4, "b4"), failed(8, "b8")].join("\n"),
  });
  assert.deepEqual(accounts(await read([path])), ["a0", "b1", "a4", "a3", "b4", "b8", "a9"]);
});

test("what one server wrote to two logs about one attempt counts once", async () => {
  const path = folder({
    "vsftpd.log": 'Mon Nov 23 10:00:02 2026 [pid 2] [jane] FAIL LOGIN: Client "192.0.2.10"\n',
    "auth.log":
      "Nov 23 10:00:00 mx1 vsftpd[7]: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=jane rhost=192.0.2.10  user=jane\n",
  });
  const { signIns, summary } = await read([path]);
  assert.equal(signIns.length, 1);
  assert.equal(summary.signIns, 1);
});

test("only what lies between since and until is read", async () => {
  const lines = [0, 1, 2, 3].map((second) => failed(second, `n${second}`)).join("\n");
  const since = millis(Date.UTC(2026, 10, 23, 10, 0, 1));
  const until = millis(Date.UTC(2026, 10, 23, 10, 0, 3));
  const got = await readText(lines, { since, until });
  assert.deepEqual(accounts(got), ["n1", "n2"]);
  assert.match(notes(got), /\d sign-ins were left out by --since or --until/);
});

test("with threads or without, what comes out is the same", async () => {
  const lines = (from: number, host: string): string =>
    Array.from({ length: 6_000 }, (_, index) => {
      const second = from + index * 2;
      return index % 5 === 4
        ? `Nov 23 ${clockOf(second)} ${host} sshd[${index}]: Accepted password for user${index % 90} from 198.51.100.${index % 250} port 1 ssh2`
        : failed(second, `user-with-a-long-name-${index % 700}`, index).replace("mx1", host);
    }).join("\r\n");
  const path = folder({
    "one.log": lines(0, "mx1"),
    "two.log.gz": gzipSync(lines(1, "mx2")),
    "three.log": "nothing\n",
  });
  const [without, one, two] = await Promise.all([0, 1, 2].map((workers) => read([path], { workers })));
  assert.equal(without?.signIns.length, 12_000);
  assert.deepEqual(one, without);
  assert.deepEqual(two, without);
});

test("a failure in the thread is the same failure outside", async () => {
  const path = join(folder({ "events.evtx": "ElfFile\0".padEnd(600, "x") }), "events.evtx");
  for (const workers of [0, 1])
    await assert.rejects(read([path], { workers }), isFailure("file-unreadable", /wevtutil/));
});

test("iterating can stop early, in a thread or not", async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => failed(index % 3_000, "anna", index)).join("\n");
  const path = folder({ "one.log": lines, "two.log": lines });
  for (const workers of [0, 1]) {
    let batches = 0;
    for await (const batch of readSignIns([path], { ...defaults, workers })) {
      batches += batch.length > 0 ? 1 : 0;
      break;
    }
    assert.equal(batches, 1);
  }
});

test("progress is told in bytes and lines up to the end", async () => {
  const path = folder({
    "a.log": `${failed(0, "anna")}\n`.repeat(9_000),
    "b.log.gz": gzipSync(`${failed(0, "bert")}\n`),
  });
  for (const workers of [0, 1]) {
    const told: Progress[] = [];
    await read([path], { workers, onProgress: (progress) => told.push(progress) });
    const last = told.at(-1);
    assert.ok(told.length > 0);
    assert.equal(last?.bytes, last?.bytesTotal);
    assert.equal(last?.lines, 9_001);
  }
});

test("malformed lines are kept with number, reason and beginning, up to their maximum", async () => {
  const bad = `Nov 23 10:00:01 mx1 dovecot: imap-login: Login: user=<${"x".repeat(300)}>, method=PLAIN, TLS`;
  const { summary } = await readText(`${failed(0, "anna")}\n${`${bad}\n`.repeat(30)}`);
  const [file] = summary.files;
  assert.equal(file?.malformed, 30);
  assert.equal(file.malformedLines.length, 20);
  assert.deepEqual([file.malformedLines[0]?.line, file.malformedLines[19]?.line], [2, 21]);
  assert.match(file.malformedLines[0]?.why ?? "", /rip/);
  assert.equal(file.malformedLines[0]?.text, bad.slice(0, 200));
});

test("overlong lines, NULs, bytes that are no text and both line ends do not disturb their neighbours", async () => {
  const bytes = Buffer.concat([
    Buffer.from(`${failed(0, "anna")}\r\n${"x".repeat(300_000)}\n`),
    Buffer.alloc(100_000),
    Buffer.from(`${failed(1, "bert")}\n`),
    Buffer.from([0xff, 0xfe, 0xc3, 0x28, 10]),
    Buffer.from(`${failed(2, "zoë")}\r\n\r\n`),
  ]);
  const got = await readText(bytes);
  assert.deepEqual(accounts(got), ["anna", "bert", "zoë"]);
  const [file] = got.summary.files;
  assert.deepEqual([file?.lines, file?.malformed, file?.malformedLines[0]?.line], [6, 1, 2]);
  assert.match(file?.malformedLines[0]?.why ?? "", /longer than any log line/);
});

test("a last line that is cut short is read where it can be, and left out with a note where not", async () => {
  assert.deepEqual(accounts(await readText(failed(0, "anna"))), ["anna"]);
  const events = [{ id: 1, kind: "x" }].map((event) => JSON.stringify(event));
  const entra = JSON.stringify({
    createdDateTime: "2026-11-23T08:01:00Z",
    userPrincipalName: "anna@example.org",
    ipAddress: "203.0.113.7",
    appDisplayName: "Mail",
    clientAppUsed: "Browser",
    status: { errorCode: 50126, failureReason: "Invalid username or password" },
  });
  const cut = await readText([...events, entra, entra.slice(0, 90)].join("\n"));
  assert.deepEqual(accounts(cut), ["anna@example.org"]);
  assert.match(notes(cut), /last line is cut short/);
});

test("JSON lines, a JSON document, CSV and UTF-16 give the same sign-ins", async () => {
  const rows = [0, 1, 2].map((index) => ({
    time: `2026-11-23T10:00:0${index}Z`,
    account: `user${index}`,
    address: `192.0.2.${index}`,
    outcome: "failure",
  }));
  const map = "time=time,account=account,address=address,outcome=outcome";
  const csv = (by: string): string =>
    ["time,account,address,outcome", ...rows.map((row) => Object.values(row).join(","))]
      .join("\r\n")
      .replaceAll(",", by);
  const contents: readonly (string | Buffer)[] = [
    rows.map((row) => JSON.stringify(row)).join("\n"),
    JSON.stringify(rows),
    JSON.stringify(rows, undefined, 2),
    JSON.stringify({ value: rows }),
    rows.map((row) => JSON.stringify(row, undefined, 2)).join("\n"),
    csv(","),
    csv(";"),
    csv("\t"),
    `\ufeff${csv(",")}`,
    Buffer.from(`\ufeff${csv(",")}`, "utf16le"),
    Buffer.from(`\ufeff${JSON.stringify(rows)}`, "utf16le"),
    gzipSync(csv(",")),
  ];
  for (const [index, content] of contents.entries()) {
    const got = await readText(content, { map }, "export");
    assert.deepEqual(accounts(got), ["user0", "user1", "user2"], String(index));
    assert.equal(got.summary.files[0]?.lines, 3, String(index));
  }
});

const isFailure = (code: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Failure, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, message);
  return true;
};

test("what cannot be read is an error that says what to do", async () => {
  const path = folder({
    "empty.log": "",
    "poem.txt": "a line\nanother\n",
    "old.log.bz2": `BZh91AY&SY${"x".repeat(600)}`,
  });
  const at = (name: string): string => join(path, name);
  await assert.rejects(read([at("none.log")]), isFailure("file-not-found", /Is the path right/));
  await assert.rejects(read([at("empty.log")]), isFailure("file-empty", /nothing in it/));
  await assert.rejects(
    read([at("poem.txt")]),
    isFailure("nothing-recognised", /none of the 2 lines .* dovecot.*--map.*--format/),
  );
  await assert.rejects(
    read([at("poem.txt")], { format: "openssh" }),
    isFailure("nothing-recognised", /is a sign-in of the format openssh.*Without --format/),
  );
  await assert.rejects(
    read([at("old.log.bz2")]),
    isFailure("compression-broken", /bzip2 -dc .*old\.log\.bz2 \| portcullis scan -/),
  );
  await assert.rejects(read([at("poem.txt")], { format: "sshd" }), isFailure("format-unknown", /There are: .*openssh/));
});

test("in a directory, what cannot be read is told of, and the rest is read", async () => {
  const path = folder({
    "auth.log": failed(0, "anna"),
    "auth.log.1.xz": Buffer.concat([Buffer.from("fd377a585a000004", "hex"), Buffer.alloc(600)]),
    "system.journal": "LPKSHHRH".padEnd(600, "\0"),
    "empty.log": "",
  });
  const got = await read([path]);
  assert.deepEqual(accounts(got), ["anna"]);
  assert.match(notes(got), /not read: .*xz -dc/);
  assert.match(notes(got), /not read: .*journalctl --file/);
  assert.deepEqual(got.summary.files.map(({ format }) => format).sort(), ["none", "none", "openssh"]);
});

test("a named empty file beside others is no error", async () => {
  const path = folder({ "auth.log": "", "auth.log.1": failed(0, "anna") });
  assert.deepEqual(accounts(await read([join(path, "auth.log"), join(path, "auth.log.1")])), ["anna"]);
});

test("a log that is recognised and holds no sign-in is no error", async () => {
  const { signIns, summary } = await readText("Nov 23 10:00:00 mx1 sshd[1]: Server listening on 0.0.0.0 port 22.\n");
  assert.deepEqual([signIns.length, summary.files[0]?.format, summary.files[0]?.ignored], [0, "openssh", 1]);
});

test("many small logs are read without having all of them open", async () => {
  const files = Array.from(
    { length: 1_500 },
    (_, index) => [`host${index}x.log`, failed(index, `user${index}`)] as const,
  );
  const got = await read([folder(Object.fromEntries(files))]);
  assert.deepEqual(
    accounts(got),
    files.map((_, index) => `user${index}`),
  );
});

const program = `
import { readSignIns } from ${JSON.stringify(new URL("reading.ts", import.meta.url).href)};
const options = { timezone: "UTC", clock: { now: () => ${NOW}, ticks: () => 0 }, workers: Number(process.argv[2]) };
const reading = readSignIns(["-"], options);
for await (const batch of reading) for (const { account } of batch) console.log(account);
console.log(reading.summary().files[0].path);
`;

for (const workers of ["0", "1"]) {
  test(`standard input is read, compressed or not (threads: ${workers})`, () => {
    const script = join(folder({ "read.mjs": program }), "read.mjs");
    for (const input of [failed(0, "anna"), gzipSync(`${failed(0, "anna")}\n`)]) {
      const run = spawnSync(process.execPath, [script, workers], { input, encoding: "utf8" });
      assert.equal(run.stdout, "anna\n-\n", run.stderr);
    }
  });
}
