import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Kept, allSources, contextOf, until } from "../../../test/support/inputs.ts";
import { MovedTime } from "../../../test/support/timers.ts";
import { readJournalPosition, timeOfCursor } from "./journal-position.ts";
import { Journal } from "./journal.ts";

const writer = ["/usr/lib/systemd/systemd-journal-remote", "/lib/systemd/systemd-journal-remote"].find((path) =>
  existsSync(path),
);
const isThere = writer !== undefined && spawnSync("journalctl", ["--version"]).status === 0;
const skip = isThere
  ? false
  : "journalctl and systemd-journal-remote are not both there (Debian: systemd-journal-remote)";

/** A minute ago, so that what is read of a journal at first holds it. */
const BEGIN = Date.now() - 60_000;

type Said = { readonly text: string; readonly second: number; readonly unit?: string; readonly pid?: number };

const failed = (account: string): string => `Failed password for ${account} from 192.0.2.7 port 50022 ssh2`;

/** Writes a real journal, entry after entry, as another machine's would be received. */
class Written {
  readonly folder = mkdtempSync(join(tmpdir(), "portcullis-journal-"));

  add(...entries: readonly Said[]): void {
    const text = entries.map(({ text: message, second, unit = "ssh.service", pid = 4_711 }) =>
      [
        `__REALTIME_TIMESTAMP=${(BEGIN + second * 1_000) * 1_000}`,
        `__MONOTONIC_TIMESTAMP=${1_000_000 + second * 1_000_000}`,
        "_BOOT_ID=0123456789abcdef0123456789abcdef",
        "_HOSTNAME=mx1",
        "SYSLOG_IDENTIFIER=sshd",
        `_SYSTEMD_UNIT=${unit}`,
        `_PID=${pid}`,
        `MESSAGE=${message}`,
        "\n",
      ].join("\n"),
    );
    const output = `--output=${join(this.folder, "remote.journal")}`;
    const { status, stderr } = spawnSync(writer ?? "", [output, "-"], { input: text.join("") });
    assert.equal(status, 0, stderr.toString());
  }
}

