/**
 * Sign-ins from one thread to another. Copying a million objects costs more than reading them, so a batch travels as a few arrays of
 * numbers, and each text once: both sides keep the same table.
 */
import type { Millis } from "#/platform/units.ts";
import type { Outcome, Reason, Service, SignIn } from "#/signin/signin.ts";

/** Numbers per sign-in: seven texts, the count, and outcome, reason and service as texts too. */
const FIELDS = 10;
/** When the table is full, both sides begin a new one. */
const TABLE_MAX = 500_000;

export type Packet = {
  readonly times: Float64Array;
  readonly fields: Uint32Array;
  /** Texts that are new to the table, in the order of their numbers. */
  readonly texts: readonly string[];
  /** Whether the table is begun anew with these texts. */
  readonly fresh: boolean;
};

export class Encoder {
  #numbers = new Map<string, number>();

  encode(signIns: readonly SignIn[]): Packet {
    const fresh = this.#numbers.size > TABLE_MAX;
    if (fresh) this.#numbers = new Map();
    const texts: string[] = [];
    const numberOf = (text: string): number => {
      const found = this.#numbers.get(text);
      if (found !== undefined) return found;
      const number = this.#numbers.size;
      this.#numbers.set(text, number);
      texts.push(text);
      return number;
    };
    const times = new Float64Array(signIns.length);
    const fields = new Uint32Array(signIns.length * FIELDS);
    let at = 0;
    for (const [index, signIn] of signIns.entries()) {
      times[index] = signIn.at;
      fields[at] = numberOf(signIn.outcome);
      fields[at + 1] = numberOf(signIn.reason);
      fields[at + 2] = numberOf(signIn.account);
      fields[at + 3] = numberOf(signIn.accountGiven);
      fields[at + 4] = numberOf(signIn.address);
      fields[at + 5] = numberOf(signIn.service);
      fields[at + 6] = numberOf(signIn.server);
      fields[at + 7] = numberOf(signIn.client);
      fields[at + 8] = numberOf(signIn.source);
      fields[at + 9] = signIn.count;
      at += FIELDS;
    }
    return { times, fields, texts, fresh };
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
      signIns.push({
        // The encoder has put these there from a SignIn of the same type.
        at: times[index] as Millis,
        outcome: all[fields[at] ?? 0] as Outcome,
        reason: all[fields[at + 1] ?? 0] as Reason | "",
        account: all[fields[at + 2] ?? 0] ?? "",
        accountGiven: all[fields[at + 3] ?? 0] ?? "",
        address: all[fields[at + 4] ?? 0] ?? "",
        service: all[fields[at + 5] ?? 0] as Service,
        server: all[fields[at + 6] ?? 0] ?? "",
        client: all[fields[at + 7] ?? 0] ?? "",
        count: fields[at + 9] ?? 1,
        source: all[fields[at + 8] ?? 0] ?? "",
      });
    }
    return signIns;
  }
}
