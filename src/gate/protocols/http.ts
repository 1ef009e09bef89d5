/**
 * The gate's listener for protocols over HTTP, on node:http with limits on everything that whoever connects can make grow or last. It knows paths and
 * tokens, and nothing of what is asked.
 */
import { type IncomingMessage, type Server, type ServerOptions, type ServerResponse, createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { TLSSocket } from "node:tls";
import { Failure } from "#/platform/failure.ts";
import { type Duration, seconds } from "#/platform/units.ts";
import { type TlsFiles, readTls, watchTls } from "./certificate.ts";
import { type Endpoint, checkGuarded, endpointText, listenAt, peerOf } from "./endpoint.ts";
import { type Asked, type Reply, bare } from "./exchange.ts";
import { type Front, answer, challenge, enter } from "./front.ts";

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

/** @throws Failure gate-unguarded, listening-failed, certificate-unusable */
export async function listenHttp(options: ListenerOptions): Promise<Listener> {
  const { endpoint, tls, credentials, limits } = options;
  checkGuarded(endpoint, credentials, tls);
  const server = serverOf(options);
  let dropped = 0;
  server.maxConnections = limits.connectionsMax;
  server.on("drop", () => (dropped += 1));
  server.on("clientError", (_error, socket) => {
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    else socket.destroy();
  });
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
        // Requests that are being answered are; a server that keeps its connection open for the next is told by its end.
        server.closeIdleConnections();
      });
    },
  };
}

function serverOf(options: ListenerOptions): Server {
  const { tls, limits } = options;
  const settings: ServerOptions = {
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.headWait,
    requestTimeout: limits.requestWait,
    keepAliveTimeout: limits.idleWait,
    connectionsCheckingInterval: 1_000,
    insecureHTTPParser: false,
    requireHostHeader: true,
    noDelay: true,
  };
  const listen = (request: IncomingMessage, response: ServerResponse): void => serve(options, request, response);
  const server =
    tls === undefined
      ? createServer(settings, listen)
      : createTlsServer(
          {
            ...settings,
            ...readTls(tls),
            requestCert: tls.clientAuthorities !== undefined,
            // Whoever has none, or another's, may still show a token.
            rejectUnauthorized: false,
            handshakeTimeout: limits.headWait,
          },
          listen,
        );
  // A mail server keeps its connection for as long as it has something to ask.
  server.maxRequestsPerSocket = 0;
  server.maxHeadersCount = HEADERS_MAX;
  return server;
}

const HEADERS_MAX = 100;

function reloadTls(server: Server, { tls, trouble }: ListenerOptions): void {
  if (tls === undefined || !("setSecureContext" in server) || typeof server.setSecureContext !== "function") return;
  try {
    server.setSecureContext(readTls(tls));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    trouble(`${error.message}. The certificate that was read before stays in use.`);
  }
}

function serve(options: ListenerOptions, request: IncomingMessage, response: ServerResponse): void {
  const begun = options.clock.ticks();
  const { socket, headers } = request;
  const entry = enter(options, request.url ?? "/", headers, socket instanceof TLSSocket && socket.authorized);
  if (entry.kind === "refused") {
    turnAway(options, request, response, entry.protocol, entry.status);
    return;
  }
  const { route, path, query } = entry;
  const peer = peerOf(socket, options.endpoint);
  readBody(request, options.limits.bodyBytesMax, (body) => {
    if (body === undefined) turnAway(options, request, response, route.protocol, 413);
    else {
      const asked: Asked = { method: request.method ?? "", path, query, headers, body, peer };
      answer(options, route, asked, begun, (reply) => send(response, reply));
    }
  });
}

/** Answers without a look at the body, and ends the connection: what was not read would be taken for the next request. */
function turnAway(
  { answered }: ListenerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  protocol: string,
  status: number,
): void {
  response.setHeader("connection", "close");
  send(response, status === 401 ? { ...bare(status), headers: challenge } : bare(status));
  request.resume();
  answered(protocol, status, 0);
}

function readBody(request: IncomingMessage, bytesMax: number, done: (body: string | undefined) => void): void {
  const length = Number(request.headers["content-length"] ?? "0");
  if (length > bytesMax) {
    done(undefined);
    return;
  }
  let first: Buffer | undefined;
  let rest: Buffer[] | undefined;
  let bytes = 0;
  let isOver = false;
  request.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (isOver) return;
    if (bytes > bytesMax) {
      isOver = true;
      done(undefined);
    } else if (first === undefined) first = piece;
    else (rest ??= [first]).push(piece);
  });
  request.on("end", () => {
    if (isOver) return;
    done(rest === undefined ? (first?.toString("utf8") ?? "") : Buffer.concat(rest).toString("utf8"));
  });
}

function send(response: ServerResponse, { status, type, body, headers }: Reply): void {
  const all: Record<string, string | number> = { ...headers };
  if (type !== "") all["content-type"] = type;
  if (status !== 204) all["content-length"] = Buffer.byteLength(body);
  response.writeHead(status, all);
  response.end(body === "" ? undefined : body);
}
