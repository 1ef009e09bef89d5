/**
 * Sign-ins from one thread to another. Copying a million objects costs more than reading them, so a batch travels as a few arrays of
 * numbers, and each text once: both sides keep the same table.
 */
import { millis } from "#/platform/units.ts";
import type { Outcome, Reason, Service, SignIn } from "#/signin/signin.ts";

/** Numbers per sign-in: the count, eight texts, and outcome, reason and service as texts too. */
const FIELDS = 11;
/** When the table is full, both sides begin a new one. */
const TABLE_MAX = 200_000;

export type Packet = {
  readonly times: Float64Array<ArrayBuffer>;
  readonly fields: Uint32Array<ArrayBuffer>;
  /** Texts that are new to the table, in the order of their numbers. */
  readonly texts: readonly string[];
  /** Whether the table is begun anew with these texts. */
  readonly fresh: boolean;
};

export class Encoder {
  #numbers = new Map<string, number>();
  #texts: string[] = [];
  /** For each field the last text and its number: most are the same as in the sign-in before. */
  readonly #lastTexts: string[] = Array.from({ length: FIELDS }, () => "");
  readonly #lastNumbers: number[] = Array.from({ length: FIELDS }, () => 0);

  encode(signIns: readonly SignIn[]): Packet {
    const fresh = this.#numbers.size === 0 || this.#numbers.size > TABLE_MAX;
    this.#texts = [];
    if (fresh) this.#begin();
    const times = new Float64Array(signIns.length);
    const fields = new Uint32Array(signIns.length * FIELDS);
    let at = 0;
    for (let index = 0; index < signIns.length; index += 1) {
      const signIn = signIns[index];
      if (signIn === undefined) continue;
      times[index] = signIn.at;
      fields[at] = signIn.count;
      fields[at + 1] = this.#repeated(1, signIn.outcome);
      fields[at + 2] = this.#repeated(2, signIn.reason);
      fields[at + 3] = this.#numberOf(signIn.account);
      fields[at + 4] =
        signIn.accountGiven === signIn.account ? (fields[at + 3] ?? 0) : this.#numberOf(signIn.accountGiven);
      fields[at + 5] = this.#numberOf(signIn.address);
      fields[at + 6] = this.#repeated(6, signIn.service);
      fields[at + 7] = this.#repeated(7, signIn.server);
      fields[at + 8] = this.#repeated(8, signIn.client);
      fields[at + 9] = this.#repeated(9, signIn.source);
      fields[at + 10] = this.#repeated(10, signIn.passwordFingerprint);
      at += FIELDS;
    }
    return { times, fields, texts: this.#texts, fresh };
  }

  /** The empty text has the number 0. */
  #begin(): void {
    this.#numbers = new Map();
    this.#lastTexts.fill("");
    this.#lastNumbers.fill(0);
    this.#numberOf("");
  }

  #repeated(field: number, text: string): number {
    if (text === this.#lastTexts[field]) return this.#lastNumbers[field] ?? 0;
    const number = this.#numberOf(text);
    this.#lastTexts[field] = text;
    this.#lastNumbers[field] = number;
    return number;
  }

  #numberOf(text: string): number {
    const found = this.#numbers.get(text);
    if (found !== undefined) return found;
    const number = this.#numbers.size;
    this.#numbers.set(text, number);
    this.#texts.push(text);
    return number;
  }
}

export class Decoder {
  #texts: string[] = [];

  decode({ times, fields, texts, fresh }: Packet): SignIn[] {
    if (fresh) this.#texts = [];
    for (const text of texts) this.#texts.push(text);
    const all = this.#texts;
    const signIns: SignIn[] = [];
    for (let index = 0, at = 0; index < times.length; index += 1, at += FIELDS) {
      const text = (field: number): string => all[fields[at + field] ?? 0] ?? "";
      signIns.push({
        at: millis(times[index] ?? 0),
        // The encoder has put these three there from a SignIn of the same type.
        outcome: text(1) as Outcome,
        reason: text(2) as Reason | "",
        account: text(3),
        accountGiven: text(4),
        address: text(5),
        service: text(6) as Service,
        server: text(7),
        client: text(8),
        count: fields[at] ?? 1,
        passwordFingerprint: text(10),
        source: text(9),
      });
    }
    return signIns;
  }
}
