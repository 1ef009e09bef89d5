/**
 * Syslog by TCP (RFC 6587) and TLS (RFC 5425). Nobody is read from while what he sent before is not durable: TCP then holds the sender back.
 * Connections, their idle time and the length of messages are bounded; one more than the maximum is closed at once.
 */
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import { type SecureContextOptions, type Server as TlsServer, createServer as createTlsServer } from "node:tls";
import type { InputContext } from "#/inputs/context.ts";
import { endpointOf, listenFailure } from "#/inputs/endpoint.ts";
import type { Input, InputReport } from "#/inputs/input.ts";
import { Failure } from "#/platform/failure.ts";
import { type Duration, minutes, seconds } from "#/platform/units.ts";
import type { RecogniserOptions } from "#/sources/reading/recogniser.ts";
import type { Allowed } from "./allowed.ts";
import { Framing } from "./framing.ts";
import { Messages } from "./messages.ts";
import { refusedText } from "./udp.ts";

/** Paths of PEM files. */
export type TlsFiles = {
  readonly key: string;
  readonly certificate: string;
  /** Authorities whose clients may send; "" for anybody who may connect. */
  readonly clients: string;
};

export type StreamOptions = {
  readonly endpoint: string;
  /** Undefined for plain TCP. */
  readonly tls: TlsFiles | undefined;
  readonly allowed: Allowed;
  readonly sources: RecogniserOptions;
  readonly messageMax: number;
  readonly connectionsMax: number;
  readonly idle: Duration;
};

const IDLE_CHECK_EVERY = seconds(5);
const FILES_CHECK_EVERY = minutes(1);
/** Whoever connects says who he is within this. */
const HANDSHAKE_MAX = seconds(10);

type Connection = { readonly socket: Socket; lastSeen: number; isHeld: boolean };

export class SyslogStream implements Input {
  readonly #options: StreamOptions;
  readonly #context: InputContext;
  readonly #server: Server;
  readonly #messages: Messages;
  readonly #connections = new Set<Connection>();
  readonly #serving = new Set<Promise<void>>();
  readonly #timers: Disposable[];
  #refused = 0;
  #turnedAway = 0;
  #tlsErrors = 0;
  #filesChanged: number;
  #trouble = "";

