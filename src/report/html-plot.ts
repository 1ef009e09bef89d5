// The timeline as inline SVG. It is as wide as its place: bars stretch, words do not, since all x are percentages.
import type { Conclusion, Timeline } from "#/incidents/conclusion.ts";
import type { Millis } from "#/platform/units.ts";
import { markup, type Markup, nothing, table, trusted } from "./html-markup.ts";
import { conclusionSentence, hasNoSuccesses, weightiest } from "./report.ts";
import { endOf, peakOf, regroup, type Series, shareOf, type Tick, ticksOf } from "./timeline.ts";
import { campaignTitles, capital, durationText, faultTitle, figure, minuteText, nameText } from "./words.ts";

const barsMax = 240;
const rowsMax = 24;
const spansMax = 6;

/** Pixels from the top; each part's height. */
const spanHeight = 30;
const failuresHeight = 132;
const successesHeight = 56;
const labelHeight = 22;
const axisHeight = 30;

type Span = {
  readonly title: string;
  readonly kind: "campaign" | "fault";
  readonly from: Millis;
  readonly to: Millis;
  readonly detectedAt: Millis | undefined;
  readonly fellAt: readonly Millis[];
};

/** Nothing where there is too little to plot. */
export function timelinePlot(conclusion: Conclusion): Markup {
  if (conclusion.timeline.slots.length < 4) return nothing;
  const timeline = regroup(conclusion.timeline, barsMax);
  const spans = spansOf(conclusion);
  const every = durationText(timeline.slot);
  return markup`<figure>
      <figcaption>Sign-ins in each ${every}, UTC</figcaption>
      ${legend(spans, hasNoSuccesses(conclusion))} ${drawing(timeline, spans, conclusion)}
    </figure>
    <details>
      <summary>The plot as a table</summary>
      ${plotTable(conclusion.timeline)}
    </details>`;
}

function spansOf(conclusion: Conclusion): readonly Span[] {
  const campaigns = weightiest(conclusion).map((campaign): Span => ({
    title: `${campaign.id}  ${capital(campaignTitles[campaign.kind])}`,
    kind: "campaign",
    from: campaign.firstAttempt,
    to: campaign.lastAttempt,
    detectedAt: campaign.detectedAt,
    fellAt: campaign.fallen.map(({ at }) => at),
  }));
  const faults = conclusion.faults.map((fault): Span => ({
    title: `${fault.id}  ${capital(nameText(faultTitle(fault.kind)))}`,
    kind: "fault",
    from: fault.from,
    to: fault.to,
    detectedAt: undefined,
    fellAt: [],
  }));
  return [...campaigns, ...faults].slice(0, spansMax);
}

const square = (kind: string): Markup =>
  markup`<svg aria-hidden="true" viewBox="0 0 16 12"><rect class="${kind}" width="16" height="12" /></svg>`;

/** Without any success everybody is a stranger, and nothing is said of it. */
function legend(spans: readonly Span[], isBlind: boolean): Markup {
  const marks: Markup[] = [];
  if (spans.some(({ detectedAt }) => detectedAt !== undefined))
    marks.push(
      markup`<li>
        <svg aria-hidden="true" viewBox="0 0 16 12"><circle class="seen" cx="8" cy="6" r="4" /></svg>detected
      </li>`,
    );
  if (spans.some(({ fellAt }) => fellAt.length > 0))
    marks.push(
      markup`<li>
        <svg aria-hidden="true" viewBox="0 0 16 12"><path class="fell" d="M8 0l6 6-6 6-6-6z" /></svg>an account fell
      </li>`,
    );
  return markup`<ul class="legend">
    ${
      isBlind
        ? markup`<li>${square("familiar")}failures</li>`
        : markup`<li>${square("stranger")}failures of strangers</li>
            <li>${square("familiar")}other failures</li>
            <li>${square("success")}successes</li>`
    }
    ${marks}
  </ul>`;
}

function drawing(timeline: Timeline, spans: readonly Span[], conclusion: Conclusion): Markup {
  const top = spans.length * spanHeight + (spans.length > 0 ? 8 : 0);
  const failuresTop = top + labelHeight;
  const failuresBase = failuresTop + failuresHeight;
  const successesTop = failuresBase + labelHeight + 10;
  const base = successesTop + successesHeight;
  const height = base + axisHeight;
  const peaks = { failures: peakOf(timeline, "failures"), successes: peakOf(timeline, "successes") };
  return markup`<svg class="plot" role="img" aria-label="${`Timeline. ${conclusionSentence(conclusion)}`}" height="${height}">
    ${grid(timeline, 10, "desk", base)}${grid(timeline, 4, "phone", base)} ${guides(timeline, spans, base)}
    ${bars(timeline, "failures", "familiar", failuresTop, failuresHeight, peaks.failures)}
    ${hasNoSuccesses(conclusion) ? nothing : bars(timeline, "unfamiliar", "stranger", failuresTop, failuresHeight, peaks.failures)}
    ${bars(timeline, "successes", "success", successesTop, successesHeight, peaks.successes)}
    ${lane(failuresTop, failuresBase, `Failures, at most ${figure(largest(timeline, "failures"))}`)}
    ${lane(successesTop, base, `Successes, at most ${figure(largest(timeline, "successes"))}`)}
    ${spans.map((span, index) => spanMark(timeline, span, index * spanHeight))}
  </svg>`;
}

