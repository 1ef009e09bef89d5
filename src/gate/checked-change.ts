/** A change that somebody asks for, held against what the gate knows, before it is made: what is wrong with it is said in terms of what to do. */
import { Failure } from "#/platform/failure.ts";
import { durationText } from "#/platform/settings.ts";
import { type Duration, type Millis, later, utcMinute } from "#/platform/units.ts";
import { type Decision, type Numbered, type PostureEntry, isRestriction, runsAt, standing } from "./posture.ts";
import { networkText, overlap, prefixLength } from "./ranges.ts";
import type { Settings } from "./settings.ts";

export type Wanted = {
  readonly change: Decision;
  readonly author: string;
  readonly reason: string;
  /** Undefined for what is usual. */
  readonly lasts: Duration | undefined;
};

/** People's own, but a script may run wild: each is looked at for every attempt. */
const POSTURES_MAX = 100;
const BLOCKS_MAX = 10_000;

/** No site is a sixteenth of the internet; whoever writes that has mistyped. */
const WIDEST_FOUR = 8;
const WIDEST_SIX = 20;

/** @throws Failure gate-change-invalid, option-invalid for a network that cannot be read */
export function checkedChange(
  wanted: Wanted,
  log: readonly PostureEntry[],
  settings: Settings,
  now: Millis,
): PostureEntry {
  const running = standing(log).filter((entry) => runsAt(entry, now));
  const change = checkedDecision(wanted.change, running, log, settings, now);
  const reason = wanted.reason.trim();
  const restricts = isRestriction(change);
  if (restricts && reason === "") throw wrong('say why, for those who come after you: --reason "..."');
  if (wanted.lasts !== undefined && (change.kind === "undo" || change.kind === "unblock")) {
    throw wrong(`${change.kind} has no end: leave out --for.`);
  }
  if (restricts && wanted.lasts !== undefined && wanted.lasts > settings.restrictForMax) {
    throw wrong(
      `--for ${durationText(wanted.lasts)} is longer than ${durationText(settings.restrictForMax)}, the most that a restriction may last ` +
        "(gate.restrictForMax). Restrictions end by themselves, so that none is forgotten.",
    );
  }
  const lasts = wanted.lasts ?? (restricts ? settings.restrictFor : undefined);
  return { at: now, author: wanted.author, reason, until: lasts === undefined ? undefined : later(now, lasts), change };
}

function checkedDecision(
  change: Decision,
  running: readonly Numbered[],
  log: readonly PostureEntry[],
  settings: Settings,
  now: Millis,
): Decision {
  switch (change.kind) {
    case "enforce":
    case "watch":
      return change;
    case "posture":
      return checkedPosture(change, running, settings);
    case "block":
      return checkedBlock(change, running, settings);
    case "unblock": {
      const network = networkText(change.network);
      const blocks = running.flatMap((entry) => (entry.change.kind === "block" ? [entry.change.network] : []));
      if (blocks.includes(network)) return { kind: "unblock", network };
      const around = blocks.filter((block) => overlap(block, network));
      throw wrong(
        `${network} is not blocked. ${around.length > 0 ? `Blocked with addresses of it: ${around.slice(0, 5).join(", ")}.` : "portcullis gate status lists what is."}`,
      );
    }
    case "undo":
      return checkedUndo(change.number, running, log, now);
    default:
      return change satisfies never;
  }
}

function checkedPosture(
  change: Extract<Decision, { kind: "posture" }>,
  running: readonly Numbered[],
  settings: Settings,
): Decision {
  const { accounts } = change.scope;
  if (accounts.split("*").length > 2) {
    throw wrong(
      `"${accounts}" has more than one star. Write a name, a group, or a pattern such as "*@staff.example.org".`,
    );
  }
  if (change.posture === "on-site" && settings.siteNetworks.length === 0) {
    throw wrong(
      "no site networks are set, so on-site would refuse everybody. Name them in portcullis.yaml (gate: siteNetworks: [192.0.2.0/24]) and " +
        "restart, or use guard, which lets in whoever is where they usually are.",
    );
  }
  if (running.filter((entry) => entry.change.kind === "posture").length >= POSTURES_MAX) {
    throw wrong(
      `${POSTURES_MAX} postures run already. Undo some (portcullis gate status), or use groups (gate.groups).`,
    );
  }
  return change;
}

function checkedBlock(
  change: Extract<Decision, { kind: "block" }>,
  running: readonly Numbered[],
  settings: Settings,
): Decision {
  const network = networkText(change.network);
  const widest = network.includes(":") ? WIDEST_SIX : WIDEST_FOUR;
  if (prefixLength(network) < widest) {
    throw wrong(
      `${network} is a great part of the internet: /${widest} is the widest. Was it mistyped? To shut out more: guard or close.`,
    );
  }
  const own = settings.siteNetworks.find((site) => overlap(networkText(site), network));
  if (own !== undefined)
    throw wrong(`${network} and your site network ${own} have addresses in common: block a smaller one.`);
  if (running.filter((entry) => entry.change.kind === "block").length >= BLOCKS_MAX) {
    throw wrong(`${BLOCKS_MAX} networks are blocked already. Unblock some, block wider networks, or use guard.`);
  }
  return { kind: "block", network };
}

function checkedUndo(
  number: number,
  running: readonly Numbered[],
  log: readonly PostureEntry[],
  now: Millis,
): Decision {
  if (number === 0) {
    const last = running.at(-1);
    if (last === undefined) throw wrong("nothing that was changed still runs: there is nothing to undo.");
    return { kind: "undo", number: last.number };
  }
  const entry = log[number - 1];
  if (entry === undefined) throw wrong(`there is no change ${number}. portcullis gate log lists them.`);
  if (!runsAt(entry, now)) throw wrong(`change ${number} ended by itself at ${utcMinute(entry.until ?? now)} UTC.`);
  const isUndone = entry.change.kind !== "undo" && !running.some((other) => other.number === number);
  if (isUndone)
    throw wrong(`change ${number} has been undone already. To do it again, undo that undo (portcullis gate log).`);
  return { kind: "undo", number };
}

const wrong = (message: string): Failure => new Failure("gate-change-invalid", message);
