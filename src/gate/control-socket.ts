/**
 * The way to a running gate from its own host: HTTP over a Unix socket in the data folder, which only the user that runs it (and root) can open. So
 * it works when the network, the console and passwords do not.
 */
import { type IncomingMessage, type ServerResponse, createServer, request as httpRequest } from "node:http";
import { join } from "node:path";
import { Failure } from "#/platform/failure.ts";
import type { Control } from "./control.ts";
import type { Reply, Request } from "./control-messages.ts";
import { listenAt } from "./protocols/endpoint.ts";

/** A request is a few names and a reason. */
const REQUEST_BYTES_MAX = 16_384;
/** A log of thousands of changes; more is somebody else's answer. */
const REPLY_BYTES_MAX = 64 * 1_048_576;
const CONNECTIONS_MAX = 16;
const PATH = "/gate";

export const controlSocket = (dataFolder: string): string => join(dataFolder, "gate.sock");

/** Listens until it is disposed. Not for all, not for the group: what it is asked to do shuts people out. @throws Failure listening-failed */
export async function listenForControl(path: string, control: Control): Promise<AsyncDisposable> {
  const server = createServer((request, response) => void respond(request, response, control));
  server.maxConnections = CONNECTIONS_MAX;
  await listenAt(server, { kind: "unix", path, mode: 0o600 });
  return {
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(request: IncomingMessage, response: ServerResponse, control: Control): Promise<void> {
  const end = (status: number, reply: Reply): void => {
    response.writeHead(status, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify(reply));
  };
  try {
    if (request.method !== "POST" || request.url !== PATH)
      return end(404, { is: "failure", message: `only POST ${PATH}` });
    const body = await bodyOf(request, REQUEST_BYTES_MAX);
    if (body === undefined) return end(413, { is: "failure", message: "this request is too long" });
    const reply = await control(parsed(body));
    return end(reply.is === "failure" ? 400 : 200, reply);
  } catch (error) {
    return end(500, {
      is: "failure",
      message: `this is a bug: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

/** Asks a running gate. Undefined where none runs. @throws Failure gate-unreachable where it may not be asked, or does not answer */
export async function askGate(path: string, request: Request): Promise<Reply | undefined> {
  let body: string | undefined;
  try {
    body = await exchange(path, JSON.stringify(request));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ENOENT" || code === "ECONNREFUSED") return undefined;
    if (code === "EACCES" || code === "EPERM") {
      throw new Failure(
        "gate-unreachable",
        `${path}: this user may not talk to the gate. Run it as the user that runs portcullis serve, or as root (sudo portcullis gate ...).`,
        { cause: error },
      );
    }
    const message = error instanceof Error ? error.message : String(error);
    throw new Failure(
      "gate-unreachable",
      `${path}: the gate does not answer (${message}). Is portcullis serve hanging?`,
      {
        cause: error,
      },
    );
  }
  const reply = body === undefined ? undefined : parsed(body);
  if (typeof reply === "object" && reply !== null && "is" in reply) return reply as Reply;
  throw new Failure("gate-unreachable", `${path}: what answers there is no Portcullis of this version.`);
}

/** Waits at most so long: a person is waiting, and the answer comes from memory or a local file. */
const ANSWERS_WITHIN_MS = 60_000;

function exchange(path: string, body: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const options = { socketPath: path, method: "POST", path: PATH, headers, timeout: ANSWERS_WITHIN_MS };
    const asked = httpRequest(options, (response) => {
      bodyOf(response, REPLY_BYTES_MAX).then(resolve, reject);
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer within a minute")));
    asked.on("error", reject);
    asked.end(body);
  });
}

async function bodyOf(message: IncomingMessage, bytesMax: number): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of message) {
    if (!Buffer.isBuffer(part)) continue;
    length += part.length;
    if (length > bytesMax) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
