/**
 * Postfix's policy delegation (SMTPD_POLICY_README), over TCP or a Unix socket: blocks of name=value lines that end with an empty one, each answered
 * with an action. Postfix asks when somebody wants to send, and so only after the password was right: this ends what a thief does with a
 * stolen password, and holds no guess. Guesses it never asks about; they are held where Postfix has Dovecot check its passwords
 * (dovecot-policy.ts, service "smtp"), and are seen in its log.
 */
import { type Server, type Socket, createServer } from "node:net";
import { normaliseAccount } from "#/signin/account.ts";
import { canonicalAddress } from "#/signin/address.ts";
import type { Verdict } from "../attempt.ts";
import type { Desk } from "./desk.ts";

/** Postfix sends some thirty attributes, of which the longest are addresses and names of certificates. */
const BLOCK_BYTES_MAX = 16_384;
const CONNECTIONS_MAX = 2_000;
/** Postfix keeps a connection that nobody uses for 300 s, by default. */
const IDLE_MAX = 330_000;

/** The answer to one block, with the empty line that ends it. */
export function answerPostfix(desk: Desk, block: string): string {
  const fields = fieldsOf(block);
  const given = fields.get("sasl_username") ?? "";
  // Mail that comes in from elsewhere, and nobody has signed in.
  if (fields.get("request") !== "smtpd_access_policy" || given === "") return goOn;
  const account = normaliseAccount(given);
  const instance = fields.get("instance") ?? "";
  const verdict = desk.ask(
    {
      at: desk.clock.now(),
      account,
      accountGiven: given,
      address: canonicalAddress(fields.get("client_address") ?? ""),
      service: "submission",
      server: "",
      client: "",
      passwordFingerprint: "",
    },
    // One message is asked about for each recipient, and at each stage that is configured.
    instance === "" ? "" : `${instance} ${account}`,
  );
  return actionOf(verdict);
}

/** The message stays in the sender's outbox when it is deferred, so that a member whom the gate mistook for a stranger loses nothing. */
function actionOf({ answer }: Verdict): string {
  switch (answer) {
    case "allow":
      return goOn;
    case "refuse":
      return "action=REJECT\n\n";
    case "delay":
      return "action=DEFER\n\n";
    default:
      return answer satisfies never;
  }
}

const goOn = "action=DUNNO\n\n";

/** The last of two lines with one name counts, as in Postfix. */
function fieldsOf(block: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const equals = line.indexOf("=");
    if (equals > 0) fields.set(line.slice(0, equals), line.slice(equals + 1).replace(/\r$/, ""));
  }
  return fields;
}

/** A server that is not listening yet. What is no such block, or is longer than any, ends its connection: Postfix opens another. */
export function postfixServer(desk: Desk): Server {
  const server = createServer((socket) => serve(desk, socket));
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}

function serve(desk: Desk, socket: Socket): void {
  let pending = "";
  socket.setEncoding("utf8");
  socket.setTimeout(IDLE_MAX, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", (piece: string) => {
    pending += piece;
    let answers = "";
    for (let end = endOf(pending); end !== undefined; end = endOf(pending)) {
      answers += answerPostfix(desk, pending.slice(0, end.at));
      pending = pending.slice(end.next);
    }
    if (pending.length > BLOCK_BYTES_MAX) {
      desk.malformed();
      socket.destroy();
    } else if (answers !== "" && !socket.write(answers)) {
      // Whoever asks and does not read is not read from either.
      socket.pause();
      socket.once("drain", () => socket.resume());
    }
  });
}

function endOf(text: string): { readonly at: number; readonly next: number } | undefined {
  const found = /\r?\n\r?\n/.exec(text);
  return found === null ? undefined : { at: found.index, next: found.index + found[0].length };
}
