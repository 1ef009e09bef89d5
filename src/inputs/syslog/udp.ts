/**
 * Syslog by UDP (RFC 5426): a datagram, a message. Whoever sends cannot be held back, so that what comes faster than it can be kept is
 * dropped, here or by the kernel, and counted.
 */
import { type RemoteInfo, type Socket, createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import type { InputContext } from "#/inputs/context.ts";
import { type Endpoint, endpointOf, listenFailure } from "#/inputs/endpoint.ts";
import type { Input, InputReport } from "#/inputs/input.ts";
import type { RecogniserOptions } from "#/sources/reading/recogniser.ts";
import type { Allowed } from "./allowed.ts";
import { kernelDrops } from "./kernel-drops.ts";
import { Messages } from "./messages.ts";

export type UdpOptions = {
  readonly endpoint: string;
  readonly allowed: Allowed;
  readonly sources: RecogniserOptions;
  /** Bytes of messages that wait to be read; what comes then is dropped. */
  readonly waitingMax: number;
};

export const waitingMax = 16 << 20;
/** Asked of the kernel, which may grant less. */
const RECEIVE_BUFFER = 4 << 20;
/** Messages between two batches. */
const BATCH = 500;

export class SyslogUdp implements Input {
  readonly #options: UdpOptions;
  readonly #socket: Socket;
  readonly #messages: Messages;
  readonly #dropsBefore: number;
  #queue: Buffer[] = [];
  #waiting = 0;
  #pumping: Promise<void> | undefined;
  #dropped = 0;
  #refused = 0;

  private constructor(options: UdpOptions, socket: Socket, context: InputContext) {
    this.#options = options;
    this.#socket = socket;
    this.#messages = new Messages("syslog:udp", options.sources, context);
    this.#dropsBefore = kernelDrops(this.port);
    socket.on("message", (bytes, from) => this.#take(bytes, from));
  }

  /** @throws Failure listening-failed, settings-invalid */
  static async listen(options: UdpOptions, context: InputContext): Promise<SyslogUdp> {
    const endpoint: Endpoint = endpointOf(options.endpoint, "inputs.syslogUdp");
    const socket = createSocket({ type: isIPv6(endpoint.host) ? "udp6" : "udp4", recvBufferSize: RECEIVE_BUFFER });
    try {
      const listening = once(socket, "listening");
      socket.bind(endpoint.port, endpoint.host);
      await listening;
    } catch (error) {
      throw listenFailure(endpoint, "inputs.syslogUdp", error);
    }
    return new SyslogUdp(options, socket, context);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  report(): InputReport {
    const dropped = this.#dropped + Math.max(0, kernelDrops(this.port) - this.#dropsBefore);
    return this.#messages.report(dropped, refusedText(this.#refused, "messages"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    // What waits is read, and handed on at the end with the rest.
    for (const bytes of this.#queue.splice(0)) this.#messages.read(bytes);
    await this.#messages[Symbol.asyncDispose]();
    await this.#pumping;
  }

  #take(bytes: Buffer, { address }: RemoteInfo): void {
    if (!this.#options.allowed(address)) this.#refused += 1;
    else if (this.#waiting + bytes.length > this.#options.waitingMax) this.#dropped += 1;
    else {
      this.#queue.push(bytes);
      this.#waiting += bytes.length;
      this.#pumping ??= this.#pump();
    }
  }

  async #pump(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, BATCH);
      for (const bytes of batch) this.#messages.read(bytes);
      await this.#messages.flush();
      this.#waiting -= batch.reduce((sum, { length }) => sum + length, 0);
    }
    this.#pumping = undefined;
  }
}

/** What to say of those who may not send. */
export const refusedText = (count: number, what: string): string =>
  count === 0 ? "" : `${count} ${what} from addresses that are not in inputs.syslogFrom were refused since the start`;
