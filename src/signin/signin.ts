/**
 * The sign-in: one attempt of somebody to sign in somewhere, as everything after the sources sees it. It follows OCSF
 * Authentication (class 3002) in meaning. It knows nothing of log formats, files or detectors.
 */
import type { Millis } from "#/platform/units.ts";

export type Outcome = "success" | "failure";

/** Why a sign-in failed. `fault` is the institution's own trouble (directory down, internal failure), never the caller's. */
export const reasons = [
  "bad-password",
  "unknown-account",
  "locked",
  "disabled",
  "expired",
  "policy",
  "second-factor",
  "fault",
  "other",
] as const;
export type Reason = (typeof reasons)[number];

export const services = [
  "imap",
  "pop3",
  "submission",
  "managesieve",
  "webmail",
  "activesync",
  "ews",
  "web",
  "ssh",
  "ftp",
  "vpn",
  "sso",
  "kerberos",
  "ntlm",
  "rdp",
  "desktop",
  "network",
  "mail",
  "other",
] as const;
export type Service = (typeof services)[number];

/** One attempt, counted once however many lines the server wrote about it. Every string but `service` is hostile. */
export type SignIn = {
  readonly at: Millis;
  readonly outcome: Outcome;
  /** "" for a success. */
  readonly reason: Reason | "";
  /** The account as normalised (see account.ts); "" where the source does not say. */
  readonly account: string;
  /** The account as the server wrote it. */
  readonly accountGiven: string;
  /** The canonical text of the address that the server wrote (see address.ts); a host name where it wrote only that; "" if none. */
  readonly address: string;
  readonly service: Service;
  /** The server's own name, "" if not known. */
  readonly server: string;
  /** The client's software as it names itself (user agent, IMAP ID), "" if not known. */
  readonly client: string;
  /** How often this very attempt happened ("message repeated 5 times"); at least 1. */
  readonly count: number;
  /**
   * A keyed hash of the password that was tried, where the source has one: equal hashes, equal passwords. "" where it has none. It is compared
   * and never shown: somebody may have named the wrong field, and a password would stand in it.
   */
  readonly passwordFingerprint: string;
  /** The format that it was read from (a source's id). */
  readonly source: string;
};
