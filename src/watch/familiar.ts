/** What the gate is told of who is familiar from where: as accounts sign in, and all at once for a gate that starts. */
import type { Change } from "#/gate/change.ts";
import type { Familiarity } from "#/familiarity/familiarity.ts";
import { networkKey } from "#/familiarity/networks.ts";
import { type Account, type KnownNetwork, NETWORKS_PER_ACCOUNT_MAX } from "#/familiarity/records.ts";
import type { SignIn } from "#/signin/signin.ts";
import { days, millis } from "#/platform/units.ts";

/** The gate need not know to the minute when a network was last used. */
const TOLD_EVERY = days(1);

export class FamiliarChanges {
  readonly #familiarity: Familiarity;
  readonly #changed: (change: Change) => void;
  /** When each was last told of. */
  readonly #told = new WeakMap<KnownNetwork, number>();
  /** The name under which each was last told of. */
  readonly #names = new WeakMap<Account, string>();

  constructor(familiarity: Familiarity, changed: (change: Change) => void) {
    this.#familiarity = familiarity;
    this.#changed = changed;
    // At once, for all whom it concerns, and not as each signs in again: it may be the first who did so under a name of the site's own domain.
    familiarity.spellingBook.onNamed = (account, written) => this.#spelling(account, written);
  }

  /** After a snapshot: every account has been told of by the name that it has. */
  goOn(): void {
    for (const account of this.#familiarity.accounts.values()) this.#names.set(account, account.name);
  }

  /** After a sign-in has been judged. */
  observe({ account: name, address, at, outcome, client }: SignIn): void {
    const account = this.#familiarity.find(name);
    if (account === undefined || account.name === "") return;
    const told = this.#names.get(account);
    if (told !== account.name) {
      this.#names.set(account, account.name);
      // It turned out to be the same as one with a domain, and is called by that from now on.
      if (told !== undefined) this.#spelling(account, told);
    }
    if (name !== account.name) this.#spelling(account, name);
    if (outcome !== "success") return;
    const network = networkKey(address);
    const known = account.networks.find((one) => one.network === network);
    if (known === undefined || known.last !== at || at - (this.#told.get(known) ?? 0) < TOLD_EVERY) return;
    // The gate makes room for one by itself: it must know as well as familiarity which was not used for longest.
    if (!this.#told.has(known) && account.networks.length >= NETWORKS_PER_ACCOUNT_MAX) {
      for (const other of account.networks) if (other !== known) this.#tell(account, other, client, other.last);
    }
    this.#tell(account, known, client, at);
  }

  #tell(account: Account, known: KnownNetwork, client: string, at: number): void {
    this.#told.set(known, at);
    this.#changed(familiar(account, known, client));
  }

  /** Everything that holds. */
  *all(): Generator<Change> {
    for (const [name, account] of this.#familiarity.spellings) {
      if (name !== account.name) yield { kind: "spelling", account: account.name, written: name };
    }
    for (const account of this.#familiarity.accounts.values()) {
      for (const known of account.networks) yield familiar(account, known, account.clients[0] ?? "");
    }
  }

  #spelling(account: Account, written: string): void {
    this.#changed({ kind: "spelling", account: account.name, written });
  }
}

const familiar = (account: Account, { network, area, first, last }: KnownNetwork, client: string): Change => ({
  kind: "familiar",
  account: account.name,
  network,
  area,
  client,
  first: millis(first),
  at: millis(last),
});
