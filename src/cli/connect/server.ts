/** What `portcullis connect` knows of a server: what to write where, and how to tell from its running configuration whether that is done. */
import type { Duration } from "#/platform/units.ts";

/** Where serve listens, as its settings say. */
export type Places = {
  /** "http://127.0.0.1:4001/"; "" where it does not listen there. */
  readonly url: string;
  /** Of a Unix socket, in place of the URL. */
  readonly socket: string;
  /** As Postfix writes it: "inet:127.0.0.1:4002", "unix:/run/portcullis/postfix.sock"; "" where it does not listen there. */
  readonly postfix: string;
  /** Where syslog is taken by TCP, as "127.0.0.1:1514"; "" for nowhere. */
  readonly syslog: string;
  /** Servers have to show a token. */
  readonly hasTokens: boolean;
  /** Nobody can read on the way: loopback, a Unix socket or TLS. Only then may something that tells of a password be sent. */
  readonly isSafe: boolean;
  /** Who may say for whom it speaks (gate.forwarders). */
  readonly forwarders: readonly string[];
  /** How long strangers are made to wait (gate.delay). */
  readonly delay: Duration;
};

export type Output = { readonly status: number; readonly text: string };

/** Runs a command of the server's; undefined where there is no such command. */
export type Probe = (command: string, args: readonly string[]) => Output | undefined;

export type Finding = {
  /** right: as it should be. missing, wrong: to be mended. note: worth knowing, and not for us to decide. */
  readonly is: "right" | "missing" | "wrong" | "note";
  readonly what: string;
  /** What to do about it; "" for nothing. */
  readonly mend: string;
};

export const right = (what: string): Finding => ({ is: "right", what, mend: "" });
export const missing = (what: string, mend: string): Finding => ({ is: "missing", what, mend });
export const wrong = (what: string, mend: string): Finding => ({ is: "wrong", what, mend });
export const note = (what: string, mend = ""): Finding => ({ is: "note", what, mend });

/** What to write, and what to know of it. */
export type Page = {
  readonly parts: readonly { readonly where: string; readonly text: string }[];
  readonly reload: string;
  readonly undo: string;
  readonly changes: readonly string[];
  readonly know: readonly string[];
};

export type Server = {
  readonly title: string;
  /** What is installed here; "" for nothing. */
  readonly version: (probe: Probe) => string;
  /** @param version "" prints for the newest. @param config where its configuration is, where that is not the usual place; "" */
  readonly page: (places: Places, version: string, probe: Probe, config: string) => Page;
  /** undefined where the configuration cannot be read. */
  readonly check: (places: Places, probe: Probe, config: string) => readonly Finding[] | undefined;
};

/** What stands for the token, which is not kept and cannot be shown again. */
export const TOKEN = "TOKEN";

export const tokenHint = (name: string): string =>
  `${TOKEN} is the token that portcullis token ${name} printed; only its SHA-256 is kept, so it cannot be shown again`;
