/**
 * One connection of the reader: bytes come in, requests are answered one after the other, in order. Nothing is read on while one is being answered,
 * so whoever sends more than he waits for fills only his own buffer, to its limit.
 */
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Peer, Reply } from "../protocols/exchange.ts";
import { bare } from "../protocols/exchange.ts";
import { type Admitted, type Front, answer, challenge, enter } from "../protocols/front.ts";
import type { ListenerLimits } from "../protocols/listener.ts";
import { type Head, readHead } from "./head.ts";

/** idle: nothing of a request is there. reading: part of one is. answering: all of it is. closing: nothing is read any more. */
type Stage = "idle" | "reading" | "answering" | "closing";

/** A request whose body is still awaited. */
type Request = { readonly head: Head; readonly entry: Admitted };

const END_OF_HEAD = Buffer.from("\r\n\r\n");

export class Connection {
  readonly #socket: Socket;
  readonly #front: Front;
  readonly #limits: ListenerLimits;
  readonly #peer: Peer;
  readonly #date: () => string;
  #stage: Stage = "idle";
  /** Since when it is at its stage, in ticks. */
  #since: number;
  #isFresh = true;
  /** The answer that is next is the last. */
  #isEnding = false;
  /** Nothing more will come. */
  #hasAll = false;
  /** What was read and not yet understood, and how much of it surely has no end of a head. */
  #bytes: Buffer | undefined;
  #searched = 0;
  #request: Request | undefined;
  #begun = 0;

