/**
 * The report as one page that stands alone: no script, nothing loaded from anywhere, readable on a phone and on paper. It
 * is opened from a mail or a share by people who were not there, so it says when it was made and of what.
 */
import { createHash } from "node:crypto";
import type { Conclusion, Confidence } from "#/incidents/conclusion.ts";
import { countryName, creditTerms, type Operator, type Operators } from "#/platform/operators.ts";
import type { Millis } from "#/platform/units.ts";
import { campaignSections, faultSections, findingSection, operatorMarkup } from "./html-campaigns.ts";
import { markup, type Markup, more, name, nothing, table, trusted } from "./html-markup.ts";
import { timelinePlot } from "./html-plot.ts";
import { readSection, unseenSection } from "./html-read.ts";
import { style } from "./html-style.ts";
import { nextSteps } from "./next-steps.ts";
import {
  agoText,
  conclusionSentence,
  distinctOrigins,
  distinctTargets,
  fallenOf,
  hasNoSuccesses,
  isScant,
  spanOf,
  verdictWord,
} from "./report.ts";
import type { Step } from "./step.ts";
import { figure, minuteText, nameText, roughDuration, serviceName, spanText, timeText } from "./words.ts";

export type HtmlOptions = {
  readonly operators: Operators;
  /** The present: when the page is made. */
  readonly now: Millis;
};

const fallenShown = 200;

