// `portcullis gate` as it is typed, asking a gate over a real Unix socket in a folder of its own.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { HOME, NEAR, NOON, STRANGE, attempt, familiar, threaten } from "../../test/support/gate.ts";
import { at, success } from "../../test/support/signins.ts";
import { controlSocket, listenForControl } from "#/gate/control-socket.ts";
import { createControl, recordsOf } from "#/gate/control.ts";
import { Gate } from "#/gate/gate.ts";
import { entriesOf } from "#/gate/posture-log.ts";
import type { Clock } from "#/platform/clock.ts";
import { Failure } from "#/platform/failure.ts";
import { type Millis, days, hours, later, minutes } from "#/platform/units.ts";
import { openMemoryStore } from "#/store/memory/open.ts";
import type { Store } from "#/store/store.ts";
import { openOffline } from "./gate-offline.ts";
import { authorOf, runGate } from "./gate.ts";
import { createProgram } from "./program.ts";
import { defaults } from "./settings.ts";

const SETTINGS = {
  ...defaults,
  gate: {
    ...defaults.gate,
    siteNetworks: ["198.51.100.0/24"],
    breakGlass: ["rescue"],
    groups: { press: ["*@press.example.org"] },
  },
};

type Ran = { readonly status: number; readonly out: string; readonly error: string };

class Scene implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "portcullis-gate-"));
  readonly store: Store = openMemoryStore();
  readonly gate = new Gate(SETTINGS.gate, SETTINGS.familiarity);
  now: Millis = NOON;
  /** What is answered to "Do it?"; undefined where nobody sits there. */
  answer: boolean | undefined = undefined;
  readonly clock: Clock = { now: () => this.now, ticks: () => 0 };
  #listening: AsyncDisposable | undefined;

  async serve(store: Store = this.store): Promise<void> {
    this.gate.setPosture(entriesOf(store.postures.all()));
    this.gate.setReady();
    const records = recordsOf(store);
    this.#listening = await listenForControl(controlSocket(this.folder), createControl(this.gate, records, this.clock));
  }

  async stop(): Promise<void> {
    await this.#listening?.[Symbol.asyncDispose]();
  }

  async run(...args: readonly string[]): Promise<Ran> {
    let [out, error, status] = ["", "", 0];
    const screen = {
      width: 80,
      color: false,
      unicode: true,
      outputIsTerminal: false,
      errorIsTerminal: false,
      print: (text: string) => void (out += text),
      error: (text: string) => void (error += text),
    };
    const { answer } = this;
    const nothing = (): Promise<void> => Promise.resolve();
    const program = createProgram(
      {
        scan: nothing,
        example: nothing,
        simulate: nothing,
        serve: nothing,
        token: () => undefined,
        formats: nothing,
        connect: nothing,
        doctor: nothing,
        welcome: nothing,
        gate: async (command, options) => {
          status = await runGate(command, options, {
            folder: this.folder,
            author: "jo",
            screen,
            open: () => openOffline(this.folder, SETTINGS, () => this.store, this.clock),
            confirm: answer === undefined ? undefined : () => Promise.resolve(answer),
          });
        },
      },
      "0",
    );
    try {
      await program.exitOverride().parseAsync(["gate", ...args], { from: "user" });
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      return { status: 1, out, error: error + thrown.message };
    }
    return { status, out, error };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }
}

test("at first the gate watches, and says so", async () => {
  await using scene = new Scene();
  await scene.serve();
  familiar(scene.gate, "anna", HOME);
  const { out } = await scene.run("status");
  assert.match(out, /^The gate only watches: it refuses nobody.*portcullis gate enforce\n/);
  assert.match(out, /Posture +open for all/);
  assert.match(out, /Knows +1 account\n/);
  assert.match(out, /Last day +nobody to be refused\n/);
  assert.equal(statSync(controlSocket(scene.folder)).mode & 0o777, 0o600);
});

