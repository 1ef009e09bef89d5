// `portcullis gate` as a process of its own, on a real store: beside a gate that runs, and while none runs.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createCommand } from "../support/command.ts";
import { STRANGE, familiar, HOME } from "../support/gate.ts";
import { defaults } from "#/cli/settings.ts";
import { controlSocket, listenForControl } from "#/gate/control-socket.ts";
import { createControl, recordsOf } from "#/gate/control.ts";
import { Gate } from "#/gate/gate.ts";
import { entriesOf } from "#/gate/posture-log.ts";
import { systemClock } from "#/platform/clock.ts";
import { openStore } from "#/store/sqlite/open.ts";

const command = createCommand();

/** As a shell would, without holding up the gate that answers from this process. */
function run(
  ...args: readonly string[]
): Promise<{ readonly status: number; readonly out: string; readonly error: string }> {
  const [program, ...rest] = command.start;
  return new Promise((resolve) => {
    const child = execFile(
      program,
      [...rest, "gate", ...args],
      { cwd: command.folder, env: command.env },
      (_error, out, error) => resolve({ status: child.exitCode ?? -1, out, error }),
    );
  });
}

test("without a data folder the gate says where to look", () => {
  const { status, error } = command.run(["gate", "status"]);
  assert.equal(status, 1);
  assert.match(
    error,
    /portcullis-data: no Portcullis has run on this data folder\. .*--data FOLDER.*portcullis serve\n$/,
  );
});

test("what is changed while no gate runs is in force in the one that starts then, and that one can be asked", async () => {
  const folder = join(command.folder, "data");
  mkdirSync(folder);
  const block = command.run(["gate", "block", STRANGE, "--reason", "guesses", "--data", folder]);
  assert.match(block.error, /portcullis serve is not running/);
  assert.match(block.out, /Done: 203\.0\.113\.9\/32 blocked until .*: guesses\.\nserve is not running: this is kept/);
  assert.equal(command.run(["gate", "enforce", "--yes", "--data", folder]).status, 0);

  using store = openStore(folder, defaults.store);
  const gate = new Gate(defaults.gate, defaults.familiarity);
  gate.setPosture(entriesOf(store.postures.all()));
  familiar(gate, "anna", HOME, systemClock.now());
  gate.setReady();
  const records = recordsOf(store);
  await using _listening = await listenForControl(controlSocket(folder), createControl(gate, records, systemClock));
  const why = await run("why", "anna", STRANGE, "--data", folder);
  assert.equal(why.error, "");
  assert.match(
    why.out,
    /^anna at 203\.0\.113\.9 \(imap\) is refused: blocked-network\.\nBecause: 203\.0\.113\.9\/32 is blocked \(change 1 by .*: guesses\)\./,
  );
  assert.match((await run("undo", "1", "--data", folder)).out, /Done: change 1 undone, change 3 by/);
  assert.match(
    (await run("why", "anna", STRANGE, "--data", folder)).out,
    /is let through to the password check: open\./,
  );
  const wrong = await run("guard", "--yes", "--data", folder);
  assert.equal(wrong.status, 1);
  assert.match(wrong.error, /^portcullis: say why, for those who come after you: --reason/);
});
