/**
 * Forward authentication: nginx (auth_request), Traefik and Caddy (forward_auth) ask about every request before they pass it on. 2xx lets it
 * through; 401 and 403 do not, and nothing else may be said to nginx.
 *
 * It sees an account only where the proxy knows it: in Basic authentication, or in the header that a sign-in proxy before it sets. A login form is
 * judged by its address alone. How the sign-in ended it learns from the log, or from a proxy that tells (`result`).
 */
import { createHash } from "node:crypto";
import { normaliseAccount } from "#/signin/account.ts";
import type { SignIn } from "#/signin/signin.ts";
import type { Duration } from "#/platform/units.ts";
import type { Attempt, Verdict } from "../attempt.ts";
import type { Desk } from "./desk.ts";
import { type Asked, type Handler, type Reply, bare, headerOf } from "./exchange.ts";
import { clientAddress } from "./hops.ts";

export type ForwardAuthPorts = {
  readonly desk: Desk;
  readonly isForwarder: (address: string) => boolean;
  /** Resolves after that time: strangers who are to be delayed wait for their answer. */
  readonly wait: (delay: Duration) => Promise<void>;
};

/** The question. */
export function forwardAuth({ desk, isForwarder, wait }: ForwardAuthPorts): Handler {
  let waiting = 0;
  return (asked) => {
    const { attempt, isBasic, pair } = read(desk, asked, isForwarder);
    const verdict = desk.ask(attempt, pair);
    if (verdict.answer !== "delay") return replyTo(verdict, isBasic);
    // Every answer that waits holds a connection of the proxy's. Beyond a few, strangers are told no instead of holding up the members.
    if (waiting >= WAITING_MAX) return refusal(isBasic);
    waiting += 1;
    return wait(verdict.delay).then(() => {
      waiting -= 1;
      return pass;
    });
  };
}

/**
 * The answer of whatever is behind the proxy, told afterwards by those that can: the same headers, and the status in X-Original-Status. 401 and 403
 * are a wrong password, 5xx are the site's own trouble. Only forwarders are believed.
 */
export function forwardAuthResult({ desk, isForwarder }: Omit<ForwardAuthPorts, "wait">): Handler {
  return async (asked) => {
    if (asked.peer.address !== "" && !isForwarder(asked.peer.address)) return bare(403);
    const status = Number(headerOf(asked, "x-original-status"));
    const { attempt, pair } = read(desk, asked, isForwarder);
    if (!Number.isInteger(status) || status < 100 || status > 599) {
      desk.malformed();
      return bare(400);
    }
    if (attempt.account === "") return pass;
    const outcome = outcomeOf(status);
    // Browsers show the password with every request: who was let in a moment ago has not signed in again.
    if (outcome.outcome === "success" && !desk.isFirst(`${pair} in`, attempt.at)) return pass;
    const told = await desk.tell({ ...attempt, ...outcome, count: 1, source: "gate:forward-auth" });
    return told === "kept" ? pass : bare(503);
  };
}

type Read = {
  readonly attempt: Attempt;
  readonly isBasic: boolean;
  /** A page has many pictures, each of which is asked about: they are one attempt. */
  readonly pair: string;
};

function read(desk: Desk, asked: Asked, isForwarder: (address: string) => boolean): Read {
  const { peer } = asked;
  const isTrusted = peer.address === "" || isForwarder(peer.address);
  const address = clientAddress(
    peer.address,
    headerOf(asked, "x-forwarded-for"),
    headerOf(asked, "x-real-ip"),
    isForwarder,
  );
  const basic = basicOf(headerOf(asked, "authorization"));
  const named = isTrusted ? headerOf(asked, "x-forwarded-user") || headerOf(asked, "remote-user") : "";
  const accountGiven = basic?.user ?? named;
  const account = normaliseAccount(accountGiven);
  const passwordFingerprint = basic === undefined ? "" : desk.fingerprint(hashOf(basic.password), peer.isSafe);
  return {
    attempt: {
      at: desk.clock.now(),
      account,
      accountGiven,
      address,
      service: "web",
      server: isTrusted ? headerOf(asked, "x-forwarded-host").slice(0, HOST_LENGTH_MAX) : "",
      client: headerOf(asked, "user-agent").slice(0, CLIENT_LENGTH_MAX),
      passwordFingerprint,
    },
    isBasic: basic !== undefined,
    pair: `${account} ${address} ${passwordFingerprint}`,
  };
}

/** The hash that Dovecot sends for `%{sha256:password}`: so one password has one fingerprint at all doors. */
const hashOf = (password: string): string => createHash("sha256").update(password).digest("hex");

/** RFC 7617: a user name has no colon, a password may have. */
function basicOf(header: string): { readonly user: string; readonly password: string } | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=_-]{1,4096}) *$/i.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, "base64").toString();
  const colon = pair.indexOf(":");
  return colon < 0 ? undefined : { user: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

function outcomeOf(status: number): Pick<SignIn, "outcome" | "reason"> {
  if (status === 401 || status === 403) return { outcome: "failure", reason: "bad-password" };
  if (status >= 500) return { outcome: "failure", reason: "fault" };
  return status < 400 ? { outcome: "success", reason: "" } : { outcome: "failure", reason: "other" };
}

function replyTo(verdict: Verdict, isBasic: boolean): Reply {
  return verdict.answer === "allow" ? pass : refusal(isBasic);
}

/** Where a password was shown, as if it had been wrong. */
const refusal = (isBasic: boolean): Reply => (isBasic ? wrongPassword : forbidden);

const pass: Reply = bare(204);
const forbidden: Reply = bare(403);
const wrongPassword: Reply = {
  ...bare(401),
  headers: { "www-authenticate": 'Basic realm="Sign in", charset="UTF-8"' },
};

const WAITING_MAX = 500;
const CLIENT_LENGTH_MAX = 256;
const HOST_LENGTH_MAX = 253;
