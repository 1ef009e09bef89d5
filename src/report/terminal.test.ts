import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Operators } from "#/platform/operators.ts";
import { minutes } from "#/platform/units.ts";
import { cellsOf } from "./cells.ts";
import { sampleNow, sampleOperators } from "./sample-parts.ts";
import { samples } from "./samples.ts";
import { renderTerminal, type TerminalOptions } from "./terminal.ts";

const defaults: TerminalOptions = {
  width: 80,
  color: false,
  unicode: true,
  explain: false,
  showSources: false,
  showMalformed: false,
  operators: sampleOperators,
  now: sampleNow,
};
const everything = { explain: true, showSources: true, showMalformed: true } as const;

const render = (name: keyof typeof samples, options: Partial<TerminalOptions> = {}): string =>
  renderTerminal(samples[name](), { ...defaults, ...options });

const names = Object.keys(samples) as (keyof typeof samples)[];

/** Whether the parts stand in the text in this order. */
function assertOrder(text: string, parts: readonly string[]): void {
  const places = parts.map((part) => text.indexOf(part));
  assert.ok(!places.includes(-1), `missing: ${parts[places.indexOf(-1)]}`);
  assert.deepEqual(
    places,
    [...places].sort((left, right) => left - right),
    parts.join(" < "),
  );
}

test("the conclusion comes first, the fallen next, then figures, why, steps and what was unseen", () => {
  assertOrder(render("spray"), [
    "ATTACK\nA password spray tried 214 accounts",
    "FALLEN ACCOUNTS (2)",
    "c.eriksen  confirmed",
    "d.tanaka  suspected",
    "SIGN-INS OVER TIME",
    "C1  PASSWORD SPRAY  T1110.003, confirmed",
    "Where from",
    "Accounts tried",
    "Why this is judged so",
    "WHAT TO DO NEXT",
    "1. Take back the account: c.eriksen.",
    "WHAT COULD NOT BE SEEN",
    "WHAT WAS READ",
  ]);
});

test("no line is wider than the terminal, whatever the names are", () => {
  for (const name of names)
    for (const width of [20, 40, 60, 80, 132])
      for (const unicode of [true, false])
        for (const line of render(name, { ...everything, width, unicode }).split("\n"))
          assert.ok(cellsOf(line) <= width, `${name} at ${width}: ${line}`);
});

test("nothing that a terminal obeys comes from a name", () => {
  for (const width of [40, 80, 132]) {
    const text = render("hostile", { ...everything, width });
    assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
    assert.doesNotMatch(text, /\p{M}{5}/u);
  }
});

