import assert from "node:assert/strict";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Status } from "#/gate/control-messages.ts";
import { type Millis, days, later } from "#/platform/units.ts";
import { freshFolder } from "../../test/support/folders.ts";
import { NOON } from "../../test/support/gate.ts";
import type { Probe } from "./connect/server.ts";
import { type DoctorParts, diagnose, doctorText, isWell } from "./doctor.ts";
import { defaults } from "./settings.ts";

const running: Status = {
  is: "status",
  at: NOON,
  isReady: true,
  isEnforcing: true,
  mode: undefined,
  postures: [],
  blocks: [],
  accounts: 12,
  threats: [],
  campaign: "",
  lastDay: [],
  lastWeek: [],
  unkept: "",
  unread: "",
};
const settings = { ...defaults, gate: { ...defaults.gate, breakGlass: ["adm"], siteNetworks: ["192.0.2.0/24"] } };

/** A data folder that was last written then. */
function written(at: Millis): string {
  const folder = freshFolder();
  writeFileSync(join(folder, "portcullis.db"), "x");
  utimesSync(join(folder, "portcullis.db"), at / 1_000, at / 1_000);
  return folder;
}

const parts = (more: Partial<DoctorParts> = {}): DoctorParts => ({
  status: running,
  settings,
  folder: written(NOON),
  probe: () => undefined,
  now: NOON,
  ...more,
});
const told = (more: Partial<DoctorParts> = {}): string => doctorText(diagnose(parts(more)));

test("a site where all is well is told so", () => {
  assert.equal(isWell(diagnose(parts())), true);
  assert.match(told(), /All that counts is right\.\n$/);
  assert.match(told(), /ok {6}it knows from where 12 accounts sign in/);
});

test("what is blind or would shut out is said, with what to do", () => {
  for (const [more, words] of [
    [
      { status: undefined },
      /WRONG {3}it does not run: your servers let everybody on .*\n +-> systemctl start portcullis/,
    ],
    [{ status: { ...running, accounts: 0 } }, /MISSING it has seen no successful sign-in/],
    [
      { status: { ...running, unkept: "the disk is full" } },
      /WRONG {3}the last changes hold now and are not kept: the disk is full/,
    ],
    [{ settings: defaults }, /MISSING gate\.breakGlass is empty[\s\S]*MISSING gate\.siteNetworks is empty/],
    [{ folder: freshFolder() }, /WRONG {3}.*portcullis\.db is not there or cannot be read/],
    [{ folder: written(later(NOON, days(1))) }, /WRONG {3}.* in the future: this host's clock was set back/],
    [
      { settings: { ...settings, serve: { ...settings.serve, http: "192.0.2.7:4001" } } },
      /MISSING serve\.http can be read by others: no hash of a password is taken/,
    ],
  ] as const satisfies readonly (readonly [Partial<DoctorParts>, RegExp])[]) {
    assert.equal(isWell(diagnose(parts(more))), false, String(words));
    assert.match(told(more), words);
  }
});

test("what is no fault, and yet worth knowing, is a note", () => {
  for (const [more, words] of [
    [
      { status: { ...running, isEnforcing: false } },
      /note {4}it watches only, and refuses nobody\n +-> portcullis gate enforce/,
    ],
    [{ status: { ...running, isReady: false } }, /note {4}it runs, and is still reading/],
    [{ now: later(NOON, days(3)) }, /note {4}.* 3 days ago: nobody reports anything/],
    [{}, /note {4}none of Dovecot, Postfix and nginx is on this host/],
  ] as const satisfies readonly (readonly [Partial<DoctorParts>, RegExp])[]) {
    assert.equal(isWell(diagnose(parts(more))), true, String(words));
    assert.match(told(more), words);
  }
});

test("servers on this host are checked, and one that asks nobody is to be mended", () => {
  const probe: Probe = (command) => {
    if (command === "dovecot") return { status: 0, text: "2.3.19.1 (9b53102964)\n" };
    return command === "doveconf" ? { status: 0, text: "protocols = imap\n" } : undefined;
  };
  assert.match(
    told({ probe }),
    /Dovecot 2\.3\.19\.1\n {2}MISSING auth_policy_server_url is not set: Dovecot asks nobody/,
  );
});
