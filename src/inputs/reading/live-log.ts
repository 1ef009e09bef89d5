/**
 * What is read live as arrivals: the recogniser and the join that a scanned log goes through, with the name of the line that completed each
 * attempt, and the place to begin again after a restart. Of that place the input says what it is: an offset, a cursor, nothing.
 *
 * After a restart the input reads from `oldest()` on, `isMuted` until it comes to where it had been: the join then knows what it knew, and
 * what was handed on is not handed on again.
 */
import type { Duration } from "#/platform/units.ts";
import type { Arrival } from "#/inputs/input.ts";
import type { SignIn } from "#/signin/signin.ts";
import type { LocalTime } from "#/sources/local-time.ts";
import { Join } from "#/sources/reading/join.ts";
import { Recogniser, type RecogniserOptions } from "#/sources/reading/recogniser.ts";
import type { Evidence } from "#/sources/source.ts";
import { OpenConnections } from "./open-connections.ts";

/** Where a line stands: one object for each line. */
export type Place = {
  /** Names what the line completed for ever: the same when it is read again. */
  readonly id: (signIn: SignIn) => string;
};

export class LiveLog<At extends Place> {
  readonly #options: RecogniserOptions;
  readonly #malformed: (why: string, text: string) => void;
  readonly #join: Join;
  readonly #open = new OpenConnections<At>();
  readonly #places = new WeakMap<Evidence, At>();
  /** Sign-ins that one line completed so far. */
  readonly #completed = new WeakMap<At, number>();
  #place: At;
  #arrivals: Arrival[] = [];
  /** Whether what is completed has been handed on before, and is not again. */
  isMuted = false;
  signIns = 0;

  constructor(options: RecogniserOptions, nowhere: At, malformed: (why: string, text: string) => void = () => {}) {
    this.#options = options;
    this.#place = nowhere;
    this.#malformed = malformed;
    this.#join = new Join((signIn, _isWeak, said) => this.#emit(signIn, said));
  }

  /** For one stream of lines, whose times and columns are its own. */
  recogniser(time: LocalTime): Recogniser {
    return new Recogniser(
      { time },
      {
        evidence: (evidence, source) => {
          this.#places.set(evidence, this.#place);
          this.#join.add(evidence, source);
          this.#open.add(evidence, this.#place, this.#join.elapsed);
        },
        ended: (key) => {
          this.#join.ended(key);
          this.#open.ended(key, this.#join.elapsed);
        },
        placed: (key, address) => this.#join.placed(key, address),
        malformed: this.#malformed,
      },
      this.#options,
    );
  }

  /** The next line stands there. */
  at(place: At): void {
    this.#place = place;
  }

  /** So long nothing was written. */
  silence(length: Duration): void {
    this.#join.silence(length);
  }

  /** Whoever waits for a better witness waits no longer. */
  settle(): void {
    this.#join.end();
  }

  /** The place of the oldest line that the next ones may need; undefined for none. Those that are too old are given up. */
  oldest(isTooOld: (place: At) => boolean = () => false): At | undefined {
    return this.#open.oldest(this.#join.elapsed, isTooOld);
  }

  /** What was completed since this was last asked. */
  take(): readonly Arrival[] {
    const arrivals = this.#arrivals;
    this.#arrivals = [];
    return arrivals;
  }

  #emit(signIn: SignIn, said: Evidence): void {
    if (this.isMuted) return;
    const place = this.#places.get(said) ?? this.#place;
    const before = this.#completed.get(place) ?? 0;
    this.#completed.set(place, before + 1);
    const id = place.id(signIn);
    this.#arrivals.push({ signIn, id: before === 0 ? id : `${id}.${before}` });
    this.signIns += signIn.count;
  }
}