test("enforce says first what it would have done and who would have been hurt, and asks", async () => {
  await using scene = new Scene();
  await scene.serve();
  threaten(scene.gate, "attacking-address", STRANGE, later(NOON, days(9)));
  for (const [index, account] of ["anna", "bob", "bob"].entries()) {
    const asked = attempt(account, STRANGE, { at: later(NOON, minutes(index)) });
    scene.store.verdicts.append([{ ...scene.gate.decide(asked), ...asked, protocol: "dovecot" }]);
  }
  const arrivals = [{ id: "1", signIn: success(later(NOON, hours(1)), "anna", STRANGE) }];
  scene.store.signIns.append([{ input: "test", arrivals, position: undefined }]);
  scene.now = later(NOON, days(2));
  assert.equal((await scene.run("enforce")).status, 1, "nobody to ask");
  assert.match((await scene.run("enforce", "--dry-run")).out, /attacking-address 3/);
  assert.equal((await scene.run("watch", "--dry-run")).out, "This shuts nobody out.\n");
  assert.equal(scene.store.postures.all().length, 0);
  scene.answer = false;
  const declined = await scene.run("enforce");
  assert.equal(declined.status, 2);
  assert.match(declined.out, /In the last day\n {2}nothing would have been refused\.\n/);
  assert.match(
    declined.out,
    /In the last 7 days\n {2}3 attempts on 2 accounts from 1 address would have been refused: attacking-address 3\./,
  );
  assert.match(
    declined.out,
    /1 account signed in from there afterwards.*\n {4}anna from 203\.0\.113\.9 at 2026-03-02 13:00 UTC \(attacking-address\)/,
  );
  assert.match(declined.out, /Nothing was changed\.\n$/);
  assert.equal(scene.gate.decide(attempt("bob", STRANGE, { at: scene.now })).answer, "allow");
  scene.answer = true;
  assert.match(
    (await scene.run("enforce")).out,
    /Done: enforcing, change 1 by jo\.\nTo take it back: portcullis gate undo 1\n$/,
  );
  assert.equal(scene.gate.decide(attempt("bob", STRANGE, { at: scene.now })).answer, "refuse");
  assert.match(
    (await scene.run("undo")).out,
    /Done: change 1 undone, change 2 by jo\.\nThat was: enforcing, by jo\.\n$/,
  );
  assert.equal(scene.gate.decide(attempt("bob", STRANGE, { at: scene.now })).answer, "allow");
});

test("close and on-site say whom they would hit, in numbers, and end by themselves", async () => {
  await using scene = new Scene();
  await scene.serve();
  familiar(scene.gate, "anna", HOME);
  familiar(scene.gate, "bob", "198.51.100.7");
  familiar(scene.gate, "carl", HOME, at(-30, 12));
  scene.answer = false;
  assert.match(
    (await scene.run("close", "--reason", "drill")).out,
    /This shuts out all accounts: 3 known accounts, 2 of which signed in in the last 7 days\. 1 break-glass account can still sign in\./,
  );
  assert.match(
    (await scene.run("on-site", "--reason", "drill")).out,
    /Of 2 accounts that signed in in the last 7 days \(all accounts\), 1 did so from outside the site networks \(anna\); from there/,
  );
  await scene.run("enforce", "--yes");
  const closed = await scene.run("close", "--reason", "drill", "--for", "90m", "--yes");
  assert.match(
    closed.out,
    /Done: closed for all accounts until 2026-03-02 13:30 UTC \(90 min\), change 2 by jo: drill\./,
  );
  assert.equal(scene.gate.decide(attempt("anna", HOME)).code, "closed");
  assert.equal(scene.gate.decide(attempt("anna", HOME, { at: later(NOON, minutes(90)) })).answer, "allow");
});

test("guard is for whom it is said, and open says what still holds", async () => {
  await using scene = new Scene();
  await scene.serve();
  familiar(scene.gate, "kim@press.example.org", HOME);
  await scene.run("enforce", "--yes");
  const guarded = await scene.run("guard", "--accounts", "press", "--service", "imap", "--reason", "spray", "--yes");
  assert.match(
    guarded.out,
    /Of 1 account that signed in.*\(press at imap\), 1 did so from a network that was new to them \(kim@press\.example\.org\)/,
  );
  assert.match(guarded.out, /until 2026-03-02 16:00 UTC \(4 h\)/, "four hours, where nobody says otherwise");
  assert.equal(scene.gate.decide(attempt("kim@press.example.org", STRANGE)).code, "guarded");
  assert.equal(scene.gate.decide(attempt("anna", STRANGE)).code, "open");
  assert.match(
    (await scene.run("open")).out,
    /Still guarded for press at imap until .* To end it: portcullis gate undo 2\n/,
  );
  assert.equal(scene.gate.decide(attempt("kim@press.example.org", STRANGE)).code, "guarded");
  await scene.run("open", "--accounts", "press", "--service", "imap");
  assert.equal(scene.gate.decide(attempt("kim@press.example.org", STRANGE)).code, "open");
});

