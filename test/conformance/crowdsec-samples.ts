/**
 * CrowdSec's tests of its parsers and scenarios: a log, and assertions on the fields of what was parsed from its lines
 * (parser.assert) or on the events that a scenario gathered (scenario.assert).
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { millis } from "#/platform/units.ts";
import type { Outcome } from "#/signin/signin.ts";
import type { Case } from "./compare.ts";
import { type Software, folders } from "./peers.ts";
import { type ReadEntry, readText } from "./read-log.ts";

type Fields = Record<string, string>;
/** One line as CrowdSec parsed it. */
type Parsed = { readonly parser: string; readonly meta: Fields; readonly parsed: Fields };

export const crowdsecServices = (): string[] => readdirSync(folders.crowdsec).filter((name) => name !== "LICENSE");

/** Years are inferred from this date where a log has none; CrowdSec's assertions do not say which it is. */
const latest = millis(Date.UTC(2026, 10, 23));

/** Logs whose lines are given without the syslog header that they have in life, and the program that writes them. */
const headless: Readonly<Record<string, string>> = { "dropbear-logs": "dropbear" };

/** Every line of a service's log, beside what CrowdSec's assertions say of it. */
export function crowdsecCases(service: string, software: Software): Case[] {
  const folder = join(folders.crowdsec, service);
  const log = readdirSync(folder).find((name) => name.endsWith(".log"));
  if (log === undefined) return [];
  const text = withHeaders(readFileSync(join(folder, log), "utf8").trimEnd(), headless[service]);
  const left = new Set(readText(text, { zone: "UTC", latest, only: undefined }));
  const assertions = read(join(folder, "parser.assert"));
  const isParsed = assertions.includes('results["s01-parse"]');
  const expected = isParsed ? parsedLines(assertions) : gatheredLines(read(join(folder, "scenario.assert")));
  const cases = expected.map((line) => {
    const entry = entryFor(line, left) ?? { text: `(no line for ${JSON.stringify(line.meta)})`, told: [] };
    left.delete(entry);
    return caseOf({ service, software }, entry, outcomeOf(line.meta, entry.text), line);
  });
  // A scenario says nothing of the lines that it did not gather; a parser has seen them all.
  return isParsed
    ? [...cases, ...[...left].map((entry) => caseOf({ service, software }, entry, "none", undefined))]
    : cases;
}

function caseOf(
  part: Pick<Case, "service" | "software">,
  entry: ReadEntry,
  outcome: Outcome | "none",
  line: Parsed | undefined,
): Case {
  const address = line?.meta["source_ip"] ?? "";
  const account = line === undefined ? undefined : accountOf(line);
  return {
    peer: "crowdsec",
    ...part,
    entry,
    expected: { outcome, address, account, clock: "" },
    signIns: [],
    counted: [],
  };
}

const read = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");

function withHeaders(text: string, program: string | undefined): string {
  if (program === undefined) return text;
  return text
    .split("\n")
    .map((line) => `Nov 23 10:00:00 host ${program}[1]: ${line}`)
    .join("\n");
}

/** The line that an assertion is about: of those that are left, the first that holds most of what it asserts. */
function entryFor(line: Parsed, left: ReadonlySet<ReadEntry>): ReadEntry | undefined {
  const { message = "" } = line.parsed;
  const address = line.meta["source_ip"] ?? "";
  const details = Object.values(line.meta).filter((value) => value.length > 2);
  let best: ReadEntry | undefined;
  let bestScore = 0;
  for (const entry of left) {
    const { text } = entry;
    const isIts = message !== "" && text.includes(message);
    if (!isIts && (address === "" || !text.includes(address))) continue;
    const score = (isIts ? 100 : 0) + 1 + details.filter((detail) => text.includes(detail)).length;
    if (score > bestScore) [best, bestScore] = [entry, score];
  }
  return best;
}

function outcomeOf(meta: Fields, text: string): Outcome | "none" {
  const { log_type: type = "" } = meta;
  if (type === "auth_success") return "success";
  if (/fail|invalid_username|^LOGIN_ERROR$|bruteforce_attempt/.test(type)) return "failure";
  if (meta["dovecot_login_result"] === "auth_failed" || meta["sub_type"] === "auth_fail") return "failure";
  // What Postfix rejects and what it refuses to sign in has one type.
  return type === "postfix" && text.includes("authentication failed") ? "failure" : "none";
}

/** Where CrowdSec puts the account differs from parser to parser. */
function accountOf({ meta, parser }: Parsed): string | undefined {
  const account = meta["target_user"] ?? meta["username"] ?? meta["user"];
  return account ?? (parser.endsWith("pureftpd-logs") ? meta["source_user"] : undefined);
}

const parsedPattern =
  /^(?:basename\()?results\["s01-parse"\]\["([^"]+)"\]\[(\d+)\]\.Evt\.(Parsed|Meta)\["([^"]+)"\]\)? == "(.*)"$/;

/** The lines that a parser of the service understood. */
function parsedLines(text: string): Parsed[] {
  const lines = new Map<string, Parsed>();
  for (const assertion of text.split(/\r?\n/)) {
    const found = parsedPattern.exec(assertion);
    if (found === null) continue;
    const [, parser = "", index = "", kind, name = "", value = ""] = found;
    const key = `${parser} ${index}`;
    const line = lines.get(key) ?? { parser, meta: {}, parsed: {} };
    lines.set(key, line);
    (kind === "Meta" ? line.meta : line.parsed)[name] = unquoted(value);
  }
  return [...lines.values()];
}

const gatheredPattern =
  /^(?:basename\()?results\[(\d+)\]\.Overflow\.Alert\.Events\[(\d+)\]\.GetMeta\("([^"]+)"\)\)? == "(.*)"$/;

/** The events that scenarios gathered; what several of them gathered is one. */
function gatheredLines(text: string): Parsed[] {
  const overflows = new Map<string, Map<string, Fields>>();
  for (const assertion of text.split(/\r?\n/)) {
    const found = gatheredPattern.exec(assertion);
    if (found === null) continue;
    const [, overflow = "", index = "", name = "", value = ""] = found;
    const events = overflows.get(overflow) ?? new Map<string, Fields>();
    overflows.set(overflow, events);
    const meta = events.get(index) ?? {};
    events.set(index, meta);
    meta[name] = unquoted(value);
  }
  const most = new Map<string, Fields[]>();
  for (const events of overflows.values()) {
    for (const [key, same] of Map.groupBy(events.values(), occasionOf)) {
      if (same.length > (most.get(key)?.length ?? 0)) most.set(key, same);
    }
  }
  return [...most.values()].flat().map((meta) => ({ parser: "", meta, parsed: {} }));
}

const occasionOf = (meta: Fields): string =>
  [meta["timestamp"], meta["source_ip"], accountOf({ parser: "", meta, parsed: {} }), meta["log_type"]].join(" ");

/** Go's quoting, as far as the assertions use it, is JSON's. */
function unquoted(value: string): string {
  try {
    return String(JSON.parse(`"${value}"`));
  } catch {
    return value;
  }
}