  private constructor(options: StreamOptions, server: Server, context: InputContext) {
    const { clock, timers } = context;
    this.#options = options;
    this.#context = context;
    this.#server = server;
    this.#messages = new Messages(options.tls === undefined ? "syslog:tcp" : "syslog:tls", options.sources, context);
    this.#filesChanged = options.tls === undefined ? 0 : changeOf(options.tls);
    server.maxConnections = options.connectionsMax;
    server.on("drop", () => (this.#turnedAway += 1));
    server.on("tlsClientError", () => (this.#tlsErrors += 1));
    server.prependListener("connection", (socket: Socket) => this.#check(socket));
    server.on(options.tls === undefined ? "connection" : "secureConnection", (socket: Socket) => this.#accept(socket));
    this.#timers = [
      timers.every(IDLE_CHECK_EVERY, () => this.#closeIdle(clock.ticks())),
      timers.every(FILES_CHECK_EVERY, () => this.#reload()),
    ];
  }

  /** @throws Failure listening-failed, certificate-unusable, settings-invalid */
  static async listen(options: StreamOptions, context: InputContext): Promise<SyslogStream> {
    const setting = options.tls === undefined ? "inputs.syslogTcp" : "inputs.syslogTls";
    const endpoint = endpointOf(options.endpoint, setting);
    const server: Server | TlsServer =
      options.tls === undefined
        ? createServer()
        : createTlsServer({
            ...secrets(options.tls),
            requestCert: options.tls.clients !== "",
            rejectUnauthorized: options.tls.clients !== "",
            handshakeTimeout: HANDSHAKE_MAX,
          });
    const input = new SyslogStream(options, server, context);
    try {
      const listening = once(server, "listening");
      server.listen(endpoint.port, endpoint.host);
      await listening;
      return input;
    } catch (error) {
      await input[Symbol.asyncDispose]();
      throw listenFailure(endpoint, setting, error);
    }
  }

  get port(): number {
    // A server that listens on a port has such an address.
    return (this.#server.address() as AddressInfo).port;
  }

  report(): InputReport {
    const troubles = [
      this.#trouble,
      refusedText(this.#refused, "connections"),
      this.#turnedAway === 0
        ? ""
        : `${this.#turnedAway} connections beyond inputs.syslogConnectionsMax were closed since the start`,
      this.#tlsErrors === 0 ? "" : `${this.#tlsErrors} connections failed in their TLS handshake since the start`,
    ];
    return this.#messages.report(0, troubles.filter((text) => text !== "").join("; "));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#server.close();
    for (const { socket } of this.#connections) socket.destroy();
    await this.#messages[Symbol.asyncDispose]();
    await Promise.all(this.#serving);
  }

  #check(socket: Socket): void {
    if (this.#options.allowed(socket.remoteAddress ?? "")) return;
    this.#refused += 1;
    socket.destroy();
  }

  #accept(socket: Socket): void {
    if (socket.destroyed) return;
    const connection = { socket, lastSeen: this.#context.clock.ticks(), isHeld: false };
    this.#connections.add(connection);
    const serving = this.#serve(connection).finally(() => {
      this.#connections.delete(connection);
      this.#serving.delete(serving);
    });
    this.#serving.add(serving);
  }

  async #serve(connection: Connection): Promise<void> {
    const messages = this.#messages;
    const framing = new Framing(this.#options.messageMax, {
      message: (bytes) => messages.read(bytes),
      malformed: () => messages.malformed(),
    });
    try {
      for await (const chunk of connection.socket) {
        // Without an encoding a socket gives bytes.
        framing.write(chunk as Buffer);
        connection.isHeld = true;
        await messages.flush();
        connection.isHeld = false;
        connection.lastSeen = this.#context.clock.ticks();
      }
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      // Cut off: what came whole has been read.
    }
    messages.read(framing.end(), true);
    await messages.flush();
  }

  #closeIdle(now: number): void {
    for (const { socket, lastSeen, isHeld } of this.#connections)
      if (!isHeld && now - lastSeen > this.#options.idle) socket.destroy();
  }

  /** A certificate that was renewed counts without a restart; one that cannot be read changes nothing, and is told. */
  #reload(): void {
    const { tls } = this.#options;
    if (tls === undefined || !("setSecureContext" in this.#server)) return;
    try {
      const changed = changeOf(tls);
      if (changed === this.#filesChanged) return;
      (this.#server as TlsServer).setSecureContext(secrets(tls));
      this.#filesChanged = changed;
      this.#trouble = "";
    } catch (error) {
      this.#trouble = `the certificate was not renewed: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

/** @throws Failure certificate-unusable */
function secrets({ key, certificate, clients }: TlsFiles): SecureContextOptions {
  try {
    return {
      key: readFileSync(key),
      cert: readFileSync(certificate),
      ...(clients === "" ? {} : { ca: readFileSync(clients) }),
      minVersion: "TLSv1.2",
    };
  } catch (error) {
    throw unreadable(error);
  }
}

function changeOf({ key, certificate, clients }: TlsFiles): number {
  try {
    return [key, certificate, clients]
      .filter((path) => path !== "")
      .reduce((sum, path) => sum + statSync(path).mtimeMs, 0);
  } catch (error) {
    throw unreadable(error);
  }
}

const unreadable = (cause: unknown): Failure =>
  new Failure(
    "certificate-unusable",
    `inputs.syslogTls needs inputs.syslogTlsKey and inputs.syslogTlsCertificate, PEM files that can be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
    { cause },
  );