test("a block is a network, whoever is there is counted, and unblock ends it", async () => {
  await using scene = new Scene();
  await scene.serve();
  familiar(scene.gate, "anna", HOME);
  const blocked = await scene.run("block", "203.0.113.77/24", "--reason", "guesses");
  assert.match(
    blocked.out,
    /Nobody signed in from around 203\.0\.113\.77\/24.*\nDone: 203\.0\.113\.0\/24 blocked until/,
  );
  assert.match(blocked.out, /NOT IN FORCE: the gate only watches/);
  assert.match((await scene.run("block", HOME, "--reason", "guesses")).error, /--yes/);
  assert.match(
    (await scene.run("block", HOME, "--reason", "guesses", "--yes")).out,
    /1 account signed in from around 192\.0\.2\.7 in the last 7 days \(anna\)/,
  );
  assert.match(
    (await scene.run("status")).out,
    /Blocked +203\.0\.113\.0\/24 blocked until.*\n +192\.0\.2\.7\/32 blocked|Blocked +192\.0\.2\.7\/32 blocked/,
  );
  assert.match(
    (await scene.run("unblock", "203.0.113.5")).error,
    /203\.0\.113\.5\/32 is not blocked\. Blocked with addresses of it: 203\.0\.113\.0\/24\./,
  );
  assert.match((await scene.run("unblock", "203.0.113.0/24")).out, /Done: 203\.0\.113\.0\/24 unblocked/);
  assert.equal(scene.gate.decide(attempt("anna", STRANGE)).would, "allow");
  assert.match(
    (await scene.run("log")).out,
    / 1 {2}2026-03-02 12:00 {2}overtaken {2}203\.0\.113\.0\/24 blocked.*\n.*in force {3}192\.0\.2\.7\/32 blocked.*\n.*done .*unblocked/,
  );
});

test("what cannot be done is refused with what to do instead", async () => {
  await using scene = new Scene();
  await scene.serve();
  const errorOf = async (...args: string[]): Promise<string> => {
    const { status, error } = await scene.run(...args);
    assert.equal(status, 1);
    return error;
  };
  assert.match(await errorOf("guard", "--yes"), /--reason/);
  assert.match(await errorOf("guard", "--yes", "--reason", "x", "--for", "200d"), /longer than 90d/);
  assert.match(await errorOf("guard", "--yes", "--reason", "x", "--accounts", "*a*"), /more than one star/);
  assert.match(await errorOf("block", "0.0.0.0/0", "--reason", "x"), /great part of the internet/);
  assert.match(await errorOf("block", "198.51.100.128/25", "--reason", "x"), /your site network 198\.51\.100\.0\/24/);
  assert.match(await errorOf("block", "nowhere", "--reason", "x"), /is no network/);
  assert.match(await errorOf("undo"), /nothing to undo/);
  assert.match(await errorOf("undo", "7"), /no change 7/);
  await scene.run("block", STRANGE, "--reason", "x", "--for", "1h");
  await scene.run("undo", "1");
  assert.match(await errorOf("undo", "1"), /undone already/);
  scene.now = later(NOON, hours(2));
  assert.match(await errorOf("undo", "1"), /ended by itself at 2026-03-02 13:00 UTC/);
  assert.equal(scene.store.postures.all().length, 2, "nothing that was refused is kept");
});

