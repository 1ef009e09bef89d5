/**
 * An IT fault: members fail where they normally succeed. No attack looks like that, since an attacker does not sit in
 * the members' own networks.
 *
 * Two charts. The outage chart: of the accounts that come from a familiar origin, does a large share fail now, where a few in a
 * hundred usually do? The stuck chart: accounts that keep failing from familiar origins for ten minutes and get in
 * nowhere, more of them than usual (a cohort with wrong passwords, one broken client, one server).
 *
 * What it cannot see: a fault in the first minutes of a log, when nothing is familiar yet. What could be mistaken for it:
 * the morning after a password expiry (people mend that one by one, and theirs are taken back).
 */
import type { Units } from "#/platform/settings.ts";
import type { Detector, Found } from "#/detectors/detector.ts";
import { type Baseline, createBaseline, learn, rateOf } from "#/detectors/toolbox/baseline.ts";
import { type Cusum, createCusum, stepCusum } from "#/detectors/toolbox/cusum.ts";
import type { Observation } from "#/familiarity/familiarity.ts";
import { type Account, Familiar } from "#/familiarity/records.ts";
import { type Duration, counted, days, hours, millis, minutes } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";

export type Settings = {
  /** Share of accounts that usually fail first from a familiar origin. */
  readonly usualShare: number;
  /** Share in an outage. */
  readonly outageShare: number;
  /** How many times as much a failure counts that the server itself lays to its own trouble. */
  readonly ownWord: number;
  /** Log-odds at which a fault is declared. */
  readonly declareAt: number;
  /** Evidence of an outage loses half in this time, so that a night's single typing errors do not add up. */
  readonly halfLife: Duration;
  /** An account is stuck when it has failed from familiar origins for this long without a success anywhere. */
  readonly stuckAfter: Duration;
  /** And at least this many times. */
  readonly stuckFailures: number;
  /** Failures further apart than this are no run of failures, and an account that has not failed for so long is failing no more. */
  readonly forgetAfter: Duration;
  /** Stuck accounts a day, however little goes on. */
  readonly stuckPerDay: number;
  /** And this share of the accounts that get in, each counted once in five minutes, before anything is learned: mornings have more of both. */
  readonly stuckShare: number;
  /** Extra stuck accounts a day that the chart looks for. */
  readonly stuckShiftsPerDay: readonly number[];
  /** How clumped they come: variance over mean. */
  readonly stuckDispersion: number;
  /** Accounts followed at once; when full, further ones are not followed. */
  readonly followedMax: number;
};

export const defaults: Settings = {
  usualShare: 0.06,
  outageShare: 0.5,
  ownWord: 2,
  declareAt: 12,
  halfLife: minutes(30),
  stuckAfter: minutes(10),
  stuckFailures: 3,
  forgetAfter: hours(8),
  stuckPerDay: 2,
  stuckShare: 0.003,
  stuckShiftsPerDay: [100, 400, 1_600],
  stuckDispersion: 2,
  followedMax: 200_000,
};

export const units: Units<Settings> = {
  usualShare: "share",
  outageShare: "share",
  ownWord: "number",
  declareAt: "log-odds",
  halfLife: "duration",
  stuckAfter: "duration",
  stuckFailures: "count",
  forgetAfter: "duration",
  stuckPerDay: "per-day",
  stuckShare: "share",
  stuckShiftsPerDay: "per-day-list",
  stuckDispersion: "number",
  followedMax: "count",
};

const DAY = days(1);

/** An account that is failing from familiar origins now. */
type Down = {
  since: number;
  last: number;
  failures: number;
  stuck: boolean;
  /** Whether it is among those that are stuck now: it is no longer, once it has not failed for long. */
  isNow: boolean;
};

export type State = {
  readonly down: Map<Account, Down>;
  /** Accounts whose success counted in this slot. */
  readonly up: Set<Account>;
  slot: number;
  sum: number;
  sumAt: number;
  since: number;
  outage: boolean;
  /** Accounts that get in per slot, of the last hour or so. */
  traffic: number;
  /** Accounts that got in, each once a slot, since the log began; and when a share was last learned. */
  ups: number;
  upsLearned: number;
  /** The share of them that is usually stuck. */
  readonly stuck: Baseline;
  readonly stuckCharts: readonly Cusum[];
  stuckFault: boolean;
  /** Accounts that are stuck now, and the most that were in the fault that runs. */
  stuckNow: number;
  stuckMost: number;
};

