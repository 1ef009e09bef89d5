/** What `portcullis gate` prints: replies of the gate as sentences. Names, reasons and addresses may be anybody's invention, so all are escaped. */
import type { LogLine, Reply, Status } from "#/gate/control-messages.ts";
import type { Explanation } from "#/gate/explanation.ts";
import { type Decision, type Numbered, isRestriction, scopeText } from "#/gate/posture.ts";
import type { ThreatKind } from "#/gate/threat.ts";
import { type Millis, counted, inWords, utcMinute } from "#/platform/units.ts";
import { escapeTerminal } from "#/report/escape.ts";

export const safe = (text: string): string => escapeTerminal(text);

export function statusText(status: Status): string {
  const { at, mode, postures, blocks } = status;
  const lines = [
    status.isEnforcing
      ? `The gate enforces${mode === undefined ? "" : `, ${byWhom(mode, at)}`}.`
      : "The gate only watches: it refuses nobody, and records whom it would have refused. To change that: portcullis gate enforce",
  ];
  if (!status.isReady)
    lines.push("It does not know yet who signs in from where, so it cannot tell strangers from members.");
  if (status.unkept !== "")
    lines.push(`NOT KEPT: the last changes hold now, and will be gone after a restart: ${safe(status.unkept)}`);
  lines.push("");
  if (postures.length === 0) lines.push(row("Posture", "open for all: everybody may try, known attackers excepted"));
  for (const [index, entry] of postures.entries()) lines.push(row(index === 0 ? "Posture" : "", entryLine(entry, at)));
  for (const [index, entry] of blocks.slice(0, SHOWN).entries())
    lines.push(row(index === 0 ? "Blocked" : "", entryLine(entry, at)));
  if (blocks.length > SHOWN) lines.push(row("", `and ${blocks.length - SHOWN} more (--json has all)`));
  const threats = status.threats.map(([kind, count]) =>
    kind === "campaign" ? "a campaign" : counted(count, threatNouns[kind]),
  );
  lines.push(row("Threats", threats.length === 0 ? "none known" : threats.join(", ")));
  if (status.campaign !== "") lines.push(row("", safe(status.campaign)));
  lines.push(row("Knows", counted(status.accounts, "account")));
  for (const [name, counts] of [
    ["Last day", status.lastDay],
    ["7 days", status.lastWeek],
  ] as const) {
    if (counts === undefined) continue;
    const sum = counts.reduce((total, [, count]) => total + count, 0);
    const verdicts = `${sum.toLocaleString("en-US")} to be refused or made to wait`;
    lines.push(row(name, sum === 0 ? "nobody to be refused" : `${verdicts}: ${codesText(counts)}`));
  }
  if (status.unread !== "") lines.push(row("Verdicts", `cannot be read now: ${safe(status.unread)}`));
  if ((status.lastWeek?.length ?? 0) > 0) lines.push(row("", "(carried out only while the gate enforced)"));
  return `${lines.join("\n")}\n`;
}

export function logText(lines: readonly LogLine[], at: Millis, most: number): string {
  if (lines.length === 0) return "Nothing was ever changed: the gate only watches, and the posture is open.\n";
  const shown = lines.slice(-most);
  const told = shown.map((line) => {
    const what = `${String(line.number).padStart(4)}  ${utcMinute(line.at)}  ${line.state.padEnd(9)}  ${decisionText(line.change)}`;
    const until = line.until === undefined ? "" : ` until ${utcMinute(line.until)}`;
    return `${what}${until}, by ${safe(line.author)}${line.reason === "" ? "" : `: ${safe(line.reason)}`}`;
  });
  const more = lines.length > shown.length ? [`(${lines.length - shown.length} earlier: --all)`] : [];
  return `${[...more, ...told].join("\n")}\nTimes are UTC; it is ${utcMinute(at)}.\n`;
}