async function scene(
  run: (scene: {
    readonly written: Written;
    readonly kept: Kept;
    readonly time: MovedTime;
    readonly start: (units?: readonly string[]) => Journal;
    readonly has: (...accounts: readonly string[]) => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  const [written, kept, time] = [new Written(), new Kept(), new MovedTime(BEGIN)];
  const running: Journal[] = [];
  try {
    await run({
      written,
      kept,
      time,
      start(units = []) {
        const journal = new Journal({ units, folder: written.folder, sources: allSources }, contextOf(kept, time));
        running.push(journal);
        return journal;
      },
      has: async (...accounts) => {
        await until(time, () => kept.accounts.length >= accounts.length, `only ${kept.accounts.join(" ")}`);
        assert.deepEqual(kept.accounts, accounts);
      },
    });
  } finally {
    await Promise.all(running.map(async (journal) => journal[Symbol.asyncDispose]()));
    rmSync(written.folder, { recursive: true });
  }
}

test("a real journal is read, and followed as it grows", { skip }, async () =>
  scene(async ({ written, start, has, kept }) => {
    written.add({ text: failed("anna"), second: 0 });
    start();
    await has("anna");
    written.add({ text: failed("bert"), second: 1 });
    await has("anna", "bert");
    assert.deepEqual(
      kept.signIns.map(({ server, service, at }) => [server, service, at - BEGIN]),
      [
        ["mx1", "ssh", 0],
        ["mx1", "ssh", 1_000],
      ],
    );
  }),
);

test("only the units that are named", { skip }, async () =>
  scene(async ({ written, start, has }) => {
    written.add({ text: failed("other"), second: 0, unit: "other.service" }, { text: failed("anna"), second: 1 });
    start(["ssh.service"]);
    await has("anna");
  }),
);

test(
  "after a restart it goes on after the last entry, and an attempt that was half told counts once",
  { skip },
  async () =>
    scene(async ({ written, start, has, kept, time }) => {
      const weak =
        "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=bert";
      written.add({ text: failed("anna"), second: 0 }, { text: weak, second: 1, pid: 5_000 });
      const first = start();
      await has("anna");
      await first[Symbol.asyncDispose]();
      const position = readJournalPosition(kept.position("journal"));
      assert.ok(position !== undefined && position.read !== position.from);
      written.add({ text: failed("bert"), second: 2, pid: 5_000 }, { text: failed("carl"), second: 3 });
      start();
      await has("anna", "bert", "carl");
      time.move(60_000);
      await pause(50);
      assert.deepEqual(kept.accounts, ["anna", "bert", "carl"]);
      assert.equal(kept.again, 0);
    }),
);

/** A journalctl that says what we want it to, first on the path. */
async function withScript(script: string, run: () => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-script-"));
  const before = process.env["PATH"] ?? "";
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/journalctl"), `#!/bin/sh\n${script.replaceAll("FOLDER", folder)}`);
  chmodSync(join(folder, "bin/journalctl"), 0o755);
  process.env["PATH"] = `${join(folder, "bin")}${delimiter}${before}`;
  try {
    await run();
  } finally {
    process.env["PATH"] = before;
    rmSync(folder, { recursive: true });
  }
}

const entry = (account: string, index: number): string =>
  JSON.stringify({
    __CURSOR: `s=1;i=${index};t=${((BEGIN + index) * 1_000).toString(16)}`,
    __REALTIME_TIMESTAMP: String((BEGIN + index) * 1_000),
    SYSLOG_IDENTIFIER: "sshd",
    _PID: "1",
    MESSAGE: failed(account),
  });

test("journalctl that ends is started again after the last entry; what it says is told", async () => {
  const [kept, time] = [new Kept(), new MovedTime(BEGIN)];
  const script = `
echo "$@" >> FOLDER/asked
case "$*" in
  *--since=*) echo '${entry("anna", 1)}'; echo "no permission" >&2; exit 1;;
  *i=1*) echo '${entry("bert", 2)}'; exec sleep 60;;
esac`;
  await withScript(script, async () => {
    const journal = new Journal({ units: [], folder: "", sources: allSources }, contextOf(kept, time));
    await until(time, () => kept.accounts.length === 1, "anna");
    await until(time, () => kept.accounts.length === 2, "bert");
    assert.deepEqual(kept.accounts, ["anna", "bert"]);
    await journal[Symbol.asyncDispose]();
  });
});

test("lines that are no entries, and one without an end, are counted and passed over", async () => {
  const [kept, time] = [new Kept(), new MovedTime(BEGIN)];
  const script = `
echo 'no entry'; echo '{}'
head -c 3000000 /dev/zero | tr '\\0' x; echo
echo '${entry("anna", 1)}'; exec sleep 60`;
  await withScript(script, async () => {
    const journal = new Journal({ units: [], folder: "", sources: allSources }, contextOf(kept, time));
    await until(time, () => kept.accounts.length === 1, "anna");
    assert.equal(journal.report().malformed, 2);
    await journal[Symbol.asyncDispose]();
  });
});

test("where there is no journalctl that is told, and tried again", async () => {
  const [kept, time] = [new Kept(), new MovedTime(BEGIN)];
  const before = process.env["PATH"];
  process.env["PATH"] = "/nowhere";
  try {
    const journal = new Journal({ units: [], folder: "", sources: allSources }, contextOf(kept, time));
    await until(time, () => journal.report().trouble.includes("ENOENT"), "nothing is said of it");
    await journal[Symbol.asyncDispose]();
  } finally {
    process.env["PATH"] = before;
  }
});

test("a cursor says when its entry was written", () => {
  assert.equal(timeOfCursor("s=5a;i=1;b=01;m=f4240;t=660eea828e800;x=cb"), 0x660eea828e800);
  assert.equal(timeOfCursor("x"), 0);
});