export const fault: Detector<State, Settings> = {
  name: "fault",
  defaults,
  start: (settings) => ({
    down: new Map(),
    up: new Set(),
    slot: 0,
    sum: 0,
    sumAt: 0,
    since: 0,
    outage: false,
    stuck: createBaseline(settings.stuckShare, SHARE_WORTH),
    traffic: 0,
    ups: 0,
    upsLearned: 0,
    stuckCharts: settings.stuckShiftsPerDay.map(() => createCusum()),
    stuckFault: false,
    stuckNow: 0,
    stuckMost: 0,
  }),
  step(state, seen, settings, found) {
    if (!isMembers(seen)) {
      if (seen.signIn.outcome === "success") mend(state, seen.account);
      return;
    }
    if (seen.signIn.outcome === "success") succeed(state, seen, settings, found);
    // A password that has expired is news to its owner and to nobody else.
    else if (seen.signIn.reason !== "expired") fail(state, seen, settings, found);
  },
};

/**
 * Whether it tells of members. Without an address nobody knows, unless the server speaks of its own trouble; a success is
 * somebody's, whoever's.
 */
export function isMembers({ familiar, origin, signIn }: Observation): boolean {
  if (familiar >= Familiar.network) return true;
  return origin.address === "" && (signIn.outcome === "success" || signIn.reason === "fault");
}

const SLOT = minutes(5);
/** Traffic is that of the last half-hour, mostly. */
const KEPT = 0.88;
/** Accounts that got in that the first guess at the share is worth. */
const SHARE_WORTH = 3_000;

/** The account got in, or is forgotten. */
function mend(state: State, account: Account): void {
  const down = state.down.get(account);
  if (down === undefined) return;
  state.down.delete(account);
  if (down.isNow) state.stuckNow -= 1;
}

/** Every hour of the log. */
const SWEEP = hours(1);

/** Whoever was stuck and is so again the next morning, with no success between, is no news. */
const STUCK_AGAIN = days(7);

function sweep(state: State, at: number, settings: Settings): void {
  for (const [account, down] of state.down) {
    const silent = at - down.last;
    if (silent <= settings.forgetAfter) continue;
    if (!down.stuck || silent > STUCK_AGAIN) mend(state, account);
    else if (down.isNow) {
      down.isNow = false;
      state.stuckNow -= 1;
    }
  }
}

function fade(state: State, at: number, settings: Settings, found: (what: Found) => void): void {
  if (at > state.sumAt) {
    if (state.sumAt !== 0) state.sum *= 2 ** (-(at - state.sumAt) / settings.halfLife);
    state.sumAt = at;
  }
  const slot = Math.floor(at / SLOT);
  if (slot !== state.slot) {
    if (Math.floor(at / SWEEP) !== Math.floor((state.slot * SLOT) / SWEEP)) sweep(state, at, settings);
    const passed = Math.min(100, Math.max(1, slot - state.slot));
    state.traffic = (state.traffic + (1 - KEPT) * (state.up.size - state.traffic)) * KEPT ** (passed - 1);
    state.ups += state.up.size;
    state.slot = slot;
    state.up.clear();
    endStuck(state, at, found);
  }
}

/** When half of the accounts that were stuck at once have got in or given up, the fault is over. */
const STUCK_LEFT_SHARE = 0.5;

function endStuck(state: State, at: number, found: (what: Found) => void): void {
  if (!state.stuckFault || state.stuckNow > state.stuckMost * STUCK_LEFT_SHARE) return;
  state.stuckFault = false;
  state.stuckMost = 0;
  for (const cusum of state.stuckCharts) cusum.sum = 0;
  if (!state.outage) found({ kind: "fault-over", at: millis(at) });
}

function succeed(state: State, seen: Observation, settings: Settings, found: (what: Found) => void): void {
  const { account, at } = seen;
  fade(state, at, settings, found);
  const wasDown = state.down.get(account);
  if (wasDown !== undefined) {
    mend(state, account);
    // Mended by its owner within minutes: a typing error, and no evidence of a fault.
    if (at - wasDown.since < settings.stuckAfter) state.sum = Math.max(0, state.sum - failureOdds(settings));
  }
  if (state.up.has(account) || state.up.size >= settings.followedMax) return;
  state.up.add(account);
  state.sum = Math.max(0, state.sum + Math.log((1 - settings.outageShare) / (1 - settings.usualShare)));
  if (state.outage && state.sum < 1) {
    state.outage = false;
    if (!state.stuckFault) found({ kind: "fault-over", at });
  }
}

