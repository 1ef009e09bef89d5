/**
 * Dovecot's auth policy: Dovecot asks before and after it has checked a password (allow), and reports how it went (report). Both are a POST
 * of one JSON object to `/?command=...`. Seen on 2.3.19 and 2.4; what they send and what to configure stands in docs/protocols.md.
 *
 * It cannot see master users' log-ins without `attrs/master_user`, `attrs/login_user` and `attrs/auth_user`, nor what a session did after it began.
 */
import type { Verdict } from "../attempt.ts";
import type { Desk } from "./desk.ts";
import { type Asked, type Fields, type Handler, type Reply, bare, objectOf } from "./exchange.ts";
import { type PolicyBody, attemptOf, readBody, signInOf } from "./policy-body.ts";

/** @param isForwarder who may say for whom it speaks */
export function dovecotPolicy(desk: Desk, isForwarder: (address: string) => boolean): Handler {
  return (asked) => {
    if (asked.method !== "POST") return bare(405);
    const command = commandOf(asked);
    if (command !== "allow" && command !== "report") return bare(404);
    const fields = objectOf(asked.body);
    if (fields === undefined && command === "allow") return replyTo(desk.askUnread("the body is no JSON object"));
    if (fields === undefined) {
      desk.malformed();
      return bare(400);
    }
    return command === "allow" ? allow(desk, fields, asked, isForwarder) : report(desk, fields, asked, isForwarder);
  };
}

/** The last "command" of the query: Dovecot puts its own behind whatever its URL has. */
export const commandOf = ({ query }: Asked): string => /(?:^|&)command=(\w{1,32})(?:&|$)/.exec(query)?.[1] ?? "";

function allow(desk: Desk, fields: Fields, asked: Asked, isForwarder: (address: string) => boolean): Reply {
  const body = readBody(fields, isForwarder);
  return replyTo(askAbout(desk, body, asked));
}

/** Decides about what a body asks. The check after the password and the one before it are one attempt. */
export function askAbout(desk: Desk, body: PolicyBody, { peer }: Asked): Verdict {
  const fingerprint = desk.fingerprint(body.secret, peer.isSafe);
  return desk.ask(attemptOf(body, desk.clock.now(), fingerprint), body.once);
}

async function report(
  desk: Desk,
  fields: Fields,
  asked: Asked,
  isForwarder: (address: string) => boolean,
): Promise<Reply> {
  const told = await keepReport(desk, fields, asked, isForwarder);
  // Dovecot does not look at it, and tries nothing again; its log shows the error.
  return told ? goOn : bare(503);
}

/** Answers whether it is kept, or nothing that should be. */
export async function keepReport(
  desk: Desk,
  fields: Fields,
  { peer }: Asked,
  isForwarder: (address: string) => boolean,
): Promise<boolean> {
  const body = readBody(fields, isForwarder);
  // `doveadm auth test`: an operator who tries out whether somebody would get in is no sign-in.
  if (body.protocol === "doveadm") return true;
  const fingerprint = desk.fingerprint(body.secret, peer.isSafe);
  const attempt = attemptOf(body, desk.clock.now(), fingerprint);
  return (await desk.tell(signInOf(fields, attempt, `gate:${desk.protocol}`))) === "kept";
}

/**
 * Flat, since 2.3 takes any "status" at whatever depth. No message: the client would be shown it, and a stranger is to see what he would see for
 * a wrong password.
 */
function replyTo(verdict: Verdict): Reply {
  switch (verdict.answer) {
    case "allow":
      return goOn;
    case "refuse":
      return refused;
    case "delay":
      return { status: 200, type: "application/json", body: `{"status":${secondsOf(verdict)},"msg":""}` };
    default:
      return verdict.answer satisfies never;
  }
}

/** Whole seconds, at least one: 0 would be "go on". */
export const secondsOf = ({ delay }: Verdict): number => Math.max(1, Math.min(DELAY_MAX, Math.ceil(delay / 1_000)));

/** Dovecot gives up the whole log-in after auth_request timeouts; no client waits longer, either. */
const DELAY_MAX = 30;

const goOn: Reply = { status: 200, type: "application/json", body: '{"status":0,"msg":""}' };
const refused: Reply = { status: 200, type: "application/json", body: '{"status":-1,"msg":""}' };
