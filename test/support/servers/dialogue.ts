/** A client of a line protocol (IMAP, SMTP) that comes from an address of its choice in 127.0.0.0/8. Every wait is bounded. */
import { type Socket, connect } from "node:net";

/** Dovecot's own penalties and the gate's delays included. */
const ANSWERS_WITHIN_MS = 30_000;

export class Dialogue implements Disposable {
  readonly #socket: Socket;
  #received = "";
  #ended: Error | undefined;
  #changed: () => void = () => undefined;

  /** @param from the address to come from */
  constructor(port: number, from: string) {
    this.#socket = connect({ port, host: "127.0.0.1", localAddress: from });
    this.#socket.setTimeout(ANSWERS_WITHIN_MS, () => this.#socket.destroy(new Error("no answer in time")));
    this.#socket.on("data", (part: Buffer) => {
      this.#received += part.toString("latin1");
      this.#changed();
    });
    const end = (error: Error): void => {
      this.#ended ??= error;
      this.#changed();
    };
    this.#socket.on("error", end);
    this.#socket.on("close", () => end(new Error("the server has closed the connection")));
  }

  send(line: string): void {
    this.#socket.write(`${line}\r\n`);
  }

  /** Takes what was received up to that, and it; waits for it. @throws where the connection ends first */
  async expect(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#received);
      if (found !== null) {
        const end = found.index + found[0].length;
        const taken = this.#received.slice(0, end);
        this.#received = this.#received.slice(end);
        return taken;
      }
      if (this.#ended !== undefined)
        throw new Error(`${this.#ended.message}, while waiting for ${pattern}; received: ${this.#received}`);
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