test("why tells all that is known of an account at an address", async () => {
  await using scene = new Scene();
  await scene.serve();
  familiar(scene.gate, "anna", HOME, at(-2, 12));
  threaten(scene.gate, "attacking-address", STRANGE);
  const { out } = await scene.run("why", "Anna", STRANGE);
  assert.match(
    out,
    /^anna at 203\.0\.113\.9 \(imap\) would be refused: attacking-address\. The gate only watches, so it is let through\.\n/,
  );
  assert.match(out, /Because: this account never signed in from this network; because of attacking-address\.\n/);
  assert.match(out, /Familiar +192\.0\.2\.0\/24, last 2 days ago, first 2026-02-28\n/);
  assert.match(out, /Threats +attacking-address, since 2026-03-02 12:00, ends 2026-03-02 16:00 \(in 4 h\): because of/);
  assert.match(
    (await scene.run("why", "anna", NEAR)).out,
    /is let through to the password check: nearby\.\nBecause: this account signs in from this wider area\./,
  );
  const json: unknown = JSON.parse((await scene.run("why", "anna", STRANGE, "--json")).out);
  assert.ok(typeof json === "object" && json !== null && "explanation" in json);
  assert.ok(!(await scene.run("why", "\u001b[2Janna", STRANGE)).out.includes("\u001b"));
});

test("while serve is down a change is kept and takes effect when it starts", async () => {
  await using scene = new Scene();
  const { out, error } = await scene.run("guard", "--reason", "spray", "--yes");
  assert.match(error, /portcullis serve is not running/);
  assert.match(out, /nobody can say whom this will hit/);
  assert.match(out, /serve is not running: this is kept, and takes effect when it starts\./);
  await scene.run("enforce", "--yes");
  await scene.serve();
  assert.match((await scene.run("status")).out, /^The gate enforces, since|^The gate enforces, change 2 by jo/);
  assert.equal(scene.gate.decide(attempt("anna", STRANGE)).answer, "refuse");
});

test("a socket that a killed serve left behind is no serve, and two cannot run on one folder", async () => {
  await using scene = new Scene();
  const killed =
    'require("node:net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
  spawnSync(process.execPath, ["-e", killed, controlSocket(scene.folder)]);
  assert.ok(statSync(controlSocket(scene.folder)).isSocket());
  await scene.serve();
  assert.equal((await scene.run("status")).status, 0);
  await assert.rejects(scene.serve(), /another process listens there. Is Portcullis running already/);
});

test("what cannot be kept holds all the same, is said, and is kept in its order once it can be", async () => {
  await using scene = new Scene();
  let isFull = true;
  const { postures } = scene.store;
  const full: Store = {
    ...scene.store,
    postures: {
      all: () => postures.all(),
      append: (entry) => {
        if (isFull) throw new Failure("store-full", "the disk is full: make room");
        postures.append(entry);
      },
    },
  };
  await scene.serve(full);
  const { out } = await scene.run("enforce", "--yes");
  assert.match(out, /NOT KEPT: it holds now, and will be gone after a restart: the disk is full: make room/);
  assert.ok(scene.gate.isEnforcing(NOON));
  assert.match((await scene.run("status")).out, /NOT KEPT: .*the disk is full/);
  isFull = false;
  await scene.run("block", STRANGE, "--reason", "guesses");
  const kept = postures
    .all()
    .map(({ change }) => (typeof change === "object" && change !== null && "kind" in change ? change.kind : ""));
  assert.deepEqual(kept, ["enforce", "block"]);
  assert.ok(!(await scene.run("status")).out.includes("NOT KEPT"));
});

test("while verdicts cannot be read, all else is answered and done", async () => {
  await using scene = new Scene();
  const unreadable = (): never => {
    throw new Failure("watch-stopped", "the watch does not run: see its log");
  };
  const verdicts = {
    ...scene.store.verdicts,
    readSince: unreadable,
    countsSince: unreadable,
    append: unreadable,
    forgetBefore: unreadable,
  };
  await scene.serve({ ...scene.store, verdicts });
  assert.match(
    (await scene.run("status")).out,
    /Posture +open for all.*\nThreats .*\nKnows .*\nVerdicts +cannot be read now: the watch does not run: see its log\n$/,
  );
  const { out } = await scene.run("enforce", "--yes");
  assert.match(out, /^Nobody can say now whom it would have hit: the watch does not run: see its log\nDone: enforcing/);
});

test("who did it is the user, and who that was before sudo", () => {
  assert.equal(authorOf("jo", {}), "jo");
  assert.equal(authorOf("root", { SUDO_USER: "jo" }), "jo (as root)");
  assert.equal(authorOf("root", { SUDO_USER: "root" }), "root");
});
