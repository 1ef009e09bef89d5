/**
 * The gate's listener as it would be on node:http: what src/gate/http-reader/ is measured beside, and held against in its tests. It turns away and
 * limits as that does; docs/decisions/0011 has the figures.
 */
import { type IncomingMessage, type Server, type ServerOptions, type ServerResponse, createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { TLSSocket } from "node:tls";
import { peerOf } from "#/gate/protocols/endpoint.ts";
import { type Asked, type Reply, bare } from "#/gate/protocols/exchange.ts";
import { answer, challenge, enter } from "#/gate/protocols/front.ts";
import { type Listener, type ListenerOptions, openListener, tlsSettings } from "#/gate/protocols/listener.ts";

/** @throws Failure gate-unguarded, listening-failed, certificate-unusable */
export async function listenNodeHttp(options: ListenerOptions): Promise<Listener> {
  const open = { isEnding: false };
  const server = serverOf(options, open);
  server.on("clientError", (_error, socket) => {
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    else socket.destroy();
  });
  return openListener(server, options, () => {
    // Requests that are being answered are; a server that keeps its connection open for the next is told by its end.
    open.isEnding = true;
    server.closeIdleConnections();
  });
}

function serverOf(options: ListenerOptions, open: { readonly isEnding: boolean }): Server {
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
  const listen = (request: IncomingMessage, response: ServerResponse): void => {
    if (open.isEnding) response.setHeader("connection", "close");
    serve(options, request, response);
  };
  const server =
    tls === undefined
      ? createServer(settings, listen)
      : createTlsServer({ ...settings, ...tlsSettings(tls, limits) }, listen);
  // A mail server keeps its connection for as long as it has something to ask.
  server.maxRequestsPerSocket = 0;
  server.maxHeadersCount = HEADERS_MAX;
  return server;
}

const HEADERS_MAX = 100;

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
