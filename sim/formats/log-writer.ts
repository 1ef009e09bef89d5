/**
 * Turns a stream of sign-ins into the lines of a log, in the order of the times at which the server writes them: the
 * attempts of one connection are brought together, and lines about its end wait their turn.
 */
import type { Simulated } from "../simulated.ts";
import type { LogFormat, Settings } from "./log-format.ts";

/** Servers hang up on a connection that idles between attempts for longer. */
const idleMax = 90_000;
/** From the first line about a connection to the attempt itself. */
const leadMax = 1_000;

type Open = { readonly attempts: Simulated[]; readonly first: Simulated; last: Simulated };

export class LogWriter {
  readonly #format: LogFormat;
  readonly #write: ReturnType<LogFormat["create"]>;
  readonly #sink: (line: string) => void;
  /** By connection number, longest unchanged first. */
  readonly #open = new Map<number, Open>();
  readonly #lines = new LineHeap();
  lines = 0;

  constructor(format: LogFormat, settings: Settings, sink: (line: string) => void) {
    this.#format = format;
    this.#write = format.create(settings);
    this.#sink = sink;
    for (const line of format.header) this.#put(line);
  }

  /** Takes the next sign-in; they come in time order. */
  add(simulated: Simulated): void {
    const { at } = simulated.signIn;
    this.#closeBefore(at - idleMax);
    const open = this.#open.get(simulated.connection);
    this.#open.delete(simulated.connection);
    if (open !== undefined && this.#continues(open, simulated)) {
      open.attempts.push(simulated);
      open.last = simulated;
      this.#settle(simulated.connection, open);
    } else {
      if (open !== undefined) this.#close(open);
      this.#settle(simulated.connection, { attempts: [simulated], first: simulated, last: simulated });
    }
    this.#flushBefore(at - idleMax * this.#format.attemptsMax - leadMax);
  }

  end(): void {
    for (const open of this.#open.values()) this.#close(open);
    this.#open.clear();
    this.#flushBefore(Infinity);
  }

  #continues(open: Open, { signIn }: Simulated): boolean {
    const before = open.last.signIn;
    const sameAccount = this.#format.manyAccounts || before.account === signIn.account;
    if (this.#format.successAlone && signIn.outcome === "success") return false;
    return sameAccount && before.address === signIn.address && before.server === signIn.server;
  }

  #settle(connection: number, open: Open): void {
    const over = open.last.signIn.outcome === "success" || open.attempts.length >= this.#format.attemptsMax;
    if (over) this.#close(open);
    else this.#open.set(connection, open);
  }

  #closeBefore(at: number): void {
    for (const [connection, open] of this.#open) {
      if (open.last.signIn.at >= at) return;
      this.#open.delete(connection);
      this.#close(open);
    }
  }

  #close({ attempts, first, last }: Open): void {
    this.#write({ attempts, first, last }, (at, line) => this.#lines.push(at, line));
  }

  #flushBefore(at: number): void {
    while (this.#lines.size > 0 && this.#lines.nextAt < at) this.#put(this.#lines.pop());
  }

  #put(line: string): void {
    this.lines += 1;
    this.#sink(line);
  }
}

/** Lines by time; those of the same time in the order in which they came. */
class LineHeap {
  readonly #times: number[] = [];
  readonly #orders: number[] = [];
  readonly #texts: string[] = [];
  #order = 0;

  get size(): number {
    return this.#times.length;
  }

  get nextAt(): number {
    return this.#times[0] ?? Infinity;
  }

  push(at: number, text: string): void {
    this.#order += 1;
    let index = this.#times.length;
    this.#set(index, at, this.#order, text);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#before(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  pop(): string {
    const top = this.#texts[0] ?? "";
    const last = this.#times.length - 1;
    this.#swap(0, last);
    this.#times.pop();
    this.#orders.pop();
    this.#texts.pop();
    for (let index = 0; ;) {
      let least = index;
      for (const child of [2 * index + 1, 2 * index + 2]) if (child < last && this.#before(child, least)) least = child;
      if (least === index) return top;
      this.#swap(index, least);
      index = least;
    }
  }

  #before(one: number, other: number): boolean {
    const first = this.#times[one] ?? 0;
    const second = this.#times[other] ?? 0;
    return first < second || (first === second && (this.#orders[one] ?? 0) < (this.#orders[other] ?? 0));
  }

  #set(index: number, at: number, order: number, text: string): void {
    this.#times[index] = at;
    this.#orders[index] = order;
    this.#texts[index] = text;
  }

  #swap(one: number, other: number): void {
    const [at = 0, order = 0, text = ""] = [this.#times[one], this.#orders[one], this.#texts[one]];
    this.#set(one, this.#times[other] ?? 0, this.#orders[other] ?? 0, this.#texts[other] ?? "");
    this.#set(other, at, order, text);
  }
}
