import assert from "node:assert/strict";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Status } from "#/gate/control-messages.ts";
import type { DeskState, ServiceState } from "#/gate/service-state.ts";
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

const desk = (more: Partial<DeskState> = {}): DeskState => ({
  protocol: "dovecot",
  verdicts: [["familiar allow", 20]],
  told: { kept: 10, busy: 0, unkept: 0 },
  waiting: 0,
  failures: 0,
  fingerprintsRefused: 0,
  malformed: 0,
  trouble: "",
  ...more,
});

const service = (more: Partial<ServiceState> = {}, watch: Partial<ServiceState["watch"]> = {}): ServiceState => ({
  version: "0",
  since: later(NOON, days(-1)),
  places: [],
  desks: [desk()],
  recorder: { waiting: 0, kept: 0, dropped: 0, trouble: "" },
  inputs: [],
  watch: {
    waiting: 0,
    judged: 100,
    toldAgain: 0,
    last: NOON,
    successes: 90,
    failures: 10,
    addressless: 0,
    accounts: 12,
    trouble: "",
    ...watch,
  },
  ...more,
});

test("who asks and what is read is said, and a quiet service says that nothing comes in", () => {
  assert.match(told({ service: service() }), /ok {6}dovecot asks: 20 questions, 10 reports kept/);
  const followed = { input: "follow:/var/log/mail.log", signIns: 7, ignored: 1, malformed: 0, dropped: 0, trouble: "" };
  assert.match(told({ service: service({ inputs: [followed] }) }), /follow:\/var\/log\/mail\.log: 7 sign-ins read/);
  assert.match(
    told({ service: service({ desks: [] }) }),
    /MISSING nobody has asked or told anything .*1 days? ago|24 h ago/,
  );
});

test("what cannot be seen in what comes in is said, with what to do", () => {
  for (const [state, words] of [
    [service({ watch: undefined }), /WRONG {3}the part that keeps and judges sign-ins does not run/],
    [service({}, { trouble: "the disk is full" }), /cannot be kept, and is not judged: the disk is full/],
    [service({}, { successes: 0, failures: 60 }), /MISSING only failures come in/],
    [service({}, { addressless: 40 }), /40% of the sign-ins have no address/],
    [service({}, { last: later(NOON, days(1)) }), /in the future: a server's clock is wrong/],
    [service({}, { toldAgain: 50 }), /each counts once/],
    [service({ desks: [desk({ fingerprintsRefused: 3 })] }), /hashes of passwords where others can read them/],
    [
      service({ desks: [desk({ told: { kept: 0, busy: 0, unkept: 4 }, trouble: "full" })] }),
      /4 reports could not be kept: full/,
    ],
  ] as const)
    assert.match(told({ service: state }), words);
});
