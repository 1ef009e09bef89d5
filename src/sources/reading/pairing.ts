/**
 * One attempt that two logs tell of: vsftpd's own log and PAM's line in auth.log, which share no process id and no file.
 * A sign-in for which only a weak witness speaks is dropped where another log has the same account, address and outcome
 * within `apart`. It takes the merged logs and keeps their order. Weak ones are rare: without them it does nothing.
 */
import type { SignIn } from "#/signin/signin.ts";

/** Two servers' lines about one attempt are no further apart. */
const apart = 10_000;
/** Sign-ins that are looked back upon for one weak one. */
const lookBackMax = 1_024;
/** Sign-ins that wait behind a weak one; with more, it is told as it is. */
export const waitingMax = 16_384;

/** The sign-ins for which only a weak witness speaks, as a set or the keys of a map. */
export type Weak = Pick<Set<SignIn>, "has" | "delete" | "size">;

export class Pairing {
  readonly #weak: Weak;
  readonly #dropped: (signIn: SignIn) => void;
  /** Handed on last. */
  #recent: readonly SignIn[] = [];
  /** Not handed on yet, in order; the dropped ones are gone. */
  #queue: (SignIn | undefined)[] = [];
  /** Weak ones in the queue by address: their places. */
  readonly #waiting = new Map<string, number[]>();
  /** Own words that have been paired: each stands for one weak one. */
  readonly #paired = new WeakSet<SignIn>();

  /** @param weak the sign-ins for which only a weak witness speaks; they are taken out as they pass. */
  constructor(weak: Weak, dropped: (signIn: SignIn) => void) {
    this.#weak = weak;
    this.#dropped = dropped;
  }

  /** Takes the next sign-ins and answers those of which all is known. */
  next(batch: readonly SignIn[]): readonly SignIn[] {
    if (this.#weak.size === 0) {
      this.#recent = batch;
      return batch;
    }
    let latest = Number.NEGATIVE_INFINITY;
    for (const signIn of batch) {
      if (this.#weak.has(signIn)) this.#addWeak(signIn);
      else this.#addOwn(signIn);
      latest = signIn.at;
    }
    return this.#pass(latest - apart);
  }

  /** The logs are over. */
  end(): readonly SignIn[] {
    return this.#pass(Number.POSITIVE_INFINITY);
  }

  #addWeak(weak: SignIn): void {
    let looked = 0;
    for (const past of [this.#queue, this.#recent]) {
      for (let index = past.length - 1; index >= 0 && looked < lookBackMax; index -= 1, looked += 1) {
        const own = past[index];
        if (own === undefined || this.#weak.has(own) || !isSame(own, weak) || this.#paired.has(own)) continue;
        this.#paired.add(own);
        this.#drop(weak);
        return;
      }
    }
    const places = this.#waiting.get(weak.address);
    if (places === undefined) this.#waiting.set(weak.address, [this.#queue.length]);
    else places.push(this.#queue.length);
    this.#queue.push(weak);
  }

  #addOwn(own: SignIn): void {
    for (const place of this.#waiting.get(own.address) ?? []) {
      const weak = this.#queue[place];
      if (weak === undefined || !isSame(own, weak)) continue;
      this.#paired.add(own);
      this.#queue[place] = undefined;
      this.#drop(weak);
      break;
    }
    this.#queue.push(own);
  }

  #drop(weak: SignIn): void {
    this.#dropped(weak);
    this.#weak.delete(weak);
  }

  /** Hands on what stands before the first weak one that may still be paired. */
  #pass(before: number): readonly SignIn[] {
    const queue = this.#queue;
    const out: SignIn[] = [];
    let next = 0;
    for (; next < queue.length; next += 1) {
      const signIn = queue[next];
      if (signIn === undefined) continue;
      const isWeak = this.#weak.has(signIn);
      if (isWeak && signIn.at >= before && queue.length - next <= waitingMax) break;
      if (isWeak) this.#weak.delete(signIn);
      out.push(signIn);
    }
    this.#queue = queue.slice(next);
    this.#waiting.clear();
    for (const [place, signIn] of this.#queue.entries()) {
      if (signIn === undefined || !this.#weak.has(signIn)) continue;
      const places = this.#waiting.get(signIn.address);
      if (places === undefined) this.#waiting.set(signIn.address, [place]);
      else places.push(place);
    }
    if (out.length > 0) this.#recent = out;
    return out;
  }
}

const isSame = (one: SignIn, other: SignIn): boolean =>
  one.address === other.address &&
  one.account === other.account &&
  one.outcome === other.outcome &&
  one.account !== "" &&
  one.address !== "" &&
  Math.abs(one.at - other.at) <= apart;
