/**
 * What people ask of the running gate and change in it, as a function from a request to a reply. Who may ask is decided by who can open the socket
 * (control-socket.ts). It waits for the store where something is to be kept; the gate answers servers meanwhile.
 */
import type { Clock } from "#/platform/clock.ts";
import { Failure } from "#/platform/failure.ts";
import type { Timers } from "#/platform/timers.ts";
import { type Millis, days, duration, millis } from "#/platform/units.ts";
import type { Code } from "./attempt.ts";
import { type Wanted, checkedChange } from "./checked-change.ts";
import { type LogLine, type Reply, type Request, type Status, requestSchema } from "./control-messages.ts";
import { explain } from "./explanation.ts";
import type { Gate } from "./gate.ts";
import type { PostureLog, VerdictLog } from "./ports.ts";
import { PostureKeeper } from "./posture-keeper.ts";
import { entriesOf } from "./posture-log.ts";
import { type Decision, type Numbered, type PostureEntry, inForce, numbered, standing } from "./posture.ts";
import { reachOf } from "./reach.ts";
import type { ServiceState } from "./service-state.ts";
import { threatKinds } from "./threat.ts";
import { type SuccessesSince, type WouldHave, wouldHave } from "./would-have.ts";

type Later<Value> = Value | Promise<Value>;

/** What is kept, wherever it is kept: in this thread or in another. */
export type Records = {
  /** @throws Failure where it cannot be kept */
  readonly append: (entry: PostureEntry) => Later<void>;
  readonly countsSince: (at: Millis) => Later<ReadonlyMap<Code, number>>;
  readonly wouldHave: (since: Millis) => Later<WouldHave>;
  /** undefined where no service runs. */
  readonly service?: () => Later<ServiceState>;
};

/** What the gate needs of a store: store/store.ts is one. */
export type Kept = {
  readonly postures: PostureLog;
  readonly verdicts: VerdictLog;
  readonly signIns: { readonly successesSince: SuccessesSince };
};

export function recordsOf({ postures, verdicts, signIns }: Kept): Records {
  return {
    append: (entry) => postures.append(entry),
    countsSince: (at) => verdicts.countsSince(at),
    wouldHave: (since) =>
      wouldHave(
        (at) => verdicts.readSince(at),
        (at) => signIns.successesSince(at),
        since,
      ),
  };
}

export type Control = (request: unknown) => Promise<Reply>;

/** A control for a gate that has been given the posture log already. @param timers to keep later what cannot be kept now */
export function createControl(gate: Gate, records: Records, clock: Clock, timers?: Pick<Timers, "after">): Control {
  const changes = new PostureKeeper(gate, (entry) => records.append(entry), timers);
  return async (given) => {
    const request = requestSchema.safeParse(given);
    if (!request.success)
      return { is: "failure", message: "this request cannot be understood: is the other side of another version?" };
    try {
      return await answer(request.data, gate, records, changes, clock.now());
    } catch (error) {
      if (error instanceof Failure) return { is: "failure", message: error.message };
      throw error;
    }
  };
}

async function answer(
  request: Request,
  gate: Gate,
  records: Records,
  changes: PostureKeeper,
  now: Millis,
): Promise<Reply> {
  switch (request.ask) {
    case "status":
      return status(gate, records, changes.trouble, now);
    case "log":
      return { is: "log", at: now, lines: linesOf(gate, now) };
    case "service":
      if (records.service === undefined) return { is: "failure", message: "serve is not running: portcullis serve" };
      return { is: "service", at: now, state: await records.service() };
    case "why":
      return { is: "why", explanation: explain(gate, request.account, request.address, request.service, now) };
    case "preview": {
      // What cannot be done is said before anybody is asked whether to do it.
      const { change } = checkedChange(wantedOf(request), gate.posture, gate.settings, now);
      const { value = [], unread } = await readable(() => (change.kind === "enforce" ? lastDays(records, now) : []));
      return {
        is: "preview",
        at: now,
        isEnforcing: gate.isEnforcing(now),
        isReady: gate.isReady,
        reach: reachOf(gate, change, now),
        wouldHave: value,
        unread,
      };
    }
    case "change": {
      const { entry, trouble } = await changes.make(wantedOf(request), now);
      return {
        is: "changed",
        entry,
        undone: entry.change.kind === "undo" ? numbered(gate.posture)[entry.change.number - 1] : undefined,
        isEnforcing: gate.isEnforcing(now),
        remaining: opens(entry.change) ? inForce(gate.stance, now).filter(isRestrictingPosture) : [],
        trouble,
      };
    }
    default:
      return request satisfies never;
  }
}

