/**
 * The same lines by several ways: Debian writes what a mail server says to mail.log and to syslog, and the journal has it as well. What one
 * program of one host says by two inputs at the same time about the same attempt counts once, as in `scan` (sources/reading/copies.ts).
 * Whether it is a copy is asked once for each arrival, when it was completed, however often it is then handed in.
 */
import type { SignIn } from "#/signin/signin.ts";
import { Copies } from "#/sources/reading/copies.ts";
import type { Arrival } from "./input.ts";

export class LiveCopies {
  readonly #copies = new Copies((_signIn, count) => (this.copied += count));
  readonly #numbers = new Map<string, number>();
  /** Attempts that another input told of already. */
  copied = 0;

  /** Those that are no copies. */
  originals(input: string, arrivals: readonly Arrival[]): readonly Arrival[] {
    const number = this.#numbers.get(input) ?? this.#numbers.size;
    this.#numbers.set(input, number);
    const handedOn: SignIn[] = [];
    this.#copies.into(handedOn);
    return arrivals.flatMap((arrival) => {
      const signIn = this.#copies.original(arrival.signIn, number);
      if (signIn === undefined) return [];
      handedOn.push(signIn);
      return signIn === arrival.signIn ? [arrival] : [{ ...arrival, signIn }];
    });
  }
}