  /** @param date the Date header's value, now */
  constructor(socket: Socket, peer: Peer, front: Front, limits: ListenerLimits, date: () => string) {
    this.#socket = socket;
    this.#peer = peer;
    this.#front = front;
    this.#limits = limits;
    this.#date = date;
    this.#since = front.clock.ticks();
    socket.setNoDelay(true);
    socket.on("data", (piece: Buffer) => this.#take(piece));
    socket.on("drain", () => this.#goOn());
    socket.on("error", () => socket.destroy());
    // Whoever has sent all that he wants to may still wait for his answers.
    socket.on("end", () => {
      this.#hasAll = true;
      this.#goOn();
    });
  }

  /** Looked at once a second: a timer for each connection would cost more than all they ask. */
  checkTime(now: number): void {
    const waited = now - this.#since;
    const { headWait, requestWait, idleWait } = this.#limits;
    switch (this.#stage) {
      case "idle":
        if (waited > (this.#isFresh ? headWait : idleWait)) this.#socket.destroy();
        return;
      case "reading":
        if (waited > (this.#request === undefined ? headWait : requestWait)) this.#refuse("none", 408);
        return;
      case "answering":
        // An answer takes as long as it takes; whoever does not fetch what was answered before is not waited for.
        if (this.#socket.writableNeedDrain && waited > requestWait) this.#socket.destroy();
        return;
      case "closing":
        if (waited > headWait) this.#socket.destroy();
        return;
      default:
        this.#stage satisfies never;
    }
  }

  /** Ends as soon as nothing is being answered. */
  finish(): void {
    this.#isEnding = true;
    if (this.#stage === "idle") this.#socket.end();
  }

  #take(piece: Buffer): void {
    if (this.#stage === "closing") return;
    this.#bytes = this.#bytes === undefined ? piece : Buffer.concat([this.#bytes, piece]);
    if (this.#stage !== "answering") this.#read();
    else if (this.#bytes.length > this.#limits.headerBytesMax) this.#socket.pause();
  }

  /** Understands as many requests as are there, one after the other. */
  #read(): void {
    while (this.#bytes !== undefined && this.#stage !== "answering" && this.#stage !== "closing") {
      // Whoever does not fetch his answers is asked for nothing more.
      if (this.#socket.writableNeedDrain) return;
      if (this.#stage === "idle") {
        this.#stage = "reading";
        this.#since = this.#front.clock.ticks();
      }
      const request = this.#request ?? this.#readHead(this.#bytes);
      if (request === undefined || this.#bytes.length < request.head.bodyBytes) return;
      this.#answer(request, this.#bytes);
    }
  }

  /** The head, with its bytes taken off; undefined where it is not all there, or was refused. */
  #readHead(bytes: Buffer): Request | undefined {
    const end = bytes.indexOf(END_OF_HEAD, Math.max(0, this.#searched - 3));
    if ((end < 0 ? bytes.length : end) > this.#limits.headerBytesMax) return this.#refuse("none", 431);
    if (end < 0) {
      this.#searched = bytes.length;
      return undefined;
    }
    this.#begun = this.#front.clock.ticks();
    const head = readHead(bytes.toString("latin1", 0, end));
    if (typeof head === "number") return this.#refuse("none", head);
    if (head.bodyBytes > this.#limits.bodyBytesMax) return this.#refuse("none", 413);
    // Who may not ask is refused before a byte of the body is read.
    const entry = enter(this.#front, head.url, head.headers, this.#isCertified());
    if (entry.kind === "refused") return this.#refuse(entry.protocol, entry.status);
    this.#searched = 0;
    this.#bytes = bytes.subarray(end + END_OF_HEAD.length);
    return (this.#request = { head, entry });
  }

  #answer({ head, entry }: Request, bytes: Buffer): void {
    const { bodyBytes, method, headers, isLast } = head;
    const body = bytes.toString("utf8", 0, bodyBytes);
    this.#bytes = bytes.length === bodyBytes ? undefined : bytes.subarray(bodyBytes);
    this.#request = undefined;
    this.#stage = "answering";
    const { path, query, route } = entry;
    const asked = { method, path, query, headers, body, peer: this.#peer };
    answer(this.#front, route, asked, this.#begun, (reply) => {
      if (this.#socket.destroyed) return;
      this.#isEnding ||= isLast;
      this.#send(reply, method === "HEAD");
      this.#since = this.#front.clock.ticks();
      this.#isFresh = false;
      this.#stage = this.#isEnding ? "closing" : "idle";
      if (this.#isEnding) this.#socket.end();
      else this.#goOn();
    });
  }

  #goOn(): void {
    this.#read();
    if (this.#hasAll && (this.#stage === "idle" || this.#stage === "reading") && !this.#socket.writableNeedDrain) {
      this.#stage = "closing";
      this.#socket.end();
    }
    if (this.#socket.isPaused() && this.#stage !== "answering") this.#socket.resume();
  }

  #refuse(protocol: string, status: number): undefined {
    this.#stage = "closing";
    this.#since = this.#front.clock.ticks();
    this.#bytes = undefined;
    this.#isEnding = true;
    this.#send(status === 401 ? { ...bare(status), headers: challenge } : bare(status), false);
    // What still comes is read and thrown away: a connection that is reset would take the answer with it.
    this.#socket.end();
    this.#front.answered(protocol, status, 0);
    return undefined;
  }

  #send({ status, type, body, headers }: Reply, isHeadOnly: boolean): void {
    let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nDate: ${this.#date()}\r\n`;
    if (type !== "") text += `Content-Type: ${type}\r\n`;
    const bytes = Buffer.byteLength(body);
    if (status !== 204) text += `Content-Length: ${bytes}\r\n`;
    if (headers !== undefined) for (const [name, value] of Object.entries(headers)) text += `${name}: ${value}\r\n`;
    if (this.#isEnding) text += "Connection: close\r\n";
    // Nearly every answer is ASCII, which goes out in half the time where that is said.
    this.#socket.write(isHeadOnly ? `${text}\r\n` : `${text}\r\n${body}`, bytes === body.length ? "latin1" : "utf8");
  }

  #isCertified(): boolean {
    return this.#socket instanceof TLSSocket && this.#socket.authorized;
  }
}
