/**
 * Where a listener of the gate listens: on loopback or a Unix socket unless told otherwise. Elsewhere it has to have TLS, and to ask for a token or
 * a certificate: whoever can ask the gate learns who is under attack, and whoever can report makes members familiar anywhere.
 */
import { chmodSync, existsSync, lstatSync, unlinkSync } from "node:fs";
import { type Server, type Socket, connect } from "node:net";
import { TLSSocket } from "node:tls";
import { Failure } from "#/platform/failure.ts";
import { canonicalAddress } from "#/signin/address.ts";
import type { Credentials } from "./credentials.ts";
import type { TlsFiles } from "./certificate.ts";
import type { Peer } from "./exchange.ts";

export type Endpoint =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  /** @param mode who may use the socket's file, as chmod has it */
  | { readonly kind: "unix"; readonly path: string; readonly mode: number };

export const isLoopback = (address: string): boolean => address.startsWith("127.") || address === "::1";

/** @throws Failure gate-unguarded where strangers could ask, or read what is said */
export function checkGuarded(endpoint: Endpoint, credentials: Credentials, tls: TlsFiles | undefined): void {
  if (endpoint.kind === "unix" || isLoopback(canonicalAddress(endpoint.host)) || endpoint.host === "localhost") return;
  const place = endpointText(endpoint);
  if (tls === undefined) {
    throw new Failure("gate-unguarded", `${place}: not on loopback, so it needs TLS. Name a certificate and a key.`);
  }
  if (credentials.isEmpty && tls.clientAuthorities === undefined) {
    throw new Failure(
      "gate-unguarded",
      `${place}: not on loopback, so whoever asks must show something. Name a token, or the authority of client certificates.`,
    );
  }
}

/** "127.0.0.1:4001", "[::1]:4001", "/run/portcullis/gate.sock". */
export function endpointText(endpoint: Endpoint): string {
  if (endpoint.kind === "unix") return endpoint.path;
  return `${endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
}

/** Begins to listen. @throws Failure listening-failed where the place is taken, or not allowed */
export async function listenAt(server: Server, endpoint: Endpoint): Promise<void> {
  if (endpoint.kind === "unix") await clearStale(endpoint.path);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(
        new Failure("listening-failed", `${endpointText(endpoint)}: cannot listen there: ${error.message}`, {
          cause: error,
        }),
      ),
    );
    const done = (): void => {
      server.removeAllListeners("error");
      resolve();
    };
    if (endpoint.kind === "unix") server.listen(endpoint.path, done);
    else server.listen({ host: endpoint.host, port: endpoint.port, backlog: BACKLOG }, done);
  });
  if (endpoint.kind === "unix") chmodSync(endpoint.path, endpoint.mode);
}

/** A burst of connections from a mail server that has just started must not be turned away. */
const BACKLOG = 4_096;

/** A process that was killed leaves its socket's file, and nobody can listen there while it lies about. One that answers is left alone. */
async function clearStale(path: string): Promise<void> {
  if (!existsSync(path) || !lstatSync(path).isSocket()) return;
  const isAlive = await new Promise<boolean>((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
  if (isAlive)
    throw new Failure("listening-failed", `${path}: another process listens there. Is Portcullis running already?`);
  unlinkSync(path);
}

/**
 * Whom a listener is talking to. Asked for once per connection: a socket that has ended knows its address no more, and must not be taken for a Unix
 * socket, which is trusted.
 */
export function peerOf(socket: Socket, endpoint: Endpoint): Peer {
  if (endpoint.kind === "unix") return local;
  const known = peers.get(socket);
  if (known !== undefined) return known;
  const address = canonicalAddress(socket.remoteAddress ?? "") || "unknown";
  const peer = { address, isSafe: isLoopback(address) || socket instanceof TLSSocket };
  peers.set(socket, peer);
  return peer;
}

const peers = new WeakMap<Socket, Peer>();
const local: Peer = { address: "", isSafe: true };
