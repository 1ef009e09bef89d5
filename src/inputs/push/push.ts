/**
 * What is pushed by HTTP: a request in, an answer out. The listener is another's. A body is anything that a file might be: JSON lines, a JSON
 * document, OCSF, Dovecot's exported events, a table, plain log lines. It is answered with 200 only when it is durable; lines that cannot be
 * read are told by their numbers with 422, and the others count.
 *
 * Pushed again, it counts once where the sender says what is the same: by an Idempotency-Key for the whole, or by a record's id in each line.
 * Whatever may wait for a better witness speaks at the end of its push, or it would not be durable by then.
 */
import type { IncomingMessage } from "node:http";
import type { InputContext } from "#/inputs/context.ts";
import type { InputReport } from "#/inputs/input.ts";
import { seconds } from "#/platform/units.ts";
import type { RecogniserOptions } from "#/sources/reading/recogniser.ts";
import { type Body, readBody } from "./body.ts";
import { type Outcome, Sender } from "./sender.ts";
import type { Tokens } from "./tokens.ts";

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type PushOptions = {
  readonly tokens: Tokens;
  readonly sources: RecogniserOptions;
  /** Bytes of one body as it is sent. */
  readonly bodyMax: number;
  /** Where a line's own id stands, with dots: "log.id"; "" for nowhere but in OCSF. */
  readonly idField: string;
};

/** A packed log is a tenth of its size. */
const UNPACKED_FACTOR = 16;
/** Bytes that all pushes together hold; who comes when it is full is asked to come again. */
const HELD_MAX = 128 << 20;
const PUSHES_MAX = 64;
const TIME_MAX = seconds(30);
const KEY_LENGTH_MAX = 256;

export class Push {
  readonly #options: PushOptions;
  readonly #context: InputContext;
  /** By the names of their tokens, which are the operator's, so that they are few. */
  readonly #senders = new Map<string, Sender>();
  #held = 0;
  #pushes = 0;
  #refused = 0;

  constructor(options: PushOptions, context: InputContext) {
    this.#options = options;
    this.#context = context;
  }

  /** Rejects for nothing that a sender does. */
  async handle(request: IncomingMessage): Promise<Answer> {
    if (request.method !== "POST") return refuse(405, "POST what is to be read", { allow: "POST" });
    const name = this.#options.tokens.nameOf(request.headers);
    if (name === undefined) {
      this.#refused += 1;
      return refuse(401, "no valid token", { "www-authenticate": 'Bearer, Basic realm="push"', ...closing });
    }
    const key = request.headers["idempotency-key"] ?? "";
    if (typeof key !== "string" || key.length > KEY_LENGTH_MAX)
      return refuse(400, `an Idempotency-Key has up to ${KEY_LENGTH_MAX} characters`, closing);
    if (this.#pushes >= PUSHES_MAX) return busy();
    this.#pushes += 1;
    let reserved = 0;
    const reserve = (bytes: number): boolean => {
      if (this.#held + bytes > HELD_MAX) return false;
      reserved += bytes;
      this.#held += bytes;
      return true;
    };
    try {
      const { bodyMax } = this.#options;
      const limits = { sentMax: bodyMax, unpackedMax: bodyMax * UNPACKED_FACTOR, time: TIME_MAX, reserve };
      const body = await readBody(request, limits, this.#context.timers);
      if (body.kind !== "whole") return refusal(body.kind, bodyMax);
      return answerTo(await this.#senderOf(name).read(body.bytes, key));
    } finally {
      this.#pushes -= 1;
      this.#held -= reserved;
    }
  }

  reports(): readonly InputReport[] {
    const refused =
      this.#refused > 0 ? `${this.#refused} pushes without a valid token were refused since the start` : "";
    const trouble = this.#options.tokens.trouble || refused;
    const all = { input: "push", signIns: 0, ignored: 0, malformed: 0, dropped: 0, trouble };
    return [all, ...[...this.#senders.values()].map((sender) => sender.report())];
  }

  /** Until everything that came in whole is through. */
  async idle(): Promise<void> {
    await Promise.all([...this.#senders.values()].map(async (sender) => sender.idle()));
  }

  #senderOf(name: string): Sender {
    const known = this.#senders.get(name);
    if (known !== undefined) return known;
    const { sources, idField } = this.#options;
    const sender = new Sender(`push:${name}`, sources, idField, this.#context);
    this.#senders.set(name, sender);
    return sender;
  }
}

/** The rest of the body is not read. */
const closing = { connection: "close" };

const busy = (): Answer => refuse(503, "too much at once: send it again", { "retry-after": "5", ...closing });

function answerTo(outcome: Outcome): Answer {
  switch (outcome.kind) {
    case "unkept":
      // Why is for those who run it, not for senders.
      return refuse(503, "it could not be kept: send it again", { "retry-after": "30" });
    case "kept": {
      const { kind: _, ...told } = outcome;
      return answer(outcome.malformed === 0 ? 200 : 422, told);
    }
    default:
      return outcome satisfies never;
  }
}

function refusal(kind: Exclude<Body["kind"], "whole">, bodyMax: number): Answer {
  switch (kind) {
    case "too-large":
      return refuse(413, `a body has up to ${bodyMax} bytes, and ${UNPACKED_FACTOR} times as many unpacked`, closing);
    case "too-slow":
      return refuse(408, `a body comes within ${TIME_MAX / 1_000} s`, closing);
    case "broken":
      return refuse(400, "the body cannot be unpacked; nothing of it was read", closing);
    case "busy":
      return busy();
    case "gone":
      return refuse(400, "the body was cut short", closing);
    case "encoding-unknown":
      return refuse(415, "Content-Encoding is gzip, zstd or none", { "accept-encoding": "gzip, zstd", ...closing });
    default:
      return kind satisfies never;
  }
}

const refuse = (status: number, error: string, headers: Readonly<Record<string, string>>): Answer =>
  answer(status, { error }, headers);

function answer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: `${JSON.stringify(body)}\n` };
}