const largest = (timeline: Timeline, series: Series): number =>
  timeline.slots.reduce((most, slot) => Math.max(most, slot[series]), 0);

/** One path for the whole series, in a drawing of its own that is one unit wide per slot and stretched to its place. */
function bars(timeline: Timeline, series: Series, kind: string, top: number, height: number, peak: number): Markup {
  const width = timeline.slots.length > 120 ? 1 : 0.84;
  let path = "";
  for (const [index, slot] of timeline.slots.entries()) {
    if (slot[series] === 0) continue;
    // Whatever happened at all is seen.
    const tall = Math.max(1, Math.round((slot[series] / peak) * height));
    path += `M${index} ${height}v-${tall}h${width}v${tall}z`;
  }
  return markup`<svg x="0" y="${top}" width="100%" height="${height}" viewBox="0 0 ${timeline.slots.length} ${height}" preserveAspectRatio="none" aria-hidden="true">
    <path class="${kind}" d="${trusted(path)}" />
  </svg>`;
}

function lane(top: number, base: number, label: string): Markup {
  return markup`<line class="rule" x1="0" x2="100%" y1="${top}" y2="${top}" />
    <line class="base" x1="0" x2="100%" y1="${base}" y2="${base}" />
    <text x="0" y="${top - 7}">${label}</text>`;
}

const x = (timeline: Timeline, at: Millis): string => `${(shareOf(timeline, at) * 100).toFixed(2)}%`;

function grid(timeline: Timeline, ticksMax: number, kind: string, base: number): Markup {
  const ticks = ticksOf(timeline, ticksMax).map((tick) => tickMark(timeline, tick, base));
  return markup`<g class="${kind}">${ticks}</g>`;
}

function tickMark(timeline: Timeline, { at, label }: Tick, base: number): Markup {
  const share = shareOf(timeline, at);
  // The first and last labels stay inside the picture.
  const anchor = share < 0.03 ? "start" : share > 0.97 ? "end" : "middle";
  const place = x(timeline, at);
  return markup`<line class="base" x1="${place}" x2="${place}" y1="${base}" y2="${base + 5}" />
    <text class="${label.includes(" ") ? "strong" : "hour"}" x="${place}" y="${base + 20}" text-anchor="${anchor}">${label}</text>`;
}

function guides(timeline: Timeline, spans: readonly Span[], base: number): readonly Markup[] {
  return spans.flatMap((span, index) =>
    [span.from, ...span.fellAt.slice(0, 12)].map((at) => {
      const place = x(timeline, at);
      return markup`<line class="guide" x1="${place}" x2="${place}" y1="${index * spanHeight + 22}" y2="${base}" />`;
    }),
  );
}

function spanMark(timeline: Timeline, span: Span, top: number): Markup {
  const y = top + 21;
  const [from, to] = [x(timeline, span.from), x(timeline, span.to)];
  const late = shareOf(timeline, span.from) > 0.55;
  const kind = span.kind === "fault" ? "span of-fault" : "span";
  const fell = span.fellAt.map(
    (at) =>
      markup`<svg x="${x(timeline, at)}" y="${y}" overflow="visible"><path class="fell" d="M0-6l6 6-6 6-6-6z" /></svg>`,
  );
  const seen =
    span.detectedAt === undefined
      ? nothing
      : markup`<circle class="seen" cx="${x(timeline, span.detectedAt)}" cy="${y}" r="4" />`;
  return markup`<text class="strong halo" x="${late ? to : from}" y="${top + 10}" text-anchor="${late ? "end" : "start"}">${span.title}</text>
    <line class="${kind}" x1="${from}" x2="${to}" y1="${y}" y2="${y}" />
    <line class="${kind}" x1="${from}" x2="${from}" y1="${y - 5}" y2="${y + 5}" />
    <line class="${kind}" x1="${to}" x2="${to}" y1="${y - 5}" y2="${y + 5}" />
    ${seen}${fell}`;
}

function plotTable(whole: Timeline): Markup {
  const timeline = regroup(whole, rowsMax);
  const rows = timeline.slots.map((slot, index) => [
    minuteText((timeline.from + index * timeline.slot) as Millis),
    figure(slot.successes),
    figure(slot.failures),
    figure(slot.unfamiliar),
  ]);
  return table(
    `Sign-ins in each ${durationText(timeline.slot)} from the time given, until ${minuteText(endOf(timeline))}`,
    [
      { title: "From", heads: true },
      { title: "Successes", align: "end" },
      { title: "Failures", align: "end" },
      { title: "of strangers", align: "end" },
    ],
    rows,
  );
}
