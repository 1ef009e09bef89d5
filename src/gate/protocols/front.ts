/** What every listener does with a question once it can read it: whether there is such a path, whether whoever asks may, and the answer. */
import type { Clock } from "#/platform/clock.ts";
import type { Credentials } from "./credentials.ts";
import { type Asked, type Reply, type Route, type Routes, bare } from "./exchange.ts";

/** What is told of every answer. */
export type Answered = (protocol: string, status: number, milliseconds: number) => void;

export type Front = {
  readonly routes: Routes;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly answered: Answered;
  /** What goes wrong inside: told to those who run the site, while whoever asked hears only that it did. */
  readonly trouble: (what: string) => void;
};

export type Admitted = {
  readonly kind: "admitted";
  readonly route: Route;
  readonly path: string;
  readonly query: string;
};

export type Entry =
  | Admitted
  /** To be answered with that status, and no look at the body. */
  | { readonly kind: "refused"; readonly protocol: string; readonly status: 401 | 404 };

/** Decided on the head alone, before a byte of the body is read. */
export function enter(front: Front, url: string, headers: Asked["headers"], isCertified: boolean): Entry {
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const route = front.routes.get(path);
  if (route === undefined) return { kind: "refused", protocol: "none", status: 404 };
  const { authorization = "", "x-api-key": apiKey = "" } = headers;
  const shown = {
    authorization: typeof authorization === "string" ? authorization : "",
    apiKey: typeof apiKey === "string" ? apiKey : "",
    isCertified,
  };
  if (!front.credentials.admits(route.guard, shown)) {
    return { kind: "refused", protocol: route.protocol, status: 401 };
  }
  return { kind: "admitted", route, path, query: mark < 0 ? "" : url.slice(mark + 1) };
}

/** Answers once, whatever happens. @param begun when the head was there, in ticks */
export function answer(front: Front, route: Route, asked: Asked, begun: number, send: (reply: Reply) => void): void {
  const finish = (reply: Reply): void => {
    send(reply);
    front.answered(route.protocol, reply.status, front.clock.ticks() - begun);
  };
  const fail = (error: unknown): void => {
    front.trouble(`${route.protocol}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    finish(bare(500));
  };
  let reply: Reply | Promise<Reply>;
  try {
    reply = route.handle(asked);
  } catch (error) {
    fail(error);
    return;
  }
  if (reply instanceof Promise) reply.then(finish, fail);
  else finish(reply);
}

/** What 401 says, as RFC 9110 demands. */
export const challenge = { "www-authenticate": 'Basic realm="portcullis"' };
