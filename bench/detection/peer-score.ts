/** Follows one peer through a stream: its alarms, and whom it would have shut out. */
import { days, hours } from "#/platform/units.ts";
import type { Answer } from "../../sim/figures.ts";
import { hashText } from "../../sim/rng.ts";
import type { Simulated } from "../../sim/simulated.ts";
import type { Counts, ToolOutcome } from "./outcome.ts";
import type { Peer, Running } from "./peers/peer.ts";

type Alarm = { readonly at: number; readonly address: string; readonly guesses: number };

const DAY = days(1);

export class PeerScore {
  readonly name: string;
  readonly #blocks: number;
  readonly #running: Running;
  readonly #alarms: Alarm[] = [];
  readonly #lastAlarm = new Map<string, number>();
  /** Named addresses, and until when each is shut out. */
  readonly #named = new Map<string, number>();
  #guesses = 0;
  #refused = 0;

  constructor(peer: Peer, seed: number) {
    this.name = peer.name;
    this.#blocks = peer.blocks === "for good" ? Infinity : peer.blocks;
    this.#running = peer.start((at, address) => this.#alarm(at, address), seed);
  }

  /** @param isGuess of the scenario's first campaign. */
  step({ signIn, label, passwordId }: Simulated, isGuess: boolean): void {
    this.#running.until?.(signIn.at);
    if (label === "benign" && signIn.outcome === "success" && this.#refuses(signIn)) this.#refused += 1;
    if (isGuess) this.#guesses += 1;
    this.#running.step({ signIn, passwordId: passwordOf(signIn, passwordId) });
  }

  end(at: number): void {
    this.#running.until?.(at);
  }

  get named(): Iterable<string> {
    return this.#named.keys();
  }

  /** @param members those of the named addresses that members sign in from. */
  outcome(answer: Answer, members: ReadonlySet<string>): ToolOutcome {
    const campaigns = answer.campaigns;
    const attacking = new Set(campaigns.flatMap((one) => one.addresses));
    const theirs = new Set([...attacking, ...campaigns.flatMap((one) => one.usedFrom)]);
    const main = campaigns[0];
    const own = new Set(main?.addresses);
    // Who speaks of the site as a whole raises its alarms so; the addresses only follow.
    const wholeSite = this.#alarms.some(({ address }) => address === "");
    const isOn = (at: number): boolean => campaigns.some((one) => at >= one.first && at <= lastOf(one) + DAY);
    const alarms = this.#alarms.filter(({ address }) => !wholeSite || address === "");
    const declared = alarms.find(({ at, address, guesses }) =>
      wholeSite ? guesses > 0 && isOn(at) : own.has(address) && guesses > 0,
    );
    const wrong = alarms.filter(({ at, address }) => (wholeSite ? !isOn(at) : !theirs.has(address)));
    return {
      guesses: declared?.guesses,
      hours: declared === undefined || main === undefined ? undefined : (declared.at - main.first) / 3_600_000,
      addresses: countsOf(attacking, theirs, this.#named.keys()),
      membersAddresses: countOf(this.#named.keys(), (one) => members.has(one) && !theirs.has(one)),
      alarmsFalse: wrong.length,
      alarmDays: new Set(wrong.map(({ at }) => Math.floor(at / DAY))).size,
      alarmsAtMembers: wrong.filter(({ address }) => members.has(address)).length,
      alarmsInFault: countOf(wrong, ({ at }) => isInFault(at, answer)),
      refused: this.#refused,
    };
  }

  #refuses(signIn: Simulated["signIn"]): boolean {
    return this.#running.refuses?.(signIn) ?? (this.#named.get(signIn.address) ?? 0) > signIn.at;
  }

  #alarm(at: number, address: string): void {
    if (address !== "") this.#named.set(address, at + this.#blocks);
    const last = this.#lastAlarm.get(address);
    this.#lastAlarm.set(address, at);
    if (last === undefined || at - last >= DAY) this.#alarms.push({ at, address, guesses: this.#guesses });
  }
}

/** Where the source carries fingerprints they say which passwords are equal; the account's own stays 0. */
const passwordOf = ({ passwordFingerprint }: Simulated["signIn"], passwordId: number): number =>
  passwordId === 0 || passwordFingerprint === "" ? passwordId : 1 + hashText(passwordFingerprint);

const lastOf = ({ first, progress }: Answer["campaigns"][number]): number => progress.at(-1)?.[1] ?? first;

/** Alarms that come by the hour may be late. */
export const isInFault = (at: number, { faults }: Answer): boolean =>
  faults.some(({ from, to }) => at >= from && at <= to + hours(1));

export function countOf<T>(list: Iterable<T>, counts: (one: T) => boolean): number {
  let count = 0;
  for (const one of list) if (counts(one)) count += 1;
  return count;
}

/** @param alsoRight what may be said without being asked for. */
export function countsOf(truly: ReadonlySet<string>, alsoRight: ReadonlySet<string>, said: Iterable<string>): Counts {
  const all = new Set(said);
  return {
    truly: truly.size,
    found: countOf(all, (one) => truly.has(one)),
    said: all.size,
    right: countOf(all, (one) => truly.has(one) || alsoRight.has(one)),
  };
}
