/**
 * `portcullis doctor`: what is connected, what Portcullis cannot see, and how to mend that. It works while serve is down, and says so. It changes
 * nothing.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Status } from "#/gate/control-messages.ts";
import type { ServiceState } from "#/gate/service-state.ts";
import { type Millis, counted, inWords, utcMinute } from "#/platform/units.ts";
import { visible } from "#/report/escape.ts";
import { placesOf, servers } from "./connect/connect.ts";
import { type Finding, type Probe, type Server, missing, note, right, wrong } from "./connect/server.ts";
import { ofWhatComesIn } from "./doctor-service.ts";
import type { defaults } from "./settings.ts";

export type DoctorParts = {
  /** What serve says of itself; undefined where it does not run. */
  readonly status: Status | undefined;
  /** And what comes in there. */
  readonly service?: ServiceState | undefined;
  readonly settings: typeof defaults;
  readonly folder: string;
  readonly probe: Probe;
  readonly now: Millis;
};

export type Diagnosis = { readonly subject: string; readonly found: readonly Finding[] };

export function diagnose(parts: DoctorParts): Diagnosis[] {
  return [
    { subject: "portcullis serve", found: ofService(parts) },
    { subject: "the store", found: ofStore(parts) },
    ...(parts.service === undefined
      ? []
      : [{ subject: "what comes in", found: ofWhatComesIn(parts.service, parts.now) }]),
    { subject: "settings", found: ofSettings(parts) },
    ...ofServers(parts),
  ];
}

function ofService({ status }: DoctorParts): Finding[] {
  if (status === undefined)
    return [
      wrong(
        "it does not run: your servers let everybody on to the password check, and nothing is learned",
        "systemctl start portcullis, or portcullis serve",
      ),
    ];
  const found = [
    status.isReady
      ? right("it runs")
      : note("it runs, and is still reading what was kept: it cannot tell members from strangers yet"),
  ];
  if (status.unkept !== "")
    found.push(wrong(`the last changes hold now and are not kept: ${status.unkept}`, "make the store writable again"));
  if (status.unread !== "")
    found.push(wrong(`past verdicts cannot be read: ${status.unread}`, "make the store readable again"));
  found.push(
    status.isEnforcing
      ? right("it refuses strangers where it has reason to")
      : note("it watches only, and refuses nobody", "portcullis gate enforce (says first whom it would have refused)"),
    status.accounts > 0
      ? right(`it knows from where ${counted(status.accounts, "account")} sign${status.accounts === 1 ? "s" : ""} in`)
      : missing(
          "it has seen no successful sign-in: it can learn nobody's habits, and takes everybody for a stranger",
          "portcullis connect dovecot --check; a log that it follows must tell successes, too",
        ),
  );
  return found;
}

function ofStore({ folder, now, status }: DoctorParts): Finding[] {
  const file = join(folder, "portcullis.db");
  const [data, journal] = [fileOf(file), fileOf(`${file}-wal`)];
  if (data === undefined)
    return [
      status === undefined
        ? note(
            `${file}: nothing is kept there yet`,
            "where serve uses another folder: --data FOLDER, or PORTCULLIS_DATA",
          )
        : wrong(
            `${file} is not there or cannot be read`,
            "run doctor as root, or as the user that runs serve; with --data FOLDER",
          ),
    ];
  const megabytes = (data.size + (journal?.size ?? 0)) / 1_048_576;
  const last = Math.max(data.mtimeMs, journal?.mtimeMs ?? 0);
  const what = `${megabytes.toFixed(1)} MB in ${file}, last written ${utcMinute(last)} UTC`;
  const age = now - last;
  if (age < -CLOCK_AHEAD_MAX)
    return [wrong(`${what}, which is in the future: this host's clock was set back`, "timedatectl; NTP")];
  if (age > SILENT_FOR)
    return [note(`${what}, ${inWords(age)} ago: nobody reports anything`, "portcullis connect ... --check")];
  return [right(what)];
}

const SILENT_FOR = 86_400_000;
const CLOCK_AHEAD_MAX = 60_000;

function fileOf(path: string): { readonly size: number; readonly mtimeMs: number } | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function ofSettings({ settings }: DoctorParts): Finding[] {
  const { gate, serve } = settings;
  const has = (list: readonly string[], good: string, bad: string, mend: string): Finding =>
    list.length > 0 ? right(`${good}: ${list.length}`) : missing(bad, mend);
  return [
    has(
      gate.breakGlass,
      "accounts that are never refused",
      "gate.breakGlass is empty: with the gate closed, nobody can come in and mend things",
      "gate: { breakGlass: [postmaster] }",
    ),
    has(
      gate.siteNetworks,
      "networks of your own",
      "gate.siteNetworks is empty: members who come to the office for the first time are strangers, and on-site shuts all out",
      'gate: { siteNetworks: ["192.0.2.0/24"] }',
    ),
    ...(placesOf(serve, gate, "").isSafe
      ? []
      : [
          missing(
            "serve.http can be read by others: no hash of a password is taken",
            "serve: { certificate: ..., key: ... }, or loopback",
          ),
        ]),
  ];
}

function ofServers({ settings, probe }: DoctorParts): Diagnosis[] {
  const places = placesOf(settings.serve, settings.gate, settings.inputs.syslogTcp);
  const installed = Object.entries<Server>(servers).flatMap(([name, server]): Diagnosis[] => {
    // Nobody has to send syslog.
    if (name === "syslog" && places.syslog === "") return [];
    const version = server.version(probe);
    if (version === "") return [];
    const subject = `${server.title} ${version}`;
    const found = server.check(places, probe, "");
    if (found === undefined)
      return [
        { subject, found: [note("its configuration cannot be read", `sudo portcullis connect ${name} --check`)] },
      ];
    return [{ subject, found }];
  });
  if (installed.length > 0) return installed;
  return [
    {
      subject: "servers",
      found: [
        note("none of Dovecot, Postfix and nginx is on this host", "portcullis connect ... --check, where they are"),
      ],
    },
  ];
}

export const isWell = (all: readonly Diagnosis[]): boolean =>
  all.every(({ found }) => found.every(({ is }) => is === "right" || is === "note"));

const signs: Readonly<Record<Finding["is"], string>> = {
  right: "ok      ",
  missing: "MISSING ",
  wrong: "WRONG   ",
  note: "note    ",
};

export function doctorText(all: readonly Diagnosis[]): string {
  const lines = all.flatMap(({ subject, found }) => [
    subject,
    ...found.flatMap(({ is, what, mend }) => [
      `  ${signs[is]}${visible(what)}`,
      ...(mend === "" ? [] : [`            -> ${visible(mend)}`]),
    ]),
  ]);
  const bad = all.flatMap(({ found }) => found).filter(({ is }) => is === "missing" || is === "wrong").length;
  return `${lines.join("\n")}\n\n${bad === 0 ? "All that counts is right." : `To mend: ${bad}.`}\n`;
}
