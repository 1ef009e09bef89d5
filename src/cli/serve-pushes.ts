/** Where sign-ins are pushed by HTTP: a listener in front of the input (inputs/push), which reads, checks tokens and answers. */
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { readTls } from "#/gate/protocols/certificate.ts";
import { endpointText, isLoopback, listenAt } from "#/gate/protocols/endpoint.ts";
import type { Inputs } from "#/inputs/inputs.ts";
import { Failure } from "#/platform/failure.ts";
import { minutes, seconds } from "#/platform/units.ts";
import { type Settings, endpointOf, tlsOf } from "./serve-settings.ts";

/** Whoever pushes has a few connections; each may hold a body in memory. */
const CONNECTIONS_MAX = 64;
const limits = { headersTimeout: seconds(10), requestTimeout: minutes(2), keepAliveTimeout: seconds(75) };

/** @throws Failure settings-invalid, gate-unguarded, listening-failed */
export async function listenForPushes(settings: Settings, push: Inputs["push"]): Promise<AsyncDisposable | undefined> {
  const endpoint = endpointOf(settings.push, "push");
  if (endpoint === undefined) return undefined;
  if (push === undefined) {
    throw new Failure(
      "settings-invalid",
      `serve.push is ${settings.push}, but nobody may push: name the file of tokens in inputs.pushTokens.`,
    );
  }
  const tls = tlsOf(settings);
  if (endpoint.kind === "tcp" && !isLoopback(endpoint.host) && tls === undefined) {
    throw new Failure(
      "gate-unguarded",
      `${endpointText(endpoint)}: not on loopback, so pushes need TLS. Name serve.certificate and serve.key.`,
    );
  }
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    push(request).then(
      ({ status, headers, body }) => {
        response.writeHead(status, headers);
        response.end(body);
      },
      () => response.destroy(),
    );
  };
  const server =
    tls === undefined ? createServer(limits, respond) : createTlsServer({ ...limits, ...readTls(tls) }, respond);
  server.maxConnections = CONNECTIONS_MAX;
  await listenAt(server, endpoint);
  return {
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}