test("without colour there is no escape, and with it the words are the same", () => {
  for (const name of names) {
    const plain = render(name, everything);
    assert.ok(!plain.includes("\u001b"));
    const colored = render(name, { ...everything, color: true });
    assert.ok(colored.includes("\u001b["));
    assert.equal(colored.replaceAll(/\u001b\[[\d;]*m/g, ""), plain);
  }
});

test("every colour ends on the line on which it began", () => {
  for (const line of render("hostile", { ...everything, color: true }).split("\n"))
    assert.equal(line.split("\u001b[0m").length - 1, (line.match(/\u001b\[[1-9]/g) ?? []).length, line);
});

test("a terminal without UTF-8 gets ASCII only", () => {
  for (const name of names) assert.match(render(name, { ...everything, unicode: false }), /^[\x20-\x7e\n]*$/);
});

test("ten accounts are named and the rest counted", () => {
  assert.match(render("spray"), /a\.adler 4, .*l\.jensen 4; 204 more/s);
});

test("operators are shown with countries, and credited where they are shown", () => {
  const text = render("spray", { width: 110 });
  assert.match(text, /Exempel Bredband AB \(AS64499\) +Sweden/);
  assert.match(text, /IP Geolocation by DB-IP \(https:\/\/db-ip\.com\).*CC BY 4\.0/s);
  assert.doesNotMatch(render("quiet"), /DB-IP/);
  const none: Operators = { of: () => ({ operator: "", asn: 0, country: "" }), credits: [], [Symbol.dispose]() {} };
  assert.doesNotMatch(render("spray", { operators: none }), /DB-IP/);
  assert.match(render("spray", { operators: none }), /not known/);
});

test("findings, sources and unreadable lines are shown on request only", () => {
  const short = render("spray");
  assert.doesNotMatch(short, /FINDINGS|no rip= field|dovecot\+postfix/);
  assert.match(short, /2 lines looked like a sign-in and could not be read; --malformed shows them/);
  assert.match(short, /cut short: the file was still being\s+written/);
  const long = render("spray", everything);
  assert.match(long, /FINDINGS \(2\)/);
  assert.match(long, /mail\.log:40112: no rip= field/);
  assert.match(long, /dovecot\+postfix: 812,440 lines, 9,913 sign-ins/);
});

test("the assumed zone is told, and not where every time had its own", () => {
  assert.match(render("spray"), /Times without a zone were read as Europe\/London/);
  assert.doesNotMatch(render("outage"), /without a zone/);
});

test("the plot marks campaign, detection and falls, and whatever happened at all is seen", () => {
  const text = render("spray");
  assert.match(text, /^ {2}C1 +├D─+◆─+◆─┤$/m);
  const successes = /^ {2}Successes +(.+)$/m.exec(text)?.[1] ?? "";
  assert.match(successes, /█/);
  assert.match(render("spray", { unicode: false }), /^ {2}C1 +\|D-+X-+X-\|$/m);
  assert.doesNotMatch(render("scant"), /SIGN-INS OVER TIME/);
});

test("labels keep two blanks from the bars, however large the figures are", () => {
  const base = samples.spray();
  const slots = base.timeline.slots.map(() => ({ successes: 123_456, failures: 123_456, unfamiliar: 123_456 }));
  for (const slot of [base.timeline.slot, minutes(32 * 60), minutes(17 * 60 + 4)]) {
    for (const width of [60, 80, 110]) {
      const text = renderTerminal({ ...base, timeline: { ...base.timeline, slot, slots } }, { ...defaults, width });
      const rows = text.split("\n").filter((line) => /^ {2}(?:max|Strangers|All|Successes|C1|UTC)/.test(line));
      const starts = rows.slice(0, 4).map((line) => line.search(/[▁-█]/u));
      assert.equal(new Set(starts).size, 1, text);
      for (const line of rows.slice(0, 4)) assert.match(line, /\S {2,}[▁-█]/u);
    }
  }
});

test("where no success was read, nobody is called a stranger in the plot", () => {
  const base = samples.sshBruteForce();
  const blind = { ...base, read: { ...base.read, failures: base.read.signIns } };
  assert.match(render("sshBruteForce"), /Strangers failing/);
  assert.doesNotMatch(renderTerminal(blind, defaults), /Strangers failing/);
});

test("of many fallen accounts ten are shown, and where the others are is said", () => {
  const base = samples.spray();
  const [campaign] = base.campaigns;
  const [fell] = campaign?.fallen ?? [];
  assert.ok(campaign !== undefined && fell !== undefined);
  const fallen = Array.from({ length: 64 }, (_, index) => ({ ...fell, account: `user${index}` }));
  const text = renderTerminal({ ...base, campaigns: [{ ...campaign, fallen }] }, defaults);
  assert.equal([...text.matchAll(/◆ user\d+/g)].length, 10);
  assert.match(text, /and 54 more: --csv or --json lists them all/);
});

test("many campaigns are told in part and counted", () => {
  const base = samples.spray();
  const [campaign] = base.campaigns;
  assert.ok(campaign !== undefined);
  const campaigns = Array.from({ length: 300 }, (_, index) => ({ ...campaign, id: `C${index + 1}`, fallen: [] }));
  const text = renderTerminal({ ...base, campaigns }, defaults);
  assert.match(text, /and 290 more campaigns/);
  assert.ok(text.length < 60_000);
});

test("what docs/reading-a-report.md shows is what the program prints", () => {
  const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "reading-a-report.md"), "utf8");
  const blocks = [...page.matchAll(/```text\n(.*?)\n```/gs)].map(([, block = ""]) => block);
  assert.equal(blocks.length, 2);
  for (const block of blocks) assert.ok(render("spray").includes(block), block);
});
