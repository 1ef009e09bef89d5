/**
 * docs/sources.md: every format that is read, in its source's own words, and how the peers' own test suites come out. `npm run
 * docs` writes it. The suites are not part of the project: where they are not at hand the table that was there stays.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sources } from "#/sources/all.ts";
import type { Source } from "#/sources/source.ts";
import type { Difference } from "../test/conformance/differences.ts";
import { type Software, isPresent, peerNames, peers, software } from "../test/conformance/peers.ts";
import { type Tally, allTallies } from "../test/conformance/tally.ts";

const root = join(import.meta.dirname, "..");
const path = join(root, "docs/sources.md");

const conformanceHeading = "## Beside fail2ban and CrowdSec";

/** The page as it should be. */
export function sourcesPage(): string {
  return `${[...introduction, ...formatsTable(), ...formatsInWords(), "", conformance()].join("\n")}\n`;
}

const introduction = [
  "# What Portcullis reads",
  "",
  "The format is recognised by itself, line by line where several programs write into one file; `--format` takes one of the names",
  "below and overrules. Whatever surrounds a line is taken off first: syslog in its many shapes (RFC 3164, RFC 5424, rsyslog's and",
  "systemd's ISO times, busybox), `journalctl -o json`, Docker's JSON lines, containerd's prefix, multilog's time stamps, gzip, zstd.",
  "Lines of these formats that are no sign-ins are counted as ignored; those that must be one and cannot be read are counted as",
  "malformed and shown with `--malformed`. Nothing is skipped silently.",
  "",
  "Anything else that is CSV or JSON lines is read with `--map time=FIELD,account=FIELD,address=FIELD,outcome=FIELD`; where the fields",
  "have the usual names it is not even needed.",
  "",
  "This page is made from the code by `npm run docs`.",
  "",
];

function formatsTable(): string[] {
  const rows = [...sources].sort(byId).map((source) => {
    const programs = source.message === undefined ? "" : source.programs.map((name) => `\`${name}\``).join(" ");
    const cells = [`[${source.id}](#${source.id})`, source.title, programs, mark(source.line), mark(source.object)];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "## Formats",
    "",
    "| `--format` | what it is | syslog programs | log file of its own | records (JSON, CSV, XML) |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ];
}

const byId = (left: Source, right: Source): number => (left.id < right.id ? -1 : 1);
const mark = (reader: unknown): string => (reader === undefined ? "" : "yes");

function formatsInWords(): string[] {
  const sections = [...sources].sort(byId).flatMap(({ id }) => ["", `### ${id}`, "", headOf(id)]);
  return ["## What is read of each, and what is not", ...sections];
}

/** The comment at the head of the source's file, without paragraphs that are lists for those who read on. */
function headOf(id: string): string {
  const text = readFileSync(join(root, "src/sources", id, `${id}.ts`), "utf8");
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(text)?.[1] ?? "";
  const lines = comment.split("\n").map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  const paragraphs = lines.join("\n").trim().split("\n\n");
  return paragraphs.filter((paragraph) => !/\n {2}/.test(paragraph)).join("\n\n");
}

function conformance(): string {
  if (peers.every(isPresent)) return conformanceSection(allTallies());
  const page = existsSync(path) ? readFileSync(path, "utf8") : "";
  const from = page.indexOf(conformanceHeading);
  return from < 0 ? `${conformanceHeading}\n\nNot measured yet.` : page.slice(from).trimEnd();
}

function conformanceSection(tallies: readonly Tally[]): string {
  const shown = tallies.filter(({ theirs }) => theirs > 0);
  const sum = (count: (tally: Tally) => number): number => shown.reduce((total, tally) => total + count(tally), 0);
  return [
    conformanceHeading,
    "",
    "Both come with tests: log lines, and what must be read from them. These are run through Portcullis by `test/conformance/`, with",
    "every format at once and nothing said about which it is. A line counts as read where the attempt is counted, and as read alike",
    "where address, account and time are what the peer says, as far as it says them.",
    "",
    `Of ${sum(({ theirs }) => theirs)} lines that they take for failed sign-ins, ${sum(signInsOf)} are; ` +
      `${sum(({ read }) => read)} of these are read, ${sum(({ same }) => same)} of them alike.`,
    "The rest stands in the second table. Of their lines that are no failures to them, log lines with forged addresses among them,",
    "none is one here unless the second table has it.",
    "",
    "| software | peer | format | their failures | no sign-in | sign-ins | read | alike |",
    "|---|---|---|---:|---:|---:|---:|---:|",
    ...shown.map(tallyRow),
    "",
    "Where we differ, and why:",
    "",
    "| software | peer | lines | here | why |",
    "|---|---|---:|---|---|",
    ...tallies.flatMap(differenceRows),
    "",
    `They also read what no source here reads: ${software.flatMap(unreadName).join(", ")}.`,
  ].join("\n");
}

const unreadName = ({ name, unread }: Software): string[] =>
  unread === undefined ? [] : [unread === "" ? name : `${name} (${unread})`];

const signInsOf = ({ theirs, noSignIn }: Tally): number => theirs - noSignIn;

function tallyRow(tally: Tally): string {
  const { software: one, peer, formats, theirs, noSignIn, read, same } = tally;
  const cells = [one.name, peerNames[peer], formats.join(", "), theirs, noSignIn, signInsOf(tally), read, same];
  return `| ${cells.join(" | ")} |`;
}

const here: Readonly<Record<Difference["kind"], string>> = {
  "no-sign-in": "not counted",
  elsewhere: "counted on another line",
  more: "counted here only",
  other: "read otherwise",
};

function differenceRows({ software: one, peer, differences }: Tally): string[] {
  return [...differences].map(
    ([{ kind, why }, count]) => `| ${one.name} | ${peerNames[peer]} | ${count} | ${here[kind]} | ${why} |`,
  );
}

if (import.meta.main) writeFileSync(path, sourcesPage());
