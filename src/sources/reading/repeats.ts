/**
 * The last line of each host, where it was evidence: what "last message repeated 3 times" is about. A central log has
 * lines of many hosts between the two.
 */
import type { Evidence, Source } from "#/sources/source.ts";

/** Hosts whose last evidence is remembered; each may keep a chunk of the file. With more, all are forgotten. */
const HOSTS_MAX = 64;

export type Said = { readonly evidence: Evidence; readonly source: Source };

type Host = { readonly name: string; said: Said | undefined };

export class Repeats {
  #hosts = new Map<string, Host>();
  #last: Host = { name: "", said: undefined };

  /** Takes note of a line of this host: what it said, or that it was no evidence. */
  note(host: string, said: Said | undefined): void {
    const last = this.#last.name === host ? this.#last : this.#hosts.get(host);
    if (last !== undefined) {
      last.said = said;
      this.#last = last;
    } else if (said !== undefined) {
      if (this.#hosts.size >= HOSTS_MAX) this.#hosts = new Map();
      this.#last = { name: host, said };
      this.#hosts.set(host, this.#last);
    }
  }

  /** What the last line of this host said; undefined where it was no evidence. */
  of(host: string): Said | undefined {
    return this.#hosts.get(host)?.said;
  }
}
