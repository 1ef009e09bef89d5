/** One short text for a whole stream, truth included: the same on every machine, or something is not as deterministic as is said. */
import { createHash } from "node:crypto";
import type { Simulated } from "./simulated.ts";

const chunkSize = 1 << 16;
const digits = 16;

export class Digest {
  readonly #hash = createHash("sha256");
  #chunk = "";

  add({ signIn, label, campaignId, connection, passwordId }: Simulated): void {
    const { at, reason, account, address, service, server, client, passwordFingerprint } = signIn;
    this.#chunk += `${at}\t${reason}\t${account}\t${address}\t${service}\t${server}\t${client}\t${label}\t${campaignId}\t${connection}\t${passwordId}\t${passwordFingerprint}\n`;
    if (this.#chunk.length < chunkSize) return;
    this.#hash.update(this.#chunk);
    this.#chunk = "";
  }

  /** Call it once, at the end. */
  text(): string {
    return this.#hash.update(this.#chunk).digest("hex").slice(0, digits);
  }
}