function fail(state: State, seen: Observation, settings: Settings, found: (what: Found) => void): void {
  const { account, at, signIn } = seen;
  fade(state, at, settings, found);
  const before = state.down.get(account);
  if (before?.stuck === false && at - before.last > settings.forgetAfter) mend(state, account);
  const down = state.down.get(account);
  if (down === undefined) {
    if (state.down.size >= settings.followedMax) return;
    state.down.set(account, { since: at, last: at, failures: signIn.count, stuck: false, isNow: false });
    if (state.sum === 0) state.since = at;
    state.sum = Math.min(settings.declareAt * 2, state.sum + failureOdds(settings) * weightOf(signIn.reason, settings));
    if (!state.outage && state.sum >= settings.declareAt) {
      state.outage = true;
      found({
        kind: "fault",
        at,
        since: millis(state.since || at),
        isStuck: false,
        why: explainOutage(state, settings),
      });
    }
    return;
  }
  down.failures += signIn.count;
  if (at > down.last) down.last = at;
  if (down.stuck || down.failures < settings.stuckFailures || at - down.since < settings.stuckAfter) return;
  down.stuck = true;
  down.isNow = true;
  state.stuckNow += 1;
  becomeStuck(state, at, settings, found);
}

function becomeStuck(state: State, at: number, settings: Settings, found: (what: Found) => void): void {
  const usual = settings.stuckPerDay / DAY + (rateOf(state.stuck) * state.traffic) / SLOT;
  let highest = 0;
  let since = at;
  for (const [index, cusum] of state.stuckCharts.entries()) {
    // Where thousands a day are usual, a hundred more are a day like any other.
    const shift = Math.max((settings.stuckShiftsPerDay[index] ?? 1) / DAY, usual * SHIFT_SHARE);
    stepCusum(cusum, at, 1, usual, shift, settings.stuckDispersion);
    cusum.sum = Math.min(cusum.sum, settings.declareAt * 1.5);
    if (cusum.sum > highest) {
      highest = cusum.sum;
      since = cusum.since;
    }
  }
  if (highest < settings.declareAt / 2) learn(state.stuck, at, 1, state.ups - state.upsLearned, days(14));
  state.upsLearned = state.ups;
  if (!state.stuckFault && highest >= settings.declareAt) {
    state.stuckFault = true;
    found({
      kind: "fault",
      at: millis(at),
      since: millis(since - settings.stuckAfter),
      isStuck: true,
      why: explainStuck(state, usual),
    });
  }
  if (state.stuckFault) state.stuckMost = Math.max(state.stuckMost, state.stuckNow);
}

/** What is usual is itself known only so well, and a weekday is not a holiday: less than half as many again tells nothing. */
const SHIFT_SHARE = 0.5;

/** Services log a second factor that is asked for as one that failed: only whoever stays stuck at it tells of a fault. */
function weightOf(reason: Reason | "", settings: Settings): number {
  if (reason === "second-factor") return 0;
  return reason === "fault" ? settings.ownWord : 1;
}

const failureOdds = (settings: Settings): number => Math.log(settings.outageShare / settings.usualShare);

function explainOutage(state: State, settings: Settings): string {
  // Those who have been failing for longer are another matter.
  let down = 0;
  for (const { since } of state.down.values()) if (since >= state.since) down += 1;
  const usually = Math.round(100 * settings.usualShare);
  return `${counted(down, "account")} failing from where they normally sign in, many more than the ${usually} in 100 that are to be expected`;
}

function explainStuck(state: State, usual: number): string {
  const perHour = Math.round(usual * hours(1));
  const expected =
    perHour < 1
      ? "less than one in an hour like that is"
      : `about ${perHour} in an hour like that ${perHour === 1 ? "is" : "are"}`;
  return `${counted(state.stuckNow, "account")} failing again and again from where they normally sign in, and getting in nowhere; ${expected} to be expected`;
}