function wantedOf({ change, author, reason, lasts }: Extract<Request, { change: unknown }>): Wanted {
  return { change, author, reason, lasts: lasts === 0 ? undefined : duration(lasts) };
}

/** The gate is asked when other things are down: what cannot be read is said, and the rest is answered. */
async function readable<Value>(
  read: () => Later<Value>,
): Promise<{ readonly value: Value | undefined; readonly unread: string }> {
  try {
    return { value: await read(), unread: "" };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { value: undefined, unread: error.message };
  }
}

async function status(gate: Gate, records: Records, unkept: string, now: Millis): Promise<Status> {
  const counts = await readable(async () => ({
    lastDay: sorted(await records.countsSince(millis(now - days(1)))),
    lastWeek: sorted(await records.countsSince(millis(now - days(7)))),
  }));
  const changes = inForce(gate.stance, now);
  return {
    is: "status",
    at: now,
    isReady: gate.isReady,
    isEnforcing: gate.isEnforcing(now),
    mode: changes.find(({ change }) => change.kind === "enforce" || change.kind === "watch"),
    postures: changes.filter(({ change }) => change.kind === "posture"),
    blocks: changes.filter(({ change }) => change.kind === "block"),
    accounts: gate.familiar.accounts,
    threats: threatKinds.map((kind) => [kind, gate.threats.count(kind, now)] as const).filter(([, count]) => count > 0),
    campaign: gate.threats.at("campaign", "", now)?.why ?? "",
    lastDay: counts.value?.lastDay,
    lastWeek: counts.value?.lastWeek,
    unkept,
    unread: counts.unread,
  };
}

const lastDays = async (records: Records, now: Millis): Promise<WouldHave[]> => [
  await records.wouldHave(millis(now - days(1))),
  await records.wouldHave(millis(now - days(7))),
];

const sorted = (counts: ReadonlyMap<Code, number>): [Code, number][] =>
  [...counts].sort((left, right) => right[1] - left[1]);

const opens = (change: Decision): boolean => change.kind === "posture" && change.posture === "open";

const isRestrictingPosture = ({ change }: Numbered): boolean => change.kind === "posture" && change.posture !== "open";

/** Every change there ever was, and what became of it. */
function linesOf(gate: Gate, now: Millis): LogLine[] {
  const stands = new Set(standing(gate.posture).map(({ number }) => number));
  const decides = new Set(inForce(gate.stance, now).map(({ number }) => number));
  const stateOf = ({ number, change, until }: Numbered): LogLine["state"] => {
    if (change.kind === "undo" || change.kind === "unblock") return "done";
    if (!stands.has(number)) return "undone";
    if (until !== undefined && until <= now) return "ended";
    return decides.has(number) ? "in force" : "overtaken";
  };
  return numbered(gate.posture).map((entry) => ({ ...entry, state: stateOf(entry) }));
}

/** The same without a running gate: on what is kept alone. It knows no familiar network and no threat. @throws Failure gate-change-invalid */
export function createOfflineControl(gate: Gate, kept: Kept, clock: Clock): Control {
  gate.setPosture(entriesOf(kept.postures.all()));
  return createControl(gate, recordsOf(kept), clock);
}