/** The whole page. */
export function renderHtml(conclusion: Conclusion, { operators, now }: HtmlOptions): string {
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="color-scheme" content="light dark" />
        <title>${verdictWord(conclusion)}: sign-in report of ${minuteText(now)}</title>
        <style>${trusted(style)}</style>
      </head>
      <body class="${isScant(conclusion) && conclusion.kind === "quiet" ? "scant" : conclusion.kind}">
        <a class="skip" href="#next">To what to do next</a>
        <div class="page">
          ${masthead(conclusion)}
          <main>
            ${verdict(conclusion, now)} ${figures(conclusion)} ${fallenSection(conclusion, operators)}
            ${knownSection(conclusion)}
            ${stepSection(nextSteps(conclusion, now))} ${plotSection(conclusion)}
            ${campaignSections(conclusion, operators)} ${faultSections(conclusion)} ${unseenSection(conclusion)}
            ${findingSection(conclusion)} ${readSection(conclusion)}
          </main>
          ${footer(conclusion, operators, now)}
        </div>
      </body>
    </html>
`;
  return page.markup;
}

/** Nothing may be loaded, run, framed or sent; the one style sheet is named by what it says. */
const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; form-action 'none'`;

function masthead(conclusion: Conclusion): Markup {
  const links: Markup[] = [markup`<li><a href="#next">What to do next</a></li>`];
  if (fallenOf(conclusion).length > 0) links.unshift(markup`<li><a href="#fallen">Fallen accounts</a></li>`);
  if (conclusion.timeline.slots.length >= 4) links.push(markup`<li><a href="#timeline">Timeline</a></li>`);
  links.push(markup`<li><a href="#unseen">What could not be seen</a></li>`);
  return markup`<header class="masthead">
    <span class="brand">
      <svg aria-hidden="true" viewBox="0 0 18 18" fill="none" stroke="currentColor" stroke-width="1.6">
        <path d="M2.5 16V7.5a6.5 6.5 0 0 1 13 0V16M6.8 1.6V17M11.2 1.6V17M2.5 8h13M2.5 12.5h13" />
      </svg>
      Portcullis
    </span>
    <nav aria-label="On this page">
      <ul>
        ${links}
      </ul>
    </nav>
  </header>`;
}

const shapes = {
  attack: "M6 0l6 11H0z",
  "attack-and-fault": "M6 0l6 11H0z",
  fault: "M1 1h10v10H1z",
  quiet: "M6 0a6 6 0 1 0 0 12A6 6 0 0 0 6 0z",
} as const satisfies Record<Conclusion["kind"], string>;

const filled = trusted('fill="currentColor"');
const open = trusted('fill="none" stroke="currentColor" stroke-width="1.6" transform="translate(1 1) scale(.84)"');

function verdict(conclusion: Conclusion, now: Millis): Markup {
  const span = spanOf(conclusion);
  const ago = agoText(conclusion, now);
  const log =
    span === undefined
      ? ""
      : `The log runs from ${spanText(span.from, span.to)}${ago === undefined ? "" : ` and ends ${ago}`}.`;
  // An empty circle: nothing found, and nothing promised.
  const isOpen = conclusion.kind === "quiet" && isScant(conclusion);
  return markup`<div class="verdict">
    <p class="word">
      <svg aria-hidden="true" viewBox="0 0 12 12"><path ${isOpen ? open : filled} d="${shapes[conclusion.kind]}" /></svg>
      ${verdictWord(conclusion)}
    </p>
    <h1>${conclusionSentence(conclusion)}</h1>
    <p class="meta">${log} Report made at ${minuteText(now)}. All times are UTC.</p>
  </div>`;
}

type Figure = { readonly value: string; readonly label: string; readonly bad?: true };

function figures(conclusion: Conclusion): Markup {
  const items = figuresOf(conclusion).map(
    ({ value, label, bad }) =>
      markup`<div class="${bad === true ? "bad" : "even"}">
        <dt>${label}</dt>
        <dd>${value}</dd>
      </div>`,
  );
  return markup`<dl class="figures">${items}</dl>`;
}

function figuresOf(conclusion: Conclusion): readonly Figure[] {
  const { campaigns, faults, read } = conclusion;
  const shown: Figure[] = [];
  if (campaigns.length > 0) shown.push(...attackFigures(conclusion));
  const [fault] = [...faults].sort((left, right) => right.accountsAffected - left.accountsAffected);
  if (fault !== undefined) {
    shown.push({ value: figure(fault.accountsAffected), label: "accounts of your own kept out by a fault", bad: true });
    if (campaigns.length === 0)
      shown.push({ value: roughDuration(fault.to - fault.from), label: "from first to last failure" });
  }
  if (campaigns.length === 0)
    shown.push(
      { value: figure(read.signIns), label: "sign-ins read" },
      { value: figure(read.failures), label: "of them failed" },
      { value: figure(read.accounts), label: "accounts" },
    );
  if (campaigns.length + faults.length === 0) shown.push({ value: figure(read.addresses), label: "addresses" });
  return shown.slice(0, figuresMax);
}

/** As many as stand beside each other. */
const figuresMax = 6;

function attackFigures(conclusion: Conclusion): readonly Figure[] {
  const { campaigns } = conclusion;
  const fallen = fallenOf(conclusion);
  const accounts = new Set(fallen.map(({ account }) => account)).size;
  const sure = new Set(fallen.filter(({ confidence }) => confidence !== "suspected").map(({ account }) => account))
    .size;
  const attempts = campaigns.reduce((sum, campaign) => sum + campaign.attempts, 0);
  const [first] = [...campaigns].sort((left, right) => left.firstAttempt - right.firstAttempt);
  const shown: Figure[] = [
    fallenFigure(sure, accounts - sure, hasNoSuccesses(conclusion)),
    { value: figure(distinctTargets(campaigns)), label: "accounts tried" },
    { value: figure(distinctOrigins(campaigns)), label: "addresses took part" },
    { value: figure(attempts), label: "attempts" },
  ];
  if (first !== undefined)
    shown.push({
      value: roughDuration(first.detectedAt - first.firstAttempt),
      label: `and ${figure(first.attemptsBeforeDetection)} attempts until it was detected`,
    });
  return shown;
}

function fallenFigure(sure: number, doubtful: number, isBlind: boolean): Figure {
  const noun = sure === 1 || (sure === 0 && doubtful === 1) ? "account" : "accounts";
  if (sure > 0)
    return {
      value: figure(sure),
      label: `${noun} fell${doubtful > 0 ? `, ${figure(doubtful)} more may have` : ""}`,
      bad: true,
    };
  if (doubtful > 0) return { value: figure(doubtful), label: `${noun} may have fallen`, bad: true };
  return isBlind
    ? { value: "?", label: "accounts fell: this log cannot say" }
    : { value: "0", label: "accounts known to have fallen" };
}

const steps = { suspected: 1, probable: 2, confirmed: 3 } as const satisfies Record<Confidence, number>;

const place = (operator: Operator): Markup =>
  operator.country === ""
    ? operatorMarkup(operator)
    : markup`${operatorMarkup(operator)}, ${countryName(operator.country)}`;

/** The word says it; the three marks let the eye compare. */
function confidenceMarkup(confidence: Confidence): Markup {
  const marks = [0, 1, 2].map(
    (index) =>
      markup`<rect x="${index * 9 + 0.5}" y="0.5" width="6" height="7" stroke="currentColor" fill="${index < steps[confidence] ? "currentColor" : "none"}" />`,
  );
  return markup`<span class="sure">${confidence}<svg aria-hidden="true" viewBox="0 0 26 8">${marks}</svg></span>`;
}

function fallenSection(conclusion: Conclusion, operators: Operators): Markup {
  const fallen = fallenOf(conclusion);
  if (fallen.length === 0) return nothing;
  const rows = fallen.slice(0, fallenShown).map(({ account, at, address, service, confidence, why }) => {
    const operator = operators.of(address);
    return [
      name(account),
      confidenceMarkup(confidence),
      markup`${timeText(at).slice(0, -4)}<br /><span class="soft">${nameText(serviceName(service))}</span>`,
      markup`${name(address, "(no address)")}<br /><span class="soft">${place(operator)}</span>`,
      why,
    ];
  });
  const columns = [
    { title: "Account", heads: true },
    { title: "How sure" },
    { title: "When, UTC" },
    { title: "From" },
    { title: "Why" },
  ] as const;
  const rest = fallen.length - rows.length;
  return markup`<section id="fallen">
    <h2>Fallen accounts</h2>
    <div>
      <div class="fallen">
        ${table("Accounts that the attackers signed in to, or may have, surest first", columns, rows, "cards")}
      </div>
      ${more(rest, `and ${figure(rest)} more; --csv writes them all to a file`)}
    </div>
  </section>`;
}

function knownSection({ knownPasswords }: Conclusion): Markup {
  if (knownPasswords.length === 0) return nothing;
  const rows = knownPasswords
    .slice(0, fallenShown)
    .map(({ account, at, addresses, confidence, why }) => [
      name(account),
      confidenceMarkup(confidence),
      timeText(at).slice(0, -4),
      markup`${name(addresses[0] ?? "", "(no address)")}${addresses.length > 1 ? markup` <span class="soft">and ${figure(addresses.length - 1)} more</span>` : nothing}`,
      why,
    ]);
  const columns = [
    { title: "Account", heads: true },
    { title: "How sure" },
    { title: "First, UTC" },
    { title: "From" },
    { title: "Why" },
  ] as const;
  return markup`<section id="known">
    <h2>Passwords that strangers know<small>second factor held</small></h2>
    <div>
      ${table("Accounts that nobody got in to, but whose password must be changed", columns, rows, "cards")}
      ${more(knownPasswords.length - rows.length, `and ${figure(knownPasswords.length - rows.length)} more; --csv writes them all to a file`)}
    </div>
  </section>`;
}

const whenTitles = { now: "Now", today: "Today" } as const satisfies Record<Step["when"], string>;

function stepSection(all: readonly Step[]): Markup {
  const numbered = all.map((step, index) => ({ step, number: index + 1 }));
  const lists = (["now", "today"] as const).map((when) => {
    const items = numbered.filter(({ step }) => step.when === when).map(({ step, number }) => stepMarkup(step, number));
    if (items.length === 0) return nothing;
    const title = all.some((step) => step.when === "now") ? markup`<h3>${whenTitles[when]}</h3>` : nothing;
    return markup`${title}
      <ol class="steps">
        ${items}
      </ol>`;
  });
  return markup`<section id="next">
    <h2>What to do next<small>in this order</small></h2>
    <div>${lists}</div>
  </section>`;
}

function stepMarkup({ kind, action, points }: Step, number: number): Markup {
  const list =
    points.length > 0
      ? markup`<ul>
          ${points.map((point) => markup`<li>${point}</li>`)}
        </ul>`
      : nothing;
  return markup`<li class="${kind === "do-not" ? "not" : "do"}">
    <span class="number">${number}</span>
    <div>
      <p class="action">${action}</p>
      ${list}
    </div>
  </li>`;
}

function plotSection(conclusion: Conclusion): Markup {
  const plot = timelinePlot(conclusion);
  return plot.markup === ""
    ? nothing
    : markup`<section id="timeline">
        <h2>Timeline</h2>
        <div>${plot}</div>
      </section>`;
}

function footer(conclusion: Conclusion, operators: Operators, now: Millis): Markup {
  const credits =
    operators.credits.length === 0 || conclusion.campaigns.length === 0
      ? nothing
      : markup`<p>
          Operators and countries:
          ${operators.credits.map(({ name: title, url }) => markup`<a href="${url}" rel="noreferrer">${title}</a>, `)}
          <a href="${creditTerms.url}" rel="noreferrer">${creditTerms.name}</a>, ${creditTerms.changes}.
        </p>`;
  return markup`<footer>
    <p>
      Made by Portcullis at ${timeText(now)}. This page names people’s accounts and where they sign in from: keep it
      among those who need it.
    </p>
    ${credits}
  </footer>`;
}
