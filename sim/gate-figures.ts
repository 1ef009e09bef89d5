/** What an enforcing gate comes to, attempt by attempt: the campaign's guesses, the accounts that fell, and the members whom it cost something. */
import { type Code, type Verdict, codes } from "#/gate/attempt.ts";
import { networkKey } from "#/familiarity/networks.ts";
import { hours } from "#/platform/units.ts";
import type { Simulated, Truth } from "./simulated.ts";

export type ByCode = Partial<Record<Code, number>>;

/** Right passwords, and what became of them. */
type Members = {
  right: number;
  /** From networks from which the account had not signed in before: journeys, new telephones, new members. */
  new: number;
  refusedFamiliar: number;
  refusedNew: number;
  delayedFamiliar: number;
  delayedNew: number;
};

export type GateFigures = {
  /** Of the scenario's first campaign; use of accounts that fell is none. Answered: they reached the password check. */
  readonly guesses: number;
  readonly answered: number;
  readonly delayed: number;
  /** Until the gate held; undefined where it never did. */
  readonly answeredUntilHeld: number | undefined;
  readonly hoursUntilHeld: number | undefined;
  /** Accounts that any campaign opened. */
  readonly opened: number;
  readonly openedWithout: number;
  /** Sign-ins to accounts that had fallen, and those of them that were refused. */
  readonly uses: number;
  readonly usesRefused: number;
  readonly usesWithout: number;
  readonly members: Readonly<Members>;
  /** Accounts and networks at which a member's first sign-in was delayed or refused: a journey is one, however often it is tried. */
  readonly placesNew: number;
  readonly placesDelayed: number;
  readonly placesRefused: number;
  /** Guesses of the internet's everyday bots. */
  readonly background: number;
  readonly backgroundRefused: number;
  /** Verdicts by code: on the first campaign's guesses, and on members' right passwords where they were not allowed. */
  readonly guessesByCode: ByCode;
  readonly membersByCode: ByCode;
};

/** The gate holds when this share of the attempts of the last hour, or of the last so many where those are fewer, is refused. */
const HELD_SHARE = 0.95;
const HELD_ATTEMPTS = 50;
const HELD_WITHIN = hours(1);

export class GateCount {
  #usesWithout = 0;
  readonly #known = new Set<string>();
  readonly #placesNew = new Set<string>();
  readonly #placesDelayed = new Set<string>();
  readonly #placesRefused = new Set<string>();
  readonly #members: Members = {
    right: 0,
    new: 0,
    refusedFamiliar: 0,
    refusedNew: 0,
    delayedFamiliar: 0,
    delayedNew: 0,
  };
  readonly #guessesByCode = new Map<Code, number>();
  readonly #membersByCode = new Map<Code, number>();
  readonly #holding = new Holding();
  #firstGuess = 0;
  #guesses = 0;
  #answered = 0;
  #delayed = 0;
  #held: { readonly answered: number; readonly hours: number } | undefined;
  #uses = 0;
  #usesRefused = 0;
  #background = 0;
  #backgroundRefused = 0;

  /** A sign-in of the same scenario without a gate. */
  without(simulated: Simulated): void {
    if (isUse(simulated)) this.#usesWithout += 1;
  }

  /** @param wouldOpen whether the password was right and nothing else was in its way */
  step(simulated: Simulated, verdict: Verdict, wouldOpen: boolean): void {
    const isRefused = verdict.answer === "refuse";
    switch (simulated.label) {
      case "benign":
        if (wouldOpen) this.#member(simulated, verdict);
        return;
      case "campaign":
        if (isUse(simulated)) {
          this.#uses += 1;
          if (isRefused) this.#usesRefused += 1;
        } else if (simulated.campaignId === "T1") this.#guess(simulated, verdict);
        return;
      case "background":
        this.#background += 1;
        if (isRefused) this.#backgroundRefused += 1;
        return;
      case "fault":
        return;
      default:
        simulated.label satisfies never;
    }
  }

  #guess({ signIn: { at } }: Simulated, { answer, code }: Verdict): void {
    if (this.#guesses === 0) this.#firstGuess = at;
    this.#guesses += 1;
    if (answer !== "refuse") this.#answered += 1;
    if (answer === "delay") this.#delayed += 1;
    countOne(this.#guessesByCode, code);
    if (!this.#holding.holds(at, answer === "refuse")) return;
    this.#held ??= { answered: this.#answered, hours: (at - this.#firstGuess) / hours(1) };
  }

  #member({ signIn: { account, address } }: Simulated, { answer, code }: Verdict): void {
    const members = this.#members;
    const place = `${account} ${networkKey(address)}`;
    const isFamiliar = this.#known.has(place);
    members.right += 1;
    if (!isFamiliar) {
      members.new += 1;
      this.#placesNew.add(place);
    }
    if (answer === "refuse") {
      members[isFamiliar ? "refusedFamiliar" : "refusedNew"] += 1;
      if (!isFamiliar) this.#placesRefused.add(place);
    } else this.#known.add(place);
    if (answer === "delay") {
      members[isFamiliar ? "delayedFamiliar" : "delayedNew"] += 1;
      if (!isFamiliar) this.#placesDelayed.add(place);
    }
    if (answer !== "allow") countOne(this.#membersByCode, code);
  }

  figures(without: Truth, withGate: Truth): GateFigures {
    return {
      guesses: this.#guesses,
      answered: this.#answered,
      delayed: this.#delayed,
      answeredUntilHeld: this.#held?.answered,
      hoursUntilHeld: this.#held?.hours,
      opened: openedOf(withGate),
      openedWithout: openedOf(without),
      uses: this.#uses,
      usesRefused: this.#usesRefused,
      usesWithout: this.#usesWithout,
      members: { ...this.#members },
      placesNew: this.#placesNew.size,
      placesDelayed: this.#placesDelayed.size,
      placesRefused: this.#placesRefused.size,
      background: this.#background,
      backgroundRefused: this.#backgroundRefused,
      guessesByCode: inOrder(this.#guessesByCode),
      membersByCode: inOrder(this.#membersByCode),
    };
  }
}

/** What the first campaign's attempts met lately. */
class Holding {
  #recent: { readonly at: number; readonly isRefused: boolean }[] = [];
  #refused = 0;

  holds(at: number, isRefused: boolean): boolean {
    this.#recent.push({ at, isRefused });
    if (isRefused) this.#refused += 1;
    while (this.#recent.length > HELD_ATTEMPTS && (this.#recent[0]?.at ?? at) < at - HELD_WITHIN) {
      if (this.#recent.shift()?.isRefused === true) this.#refused -= 1;
    }
    return this.#recent.length >= HELD_ATTEMPTS && this.#refused >= HELD_SHARE * this.#recent.length;
  }
}

/** What comes after an account fell, with no password of the guesser's list. */
const isUse = ({ label, passwordId }: Simulated): boolean => label === "campaign" && passwordId === 0;

const openedOf = ({ campaigns }: Truth): number =>
  new Set(campaigns.flatMap(({ fallen }) => fallen.map(({ account }) => account))).size;

function countOne(counts: Map<Code, number>, code: Code): void {
  counts.set(code, (counts.get(code) ?? 0) + 1);
}

const inOrder = (counts: ReadonlyMap<Code, number>): ByCode =>
  Object.fromEntries(codes.flatMap((code) => (counts.has(code) ? [[code, counts.get(code)]] : [])));
