/**
 * The gate's listener for all protocols over HTTP, with limits on everything that whoever connects can make grow or last. It reads HTTP/1.1 itself,
 * strictly (head.ts) and in half the time that node:http takes; it has no chunked bodies, and no methods but those that are needed.
 * docs/decisions/0011 says what that is worth. It knows paths and tokens, and nothing of what is asked.
 */
import { type Socket, createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Timers } from "#/platform/timers.ts";
import { seconds } from "#/platform/units.ts";
import { peerOf } from "../protocols/endpoint.ts";
import { type Listener, type ListenerOptions, openListener, tlsSettings } from "../protocols/listener.ts";
import { Connection } from "./connection.ts";

/** @throws Failure gate-unguarded, listening-failed, certificate-unusable */
export async function listenHttp(options: ListenerOptions, timers: Timers): Promise<Listener> {
  const { endpoint, tls, limits, clock } = options;
  const connections = new Set<Connection>();
  let date = new Date(clock.now()).toUTCString();
  let isEnding = false;
  const accept = (socket: Socket): void => {
    const connection = new Connection(socket, peerOf(socket, endpoint), options, limits, () => date);
    connections.add(connection);
    socket.on("close", () => connections.delete(connection));
    if (isEnding) connection.finish();
  };
  const settings = { allowHalfOpen: true, noDelay: true };
  const server =
    tls === undefined
      ? createServer(settings, accept)
      : createTlsServer({ ...settings, ...tlsSettings(tls, limits) }, accept);
  // Who speaks no TLS, or breaks it off, is nobody's trouble but his own.
  server.on("tlsClientError", (_error: Error, socket: Socket) => socket.destroy());
  const looking = timers.every(seconds(1), () => {
    date = new Date(clock.now()).toUTCString();
    const now = clock.ticks();
    for (const connection of connections) connection.checkTime(now);
  });
  try {
    const listener = await openListener(server, options, () => {
      isEnding = true;
      for (const connection of connections) connection.finish();
    });
    return {
      ...listener,
      async [Symbol.asyncDispose]() {
        await listener[Symbol.asyncDispose]();
        looking[Symbol.dispose]();
      },
    };
  } catch (error) {
    looking[Symbol.dispose]();
    throw error;
  }
}
