/**
 * June 2017 as far as it is known: an institution of 9,000 accounts, every one of them tried over a weekend, determined rather
 * than quick. 26 users were reached, three of them members whose mailboxes were open to staff that fell; with shared mailboxes
 * and further ones of the same people 39 mailboxes, read soon afterwards. How the guesses were spread over addresses and
 * passwords was never published: that part is invented.
 */
import type { Account } from "../institution/accounts.ts";
import { HOUR, MINUTE } from "../world.ts";
import { type AttackPlan, type Attacker, guess, interleaved, ordered, targetList, useFallen } from "./attack.ts";

/** Of 9,000 accounts; at another size, as many in proportion. */
const known = {
  accounts: 9000,
  /** Opened with their own password. */
  guessed: 23,
  /** Members among them. */
  members: 3,
  /** Members reached through their staff only. */
  membersThroughStaff: 3,
  /** Mailboxes beyond the 26 users' own, nearly all of them shared. */
  otherMailboxes: 13,
} as const;

export function parliamentSpray(): AttackPlan {
  return {
    kind: "password-spraying",
    run: (attacker) => {
      const { world, rng } = attacker;
      // Friday morning of the last full week.
      const week = Math.max(0, Math.floor((world.days - 3) / 7));
      const friday = Math.min(world.days - 2, week * 7 + 4);
      const from = world.midnight(friday) + 7 * HOUR;
      const until = Math.min(world.to - HOUR, from + 50 * HOUR);
      const names = ordered(attacker, targetList(attacker, 1, 0.04), rng.chance(0.5));
      const rounds = 3;
      const gap = (until - from) / (names.length * rounds);
      const fallen = whoFalls(attacker);
      const next = interleaved(
        rng,
        () => world.networks.residential(rng, 0.02),
        () => 1 + rng.int(5),
        30,
      );
      let at = from;
      for (let rank = 1; rank <= rounds; rank += 1) {
        for (const name of names) {
          at += rng.exponential(gap);
          if (attacker.opened.has(world.indexOf(name))) continue;
          const opens = fallen.has(name) && (rank === rounds || rng.chance(1 / rounds));
          guess(attacker, at, name, next(at), opens, rank);
        }
      }
      useFallen(attacker, 0.9, 30 * MINUTE, 30 * HOUR);
    },
  };
}

/** Names of the accounts whose password is guessed: chosen for what they open beside themselves. */
function whoFalls({ world, rng }: Attacker): ReadonlySet<string> {
  const { accounts } = world;
  const scaled = (count: number): number => Math.round((count * accounts.length) / known.accounts);
  const guessed = Math.max(1, scaled(known.guessed));
  const candidates = rng.shuffled(accounts.filter((account) => account.kind !== "service" && !account.disabled));
  const openers = new Map<number, readonly Account[]>();
  for (const mailbox of accounts) {
    for (const one of [...mailbox.delegates, ...mailbox.openedBy])
      openers.set(one, [...(openers.get(one) ?? []), mailbox]);
  }
  const chosen = new Set<Account>();
  const reached = new Set<Account>();
  /** One of those who open this mailbox falls: one who opens nothing but such mailboxes, and not more than are left. */
  const reach = (mailbox: Account, left: number): void => {
    const opened = (one: Account): readonly Account[] => openers.get(one.index) ?? [];
    const first = rng
      .shuffled([...mailbox.delegates, ...mailbox.openedBy])
      .flatMap((index) => world.account(index) ?? [])
      .filter(({ disabled }) => !disabled)
      .find(
        (one) =>
          opened(one).length <= left &&
          opened(one).every(({ kind }) => (kind === "member") === (mailbox.kind === "member")),
      );
    if (first === undefined || chosen.size >= guessed) return;
    chosen.add(first);
    for (const one of opened(first)) reached.add(one);
  };
  const reachAll = (mailboxes: readonly Account[], most: number): void => {
    const enough = reached.size + most;
    for (const mailbox of mailboxes) {
      if (reached.size >= enough) return;
      if (!reached.has(mailbox)) reach(mailbox, enough - reached.size);
    }
  };
  const served = candidates.filter(({ openedBy }) => openedBy.length > 0);
  reachAll(served, scaled(known.membersThroughStaff));
  reachAll(
    candidates.filter(({ delegates }) => delegates.length > 0),
    scaled(known.otherMailboxes),
  );
  // Whoever else falls opens nobody's mailbox but their own.
  const alone = candidates.filter((one) => !openers.has(one.index) && !reached.has(one) && one.delegates.length === 0);
  const members = alone.filter(({ kind }) => kind === "member").slice(0, scaled(known.members));
  const staff = alone.filter(({ kind }) => kind === "staff");
  for (const account of [...members, ...staff]) if (chosen.size < guessed) chosen.add(account);
  return new Set([...chosen].map(({ name }) => name));
}
