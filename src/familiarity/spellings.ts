/**
 * The site's own domain, and with it which two names are one account: `anna` and `anna@parliament.example`, where nearly all who sign in
 * with a domain share that one. Learned from successes only, so that nobody outside can move it. On a server of many
 * domains there is none, and every name stays an account of its own.
 */

/** So many accounts must have signed in with the domain, and this share of all with one. */
const ACCOUNTS_MIN = 20;
const SHARE_MIN = 0.9;
/** Domains that are counted; a server of more has none of its own. */
const DOMAINS_MAX = 1_000;

export class OwnDomain {
  readonly #counts = new Map<string, number>();
  #total = 0;
  #own = "";

  /** An account's first success. Whether the own domain became plain by it. */
  note(name: string): boolean {
    const domain = domainOf(name);
    if (domain === "") return false;
    this.#total += 1;
    const count = this.#counts.get(domain) ?? 0;
    if (count === 0 && this.#counts.size >= DOMAINS_MAX) return false;
    this.#counts.set(domain, count + 1);
    const before = this.#own;
    const own = before === "" ? domain : before;
    const owned = this.#counts.get(own) ?? 0;
    this.#own = owned >= ACCOUNTS_MIN && owned >= SHARE_MIN * this.#total ? own : "";
    return this.#own !== "" && this.#own !== before;
  }

  /** The name's other spelling: with the domain, or without; undefined where it has none. */
  otherSpelling(name: string): string | undefined {
    if (this.#own === "" || name === "") return undefined;
    const at = name.lastIndexOf("@");
    if (at < 0) return `${name}@${this.#own}`;
    return at > 0 && name.slice(at + 1) === this.#own ? name.slice(0, at) : undefined;
  }
}

const domainOf = (name: string): string => (name.lastIndexOf("@") > 0 ? name.slice(name.lastIndexOf("@") + 1) : "");
