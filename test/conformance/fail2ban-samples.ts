/**
 * fail2ban's test logs: a line of JSON before each log line says whether its filter must take the line for a failure, and of
 * which address. Samples of several lines stand together, between blank lines.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { millis } from "#/platform/units.ts";
import type { JsonObject } from "#/sources/source.ts";
import { parsedObject, textOf } from "#/sources/json-text.ts";
import type { Case, Expected } from "./compare.ts";
import { type Software, folders } from "./peers.ts";
import { type ReadOptions, joined, readLines } from "./read-log.ts";

type Sample = {
  readonly line: string;
  /** The line as we are given it: what a journal hands over without a time is put back into an entry of a journal. */
  readonly given: string;
  readonly expected: JsonObject;
  /** Lines of one paragraph and process. */
  readonly group: string;
};

export const fail2banServices = (): string[] => readdirSync(folders.fail2ban).filter((name) => name !== "COPYING");

/** The date at which fail2ban's tests are run, in the zone in which they are. */
const when = { zone: "Europe/Zurich", latest: millis(Date.UTC(2005, 7, 14, 10)) };

/** Every line of a service that fail2ban says something of. */
export function fail2banCases(service: string, software: Software): Case[] {
  const samples = parseSamples(readFileSync(join(folders.fail2ban, service), "utf8"));
  const options: ReadOptions = { ...when, only: undefined };
  const read = readLines(
    samples.map(({ given }) => given),
    options,
  );
  const groups = Map.groupBy(samples.keys(), (index) => samples[index]?.group ?? "");
  return samples.flatMap(({ line, expected, group }, index) => {
    const told = read[index]?.told ?? [];
    const members = [...(groups.get(group) ?? [])];
    const entries = members.flatMap((member) => read[member] ?? []);
    const counted = members.flatMap((member) =>
      member !== index && samples[member]?.expected["match"] === true ? [hostOf(samples[member].expected)] : [],
    );
    return [
      {
        peer: "fail2ban",
        software,
        service,
        entry: { text: line, told },
        expected: expectedOf(expected),
        signIns: joined(entries),
        counted,
      },
    ];
  });
}

function expectedOf(json: JsonObject): Expected {
  const user = json["user"];
  return {
    outcome: json["match"] === true ? "failure" : "none",
    address: hostOf(json),
    account: typeof user === "string" ? user : undefined,
    clock: textOf(json["time"]).slice(5),
  };
}

const hostOf = (json: JsonObject): string => textOf(json["host"]) || textOf(json["ip4"]) || textOf(json["ip6"]);

function parseSamples(text: string): Sample[] {
  const samples: Sample[] = [];
  let expected: JsonObject | undefined;
  let isJournal = false;
  let isJournalFile = false;
  let paragraph = 0;
  for (const line of text.split("\n")) {
    const comment = /^\s*#\s*(failJSON|fileOptions|filterOptions):\s*(.*)$/.exec(line);
    if (comment === null) {
      if (line.trim() === "") paragraph += 1;
      if (line.trim() === "" || line.startsWith("#") || expected === undefined) continue;
      const given = isJournal || isJournalFile ? journalEntry(line, samples.length) : line;
      samples.push({ line, given, expected, group: `${paragraph} ${/\[\d+\]/.exec(line)?.[0] ?? samples.length}` });
      expected = undefined;
      continue;
    }
    const [, kind, json = ""] = comment;
    if (kind === "failJSON") expected = parsedObject(json) ?? { match: "unreadable" };
    else if (kind === "fileOptions") isJournalFile = /"logtype": "journal"/.test(json);
    else isJournal = /"logtype": "journal"/.test(json);
  }
  return samples;
}

/** "srv sshd[1]: Failed ..." as `journalctl -o json` writes it. The time is ours: fail2ban gives none. */
function journalEntry(line: string, seconds: number): string {
  const found = /^(\S+) ([^\s:[]+)(?:\[(\d+)\])?: (.*)$/.exec(line);
  if (found === null) return line;
  const [, host, program, pid = "", message] = found;
  return JSON.stringify({
    __REALTIME_TIMESTAMP: `${when.latest / 1000 + seconds}000000`,
    _HOSTNAME: host,
    SYSLOG_IDENTIFIER: program,
    SYSLOG_PID: pid,
    MESSAGE: message,
  });
}
