/** What is the same for every listener of the gate, whatever reads its requests: where it listens, its limits, its certificate, its end. */
import type { Server } from "node:net";
import type { TlsOptions } from "node:tls";
import { Failure } from "#/platform/failure.ts";
import { type Duration, seconds } from "#/platform/units.ts";
import { type TlsFiles, readTls, watchTls } from "./certificate.ts";
import { type Endpoint, checkGuarded, endpointText, listenAt } from "./endpoint.ts";
import type { Front } from "./front.ts";

export type ListenerLimits = {
  /** Dovecot's bodies have some 300 bytes, the longest user agents a few thousand. */
  readonly bodyBytesMax: number;
  readonly headerBytesMax: number;
  /** How long the head of a request may take to arrive, and how long a connection that asks nothing is kept at first. */
  readonly headWait: Duration;
  /** How long a whole request may take to arrive. */
  readonly requestWait: Duration;
  /** How long a connection is kept between two requests: longer than Dovecot's 10 s, so that it is Dovecot that closes it. */
  readonly idleWait: Duration;
  /** Beyond that, new connections are closed at once, and counted. */
  readonly connectionsMax: number;
};

export const listenerLimits: ListenerLimits = {
  bodyBytesMax: 32_768,
  headerBytesMax: 16_384,
  headWait: seconds(5),
  requestWait: seconds(10),
  idleWait: seconds(75),
  connectionsMax: 16_000,
};

export type ListenerOptions = Front & {
  readonly endpoint: Endpoint;
  readonly tls: TlsFiles | undefined;
  readonly limits: ListenerLimits;
};

export type Listener = AsyncDisposable & {
  /** Where it listens, in words. */
  readonly place: string;
  /** The port, where one was asked for as 0. */
  readonly port: number;
  readonly connections: () => Promise<number>;
  /** Connections that were turned away since there were too many. */
  readonly dropped: () => number;
  /** Reads key and certificate again; goes on with the old ones where the new are of no use, and tells of it. */
  readonly reload: () => void;
};

/**
 * Begins to listen with a server that has been made for it. @param end what makes its connections come to their end
 * @throws Failure gate-unguarded, listening-failed
 */
export async function openListener(server: Server, options: ListenerOptions, end: () => void): Promise<Listener> {
  const { endpoint, tls, credentials, limits } = options;
  checkGuarded(endpoint, credentials, tls);
  let dropped = 0;
  server.maxConnections = limits.connectionsMax;
  server.on("drop", () => (dropped += 1));
  await listenAt(server, endpoint);
  const reload = (): void => reloadTls(server, options);
  const watching = tls === undefined ? undefined : watchTls(tls, reload);
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : 0;
  return {
    place: endpoint.kind === "tcp" ? endpointText({ ...endpoint, port }) : endpointText(endpoint),
    port,
    dropped: () => dropped,
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      }),
    reload,
    async [Symbol.asyncDispose]() {
      watching?.[Symbol.dispose]();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        end();
      });
    },
  };
}

/** What a server with TLS is made with. @throws Failure certificate-unusable */
export const tlsSettings = (tls: TlsFiles, { headWait }: ListenerLimits): TlsOptions => ({
  ...readTls(tls),
  requestCert: tls.clientAuthorities !== undefined,
  // Whoever has none, or another's, may still show a token.
  rejectUnauthorized: false,
  handshakeTimeout: headWait,
});

function reloadTls(server: Server, { tls, trouble }: ListenerOptions): void {
  if (tls === undefined || !("setSecureContext" in server) || typeof server.setSecureContext !== "function") return;
  try {
    server.setSecureContext(readTls(tls));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    trouble(`${error.message}. The certificate that was read before stays in use.`);
  }
}
