/**
 * Two threads that call each other's functions: each hands in its own and gets the other's, as functions that answer with a promise. What
 * goes over is copied (structured clone). It knows nothing of what is called.
 */
import { Failure, type FailureCode } from "./failure.ts";

/** The functions of one side. */
export type Calls = { readonly [name: string]: (...given: never[]) => unknown };

/** The same from the other side. */
export type Remote<Of extends Calls> = {
  readonly [Name in keyof Of]: (...given: Parameters<Of[Name]>) => Promise<Awaited<ReturnType<Of[Name]>>>;
};

/** A MessagePort or a Worker, as far as it is used here. */
export type Port = {
  postMessage(message: Message): void;
  on(name: "message", listener: (message: Message) => void): unknown;
};

type Message =
  | { readonly call: number; readonly name: string; readonly given: readonly unknown[] }
  | { readonly answer: number; readonly value: unknown }
  | { readonly answer: number; readonly failure: { readonly code: FailureCode | undefined; readonly message: string } };

type Waiting = { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void };

/** Calls the function of that name on the other side. */
type Call = (name: string, given: readonly unknown[]) => Promise<unknown>;

export type Connection<Theirs extends Calls> = {
  readonly remote: Remote<Theirs>;
  readonly call: Call;
  /** The other side is gone: whoever waits for it is told, and whoever calls it from now on. */
  readonly close: (why: Failure) => void;
  /** Calls that have not been answered yet. */
  readonly waiting: () => number;
};

export function connect<Theirs extends Calls>(port: Port, own: Calls): Connection<Theirs> {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let closed: Failure | undefined;
  port.on("message", (message) => {
    if ("call" in message) {
      void reply(port, own, message.call, message.name, message.given);
      return;
    }
    const asked = waiting.get(message.answer);
    waiting.delete(message.answer);
    if (asked === undefined) return;
    if ("failure" in message) asked.reject(errorOf(message.failure));
    else asked.resolve(message.value);
  });
  const call = (name: string, given: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (closed !== undefined) {
        reject(closed);
        return;
      }
      last += 1;
      waiting.set(last, { resolve, reject });
      port.postMessage({ call: last, name, given });
    });
  return {
    remote: remoteOf<Theirs>(call),
    call,
    close(why) {
      closed = why;
      for (const asked of waiting.values()) asked.reject(why);
      waiting.clear();
    },
    waiting: () => waiting.size,
  };
}

/** Every name is a function that calls the other side; which there are, the type says. */
export function remoteOf<Of extends Calls>(call: Call): Remote<Of> {
  return new Proxy(
    {},
    {
      get: (_, name) =>
        // A promise that resolves to this would look for it.
        name === "then" ? undefined : (...given: readonly unknown[]) => call(String(name), given),
    },
  ) as Remote<Of>;
}

async function reply(port: Port, own: Calls, answer: number, name: string, given: readonly unknown[]): Promise<void> {
  try {
    const called = own[name] as ((...given: readonly unknown[]) => unknown) | undefined;
    if (called === undefined) throw new Error(`nothing is called ${name} here`);
    port.postMessage({ answer, value: await called(...given) });
  } catch (error) {
    const code = error instanceof Failure ? error.code : undefined;
    port.postMessage({ answer, failure: { code, message: error instanceof Error ? error.message : String(error) } });
  }
}

function errorOf({ code, message }: { readonly code: FailureCode | undefined; readonly message: string }): Error {
  return code === undefined ? new Error(message) : new Failure(code, message);
}
