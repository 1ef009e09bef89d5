/**
 * Posture: what people decided about who may try to sign in, as an append-only log of changes. Each has an author, a reason, an end and an undo;
 * what holds at a moment follows from the log and that moment alone, so that what has ended falls away without anybody doing anything.
 */
import type { Millis } from "#/platform/units.ts";
import type { Service } from "#/signin/signin.ts";
import { Ranges } from "./ranges.ts";

/** From mild to strict. open: everybody may try. guarded: strangers may not. on-site: from site networks only. closed: nobody. */
export const postures = ["open", "guarded", "on-site", "closed"] as const;
export type Posture = (typeof postures)[number];

/** Whom a posture is for. */
export type Scope = {
  /** "" for all; a group of the settings; a name; or a pattern with one star ("*@staff.example.org"). */
  readonly accounts: string;
  /** "" for all. */
  readonly service: Service | "";
};

/** What a person decided. */
export type Decision =
  | { readonly kind: "enforce" }
  | { readonly kind: "watch" }
  | { readonly kind: "posture"; readonly posture: Posture; readonly scope: Scope }
  /** A network in CIDR notation, as `networkText` writes it. */
  | { readonly kind: "block"; readonly network: string }
  | { readonly kind: "unblock"; readonly network: string }
  /** Takes back another entry, by its number; an undo too, which brings back what that took. */
  | { readonly kind: "undo"; readonly number: number };

/** A PostureChange (ports.ts) with its words understood. */
export type PostureEntry = {
  readonly at: Millis;
  /** Who did it: the user of the operating system, or of the console. */
  readonly author: string;
  readonly reason: string;
  /** When it ends by itself; undefined for what holds until somebody says otherwise. */
  readonly until: Millis | undefined;
  readonly change: Decision;
};

/** An entry with its place in the log, from 1, by which people name it. */
export type Numbered = PostureEntry & { readonly number: number };

/** What a posture entry holds for whom, ready to be asked. */
export type PostureRule = {
  readonly posture: Posture;
  readonly scope: Scope;
  readonly entry: Numbered;
  readonly matches: (account: string) => boolean;
};

/** What people decided, ready to be asked for every attempt. Ends are looked at when it is asked. */
export type Stance = {
  /** enforce and watch, newest first. */
  readonly modes: readonly Numbered[];
  /** The most specific first, and of those the newest. */
  readonly rules: readonly PostureRule[];
  readonly blocks: Ranges<Numbered>;
};

export type Groups = Readonly<Record<string, readonly string[]>>;

export const runsAt = (entry: PostureEntry, at: Millis): boolean => entry.until === undefined || at < entry.until;

export const numbered = (log: readonly PostureEntry[]): Numbered[] =>
  log.map((entry, index) => ({ ...entry, number: index + 1 }));

/** What holds, of everything that was ever said: what was taken back is as if it had never been. */
export function standing(log: readonly PostureEntry[]): Numbered[] {
  const all = numbered(log);
  const undone = new Set<number>();
  // From the newest on, so that an undo which was taken back itself takes back nothing.
  for (const { number, change } of all.toReversed()) {
    if (change.kind === "undo" && !undone.has(number) && change.number < number) undone.add(change.number);
  }
  return all.filter(({ number, change }) => change.kind !== "undo" && !undone.has(number));
}

/** @throws Failure where a network cannot be read. */
export function stanceOf(log: readonly PostureEntry[], groups: Groups): Stance {
  const modes: Numbered[] = [];
  const rules: PostureRule[] = [];
  const blocked = new Map<string, Numbered>();
  for (const entry of standing(log)) {
    const { change } = entry;
    switch (change.kind) {
      case "enforce":
      case "watch":
        modes.push(entry);
        break;
      case "posture":
        rules.push({ ...change, entry, matches: matcherOf(change.scope.accounts, groups) });
        break;
      case "block":
        blocked.set(change.network, entry);
        break;
      case "unblock":
        blocked.delete(change.network);
        break;
      case "undo":
        break;
      default:
        change satisfies never;
    }
  }
  const blocks = new Ranges<Numbered>();
  for (const [network, entry] of blocked) blocks.add(network, entry);
  rules.sort((left, right) => weight(right.scope) - weight(left.scope) || right.entry.number - left.entry.number);
  return { modes: modes.toReversed(), rules, blocks };
}

/** Whether verdicts are carried out: the newest of enforce and watch that has not ended. Without any, the gate only watches. */
export function isEnforcing({ modes }: Stance, at: Millis): boolean {
  return modes.find((entry) => runsAt(entry, at))?.change.kind === "enforce";
}

/**
 * The posture for an account at a service, under any of its names, since a person in a hurry writes any of them: the most specific that has not ended, of equals the newest; undefined for "open" by
 * nobody's doing.
 */
export function postureFor(
  { rules }: Stance,
  names: readonly string[],
  service: Service,
  at: Millis,
): PostureRule | undefined {
  for (const rule of rules) {
    if (!runsAt(rule.entry, at)) continue;
    if (rule.scope.service !== "" && rule.scope.service !== service) continue;
    if (rule.scope.accounts === "" || names.some(rule.matches)) return rule;
  }
  return undefined;
}

/** Accounts weigh more than services: who names people means these people. */
const weight = ({ accounts, service }: Scope): number => (accounts === "" ? 0 : 2) + (service === "" ? 0 : 1);

function matcherOf(accounts: string, groups: Groups): (account: string) => boolean {
  const members = Object.hasOwn(groups, accounts) ? (groups[accounts] ?? []) : [accounts];
  const names = new Set(members.filter((member) => !member.includes("*")).map((name) => name.toLowerCase()));
  const patterns = members.filter((member) => member.includes("*")).map((pattern) => pattern.toLowerCase().split("*"));
  return (account) =>
    names.has(account) ||
    patterns.some(([head = "", tail = ""]) => {
      return account.length >= head.length + tail.length && account.startsWith(head) && account.endsWith(tail);
    });
}

/** "all accounts", "staff", "all accounts at imap": for sentences. */
export function scopeText({ accounts, service }: Scope): string {
  return `${accounts === "" ? "all accounts" : accounts}${service === "" ? "" : ` at ${service}`}`;
}

/** What shuts somebody out who could try before: needs a reason and has an end. */
export const isRestriction = (change: Decision): boolean =>
  change.kind === "block" || (change.kind === "posture" && change.posture !== "open");

/** The changes that decide something at that time: the newest of those that say something of the same. */
export function inForce({ modes, rules, blocks }: Stance, at: Millis): Numbered[] {
  const mode = modes.find((entry) => runsAt(entry, at));
  const seen = new Set<string>();
  const postures = rules.filter(({ scope, entry }) => {
    const key = JSON.stringify([scope.accounts, scope.service]);
    if (!runsAt(entry, at) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return [
    ...(mode === undefined ? [] : [mode]),
    ...postures.map(({ entry }) => entry),
    ...blocks.values().filter((entry) => runsAt(entry, at)),
  ];
}
