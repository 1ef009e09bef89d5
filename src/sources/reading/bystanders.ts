/**
 * Sign-ins and weak witnesses of the last seconds from one address, kept only while one server speaks for another: PAM or
 * Dovecot's auth for Postfix, which names the client but often not the account.
 */
import type { Outcome } from "#/signin/signin.ts";
import type { Evidence } from "#/sources/source.ts";
import type { Held } from "./connection.ts";

/** Lines of two servers about one attempt are no further apart than this. */
const APART_MAX = 10_000;

/** What was last said from one address. None of the texts kept is a slice of the file. */
export class Seen {
  /** A weak witness that speaks for another server. */
  waiting: Held | undefined = undefined;
  #at = Number.NEGATIVE_INFINITY;
  #outcome: Outcome = "failure";
  #account = "";
  #key = "";

  /** A server's own word, with its account as a string of its own. */
  tell({ at, outcome, key }: Evidence, account: string): void {
    this.#at = at;
    this.#outcome = outcome;
    this.#account = account;
    this.#key = key;
  }

  /** Whether another server has told itself what this weak witness says. */
  isTold(held: Held): boolean {
    if (this.waiting === held) this.waiting = undefined;
    const { at, outcome, account, key } = held.evidence;
    if (this.#key === key || this.#outcome !== outcome || Math.abs(this.#at - at) > APART_MAX) return false;
    return isSameAccount(this.#account, account);
  }

  /** The weak witness that said the same before this server's own word; it is done with now. */
  witnessOf({ at, outcome, account, key }: Evidence): Held | undefined {
    const held = this.waiting;
    if (held === undefined) return undefined;
    const { evidence } = held;
    if (held.done || evidence.key === key || evidence.outcome !== outcome) return undefined;
    if (Math.abs(evidence.at - at) > APART_MAX || !isSameAccount(evidence.account, account)) return undefined;
    held.done = true;
    this.waiting = undefined;
    return held;
  }
}

/** A server that names no account is not contradicted by one that does. */
const isSameAccount = (one: string, other: string): boolean => one === other || one === "" || other === "";

/**
 * PAM, which may speak under another process id than the server that asked it (sshd's keyboard-interactive, saslauthd), and
 * Dovecot's auth for whoever asked it without a session of its own.
 */
export function speaksForAnother({ channel, key, address }: Evidence): boolean {
  return address !== "" && (channel.startsWith("pam") || key.startsWith("dovecot::"));
}
