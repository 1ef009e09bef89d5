/** A desk for tests of gate protocols: a gate that says what it is told to say, and everything that it was asked and told. */
import type { Attempt, RecordedVerdict, Verdict } from "#/gate/attempt.ts";
import { Desk, type Protocol } from "#/gate/protocols/desk.ts";
import type { Asked, Handler, Reply } from "#/gate/protocols/exchange.ts";
import { Failure } from "#/platform/failure.ts";
import { millis, seconds } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { NOON } from "./gate.ts";

export const allow: Verdict = { answer: "allow", delay: seconds(0), code: "open", why: "", would: "allow" };
export const refuse: Verdict = { ...allow, answer: "refuse", would: "refuse", code: "campaign", why: "12 guesses" };
export const delay: Verdict = { ...allow, answer: "delay", would: "delay", code: "campaign", delay: seconds(4.2) };
export const watched: Verdict = { ...refuse, answer: "allow" };

export type Played = {
  readonly desk: Desk;
  readonly asked: Attempt[];
  readonly told: { readonly signIn: SignIn; readonly id: string }[];
  readonly recorded: RecordedVerdict[];
  /** What fingerprints were made of. */
  readonly secrets: string[];
  /** What is answered from now on; "broken" for a gate that fails, "full" for a store that cannot keep. */
  answer: Verdict | "broken";
  store: "works" | "full";
  failed: Verdict;
  /** Moves the clock. */
  now: number;
};

export function play(protocol: Protocol, answer: Verdict = allow, waitingMax?: number): Played {
  const played: Played = {
    desk: new Desk(
      protocol,
      {
        gate: {
          decide(attempt) {
            played.asked.push(attempt);
            if (played.answer === "broken") throw new Error("broken");
            return played.answer;
          },
          failed: () => played.failed,
        },
        async tell(signIn, id) {
          await Promise.resolve();
          if (played.store === "full") throw new Failure("output-unwritable", "the disk is full");
          played.told.push({ signIn, id });
        },
        record: (verdict) => played.recorded.push(verdict),
        fingerprints: {
          of(hash) {
            played.secrets.push(hash);
            return `keyed(${hash.length})`;
          },
        },
        clock: { now: () => millis(played.now), ticks: () => played.now },
        run: "run1",
      },
      waitingMax,
    ),
    asked: [],
    told: [],
    recorded: [],
    secrets: [],
    answer,
    store: "works",
    failed: { ...allow, code: "failed-open" },
    now: NOON,
  };
  return played;
}

export const safePeer = { address: "127.0.0.1", isSafe: true };
export const openPeer = { address: "192.0.2.200", isSafe: false };

export const asked = (more: Partial<Asked>): Asked => ({
  method: "POST",
  path: "/",
  query: "",
  headers: {},
  body: "",
  peer: safePeer,
  ...more,
});

/** Asks a handler and waits for its answer, whether it is one at once or later. */
export const answerOf = async (handler: Handler, more: Partial<Asked>): Promise<Reply> => handler(asked(more));

export const post = (handler: Handler, command: string, body: unknown, more: Partial<Asked> = {}): Promise<Reply> =>
  answerOf(handler, { query: `command=${command}`, body: JSON.stringify(body), ...more });
