// Where the service listens, and who may ask it. What it decides is in the sections of the gate and of the detectors.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Token } from "#/gate/protocols/credentials.ts";
import type { Endpoint } from "#/gate/protocols/endpoint.ts";
import type { TlsFiles } from "#/gate/protocols/certificate.ts";
import { Failure } from "#/platform/failure.ts";
import type { Units } from "#/platform/settings.ts";

export type Settings = {
  /**
   * Where servers ask over HTTP (Dovecot, nginx, Traefik, Caddy, the JSON API), and where /metrics is: "host:port", or "unix:/path"; "" for
   * nowhere. Beyond loopback it needs certificate, key, and tokens or clientAuthorities.
   */
  readonly http: string;
  /** Where Postfix asks (policy delegation), on loopback or "unix:/path"; "" for nowhere. */
  readonly postfix: string;
  /** Where clients of weakforced ask, who expect its API and nothing else; "" for nowhere. */
  readonly wforce: string;
  /** Where sign-ins are pushed by HTTP (docs/inputs.md), with the tokens of inputs.pushTokens; "" for nowhere. Beyond loopback it needs TLS. */
  readonly push: string;
  /** File of tokens that askers show, one "name sha256-in-hex" a line (`portcullis token NAME` makes one); "" for none. */
  readonly tokens: string;
  /** PEM file with the chain, for TLS on http and wforce; read again when it changes. "" for no TLS. */
  readonly certificate: string;
  /** PEM file with its key. */
  readonly key: string;
  /** PEM file: whoever shows a certificate of these authorities needs no token. */
  readonly clientAuthorities: string;
};

export const defaults: Settings = {
  http: "127.0.0.1:4001",
  postfix: "127.0.0.1:4002",
  wforce: "",
  push: "",
  tokens: "",
  certificate: "",
  key: "",
  clientAuthorities: "",
};

export const units: Units<Settings> = {
  http: "text",
  postfix: "text",
  wforce: "text",
  push: "text",
  tokens: "text",
  certificate: "text",
  key: "text",
  clientAuthorities: "text",
};

/** Members of the group may use the socket: the mail server's user is put into it. */
const SOCKET_MODE = 0o660;

/** @param name of the setting. undefined for "". @throws Failure settings-invalid */
export function endpointOf(text: string, name: string): Endpoint | undefined {
  if (text === "") return undefined;
  if (text.startsWith("unix:/")) return { kind: "unix", path: text.slice(5), mode: SOCKET_MODE };
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host !== undefined && port <= 65_535) return { kind: "tcp", host, port };
  throw new Failure(
    "settings-invalid",
    `serve.${name}: ${JSON.stringify(text)} is no place to listen at. Write host:port, such as 127.0.0.1:4001 or [::1]:4001, or unix:/path.`,
  );
}

/** undefined without TLS. @throws Failure settings-invalid where only a part of it is named */
export function tlsOf({ certificate, key, clientAuthorities }: Settings): TlsFiles | undefined {
  if (certificate === "" && key === "" && clientAuthorities === "") return undefined;
  if (certificate === "" || key === "") {
    throw new Failure(
      "settings-invalid",
      "serve: TLS needs both certificate and key. Name them, or leave out all three.",
    );
  }
  return { certificate, key, clientAuthorities: clientAuthorities === "" ? undefined : clientAuthorities };
}

/** @throws Failure tokens-invalid naming the line, file-not-found */
export function tokensIn(file: string): Token[] {
  if (file === "") return [];
  return readText(file)
    .split("\n")
    .flatMap((line, index) => {
      const text = line.trim();
      if (text === "" || text.startsWith("#")) return [];
      const [, name = "", sha256 = ""] = /^(\S{1,64})\s+([0-9a-f]{64})$/i.exec(text) ?? [];
      if (name !== "") return [{ name, sha256 }];
      throw new Failure(
        "tokens-invalid",
        `${file}:${index + 1}: no token. A line is a name and the SHA-256 of the token in hexadecimal; portcullis token NAME writes one.`,
      );
    });
}

/** The line for the file. */
export const tokenLine = (name: string, token: string): string =>
  `${name} ${createHash("sha256").update(token).digest("hex")}\n`;

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Failure(
      "file-not-found",
      `${file}: the tokens cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