export function whyText(explanation: Explanation): string {
  const { verdict, networks, at, isEnforcing, isReady } = explanation;
  const who = `${safe(explanation.account)} at ${explanation.address === "" ? "no address" : safe(explanation.address)} (${explanation.service})`;
  const does = { allow: "is let through to the password check", delay: "is made to wait", refuse: "is refused" };
  const would = { allow: "would be let through", delay: "would be made to wait", refuse: "would be refused" };
  const lines = [
    isEnforcing || verdict.would === "allow"
      ? `${who} ${does[verdict.would]}: ${verdict.code}.`
      : `${who} ${would[verdict.would]}: ${verdict.code}. The gate only watches, so it is let through.`,
    `Because: ${safe(verdict.why)}.`,
    "",
  ];
  const seen = networks.map(
    ({ network, first, last }) =>
      `${safe(network)}, last ${inWords(at - last)} ago, first ${utcMinute(first).slice(0, 10)}`,
  );
  const none = isReady
    ? "none: it signed in from nowhere that is remembered"
    : "unknown: serve is not running, or is still reading";
  if (seen.length === 0) lines.push(row("Familiar", none));
  for (const [index, text] of seen.entries()) lines.push(row(index === 0 ? "Familiar" : "", text));
  if (explanation.threats.length === 0) lines.push(row("Threats", "none that strangers are refused for here"));
  for (const [index, { kind, since, until, why }] of explanation.threats.entries()) {
    const ends = `since ${utcMinute(since)}, ends ${utcMinute(until)} (in ${inWords(until - at)})`;
    lines.push(row(index === 0 ? "Threats" : "", `${kind}, ${ends}: ${safe(why)}`));
  }
  lines.push(row("Posture", explanation.posture === undefined ? "open" : entryLine(explanation.posture, at)));
  if (explanation.block !== undefined) lines.push(row("Blocked", entryLine(explanation.block, at)));
  lines.push(
    "",
    "A password that is tried on account after account is refused to strangers, too; that shows only when one is tried.",
  );
  return `${lines.join("\n")}\n`;
}

export function changedText(reply: Extract<Reply, { is: "changed" }>, isRunning: boolean): string {
  const { entry, undone, isEnforcing, remaining, trouble } = reply;
  const lines = [`Done: ${entryLine(entry, entry.at)}.`];
  if (undone !== undefined) lines.push(`That was: ${decisionText(undone.change)}, by ${safe(undone.author)}.`);
  if (!isRunning) lines.push("serve is not running: this is kept, and takes effect when it starts.");
  if (isRestriction(entry.change) && !isEnforcing) {
    lines.push("NOT IN FORCE: the gate only watches, so nobody is refused. To refuse: portcullis gate enforce");
  }
  for (const other of remaining)
    lines.push(`Still ${entryLine(other, entry.at)}. To end it: portcullis gate undo ${other.number}`);
  if (trouble !== "") lines.push(`NOT KEPT: it holds now, and will be gone after a restart: ${safe(trouble)}`);
  if (entry.change.kind !== "undo") lines.push(`To take it back: portcullis gate undo ${entry.number}`);
  return `${lines.join("\n")}\n`;
}

const SHOWN = 10;

const threatNouns: Readonly<Record<ThreatKind, string>> = {
  "attacking-address": "attacking address",
  "hot-password": "hot password",
  decoy: "decoy-trying address",
  campaign: "campaign",
  "targeted-account": "targeted account",
  "fallen-account": "fallen account",
};

const row = (name: string, text: string): string => `${name.padEnd(10)}${text}`;

export const codesText = (counts: readonly (readonly [code: string, count: number])[]): string =>
  counts.map(([code, count]) => `${code} ${count.toLocaleString("en-US")}`).join(", ");

/** "guarded for all accounts until 2026-11-24 22:02 UTC (4 h), change 4 by jo: spray". */
export function entryLine(entry: Numbered, at: Millis): string {
  const until = entry.until === undefined ? "" : ` until ${utcMinute(entry.until)} UTC (${inWords(entry.until - at)})`;
  return `${decisionText(entry.change)}${until}, ${byWhom(entry, at)}`;
}

function byWhom({ number, author, reason, at: since }: Numbered, at: Millis): string {
  const when = since === at ? "" : `since ${utcMinute(since)} UTC, `;
  return `${when}change ${number} by ${safe(author)}${reason === "" ? "" : `: ${safe(reason)}`}`;
}

function decisionText(change: Decision): string {
  switch (change.kind) {
    case "enforce":
      return "enforcing";
    case "watch":
      return "watching only";
    case "posture":
      return `${change.posture} for ${safe(scopeText(change.scope))}`;
    case "block":
      return `${safe(change.network)} blocked`;
    case "unblock":
      return `${safe(change.network)} unblocked`;
    case "undo":
      return `change ${change.number} undone`;
    default:
      return change satisfies never;
  }
}
