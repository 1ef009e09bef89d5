/**
 * A hot password: the same one tried on account after account, from where these accounts never signed in. T1110.003. Where the source has
 * a keyed fingerprint of each password, a spray shows itself at its third to fifth guess, however slow it is and however many addresses it has.
 *
 * It counts, within a window, the accounts that strangers tried with it, each account and each network once, so that one household, office
 * or device is one. Chance would bring some together, too: the internet's bots try the world's favourites, mostly on names that do not exist,
 * and members far from home make the mistakes that members make at home. What is tried often in either way is expected here in
 * proportion; what was never seen, hardly ever. The chance of so many or more (Poisson) decides.
 *
 * What it cannot see, what could be mistaken for it, and how much it remembers: about.md.
 */
import type { Detector } from "#/detectors/detector.ts";
import { logTail } from "#/detectors/toolbox/poisson.ts";
import type { Observation } from "#/familiarity/familiarity.ts";
import { type Account, Familiar, type Pair, exists, wasRetrying } from "#/familiarity/records.ts";
import { counted, inWords } from "#/platform/units.ts";
import {
  type Fingerprints,
  type Hot,
  type Tried,
  createFingerprints,
  find,
  findOrCreate,
  inAll,
  inWindow,
  noteOwner,
  pass,
} from "./fingerprints.ts";
import { type Settings, defaults } from "./settings.ts";

export type State = {
  readonly passwords: Fingerprints;
  /** Earliest first. */
  readonly hot: Hot[];
};

export const hotPassword: Detector<State, Settings> = {
  name: "hot-password",
  defaults,
  start: () => ({ passwords: createFingerprints(), hot: [] }),
  step(state, seen, settings, found) {
    const { passwordFingerprint, outcome, reason } = seen.signIn;
    if (passwordFingerprint === "" || reason === "fault") return;
    const { passwords } = state;
    pass(passwords, seen.at, settings);
    if (outcome === "success") {
      succeed(passwords, seen, settings);
      return;
    }
    // The wider area may be its owner's line, which changed its address: it says nothing either way.
    if (seen.familiar === Familiar.no) strangersTry(state, seen, settings, found);
    else if (seen.familiar >= Familiar.network) {
      passwords.mistakes.now += 1;
      noteOwner(findOrCreate(passwords, passwordFingerprint, settings), seen.account);
    }
  },
};

/** Right passwords are remembered only where somebody has tried them wrongly before. */
function succeed(passwords: Fingerprints, seen: Observation, settings: Settings): void {
  const { pair, signIn } = seen;
  if (seen.familiar !== Familiar.no || pair.origin.address === "") return;
  // A member after all: no stranger who failed.
  if (pair.failures > 0 && pair.successes === signIn.count)
    passwords.existing.now = Math.max(0, passwords.existing.now - 1);
  const tried = find(passwords, seen.signIn.passwordFingerprint);
  if (tried === undefined || tried.opened.has(seen.pair) || passwords.kept >= settings.triesMax) return;
  cool(tried, seen.at, settings);
  tried.opened.set(seen.pair, seen.at);
  passwords.kept += 1;
  if (tried.hot !== undefined) tried.hot.last = Math.max(tried.hot.last, seen.at);
}

function strangersTry(
  state: State,
  seen: Observation,
  settings: Settings,
  found: Parameters<typeof hotPassword.step>[3],
): void {
  const { passwords } = state;
  const { pair, at, account, origin } = seen;
  if (origin.address === "" || account.name === "" || pair.successes > 0) return;
  const tried = findOrCreate(passwords, seen.signIn.passwordFingerprint, settings);
  cool(tried, at, settings);
  if (tried.hot !== undefined) tried.hot.last = Math.max(tried.hot.last, at);
  if (tried.tries.has(pair)) return;
  const isExisting = exists(account);
  if (!isExisting) {
    passwords.invented.now += 1;
    passwords.inventedEver += 1;
  } else if (pair.failures === seen.signIn.count) passwords.existing.now += 1;
  const most = tried.hot === undefined ? settings.triesPerPasswordMax : settings.triesMax;
  if (tried.tries.size >= most || passwords.kept >= settings.triesMax) return;
  tried.tries.set(pair, at);
  passwords.kept += 1;
  if (tried.hot !== undefined || !isExisting || state.hot.length >= settings.hotMax) return;
  const counts = countTries(tried, passwords, at, settings);
  const score = scoreOf(counts, tried, passwords, settings);
  if (counts.accounts < settings.accountsMin || score < -Math.log(settings.chanceMax)) return;
  const why = explain(counts, at);
  const hot: Hot = { at, why, tries: tried.tries, opened: tried.opened, last: at };
  tried.hot = hot;
  state.hot.push(hot);
  found({ kind: "hot-password", at, fingerprint: seen.signIn.passwordFingerprint, accounts: counts.accounts, why });
}

/** When nobody has tried it for a window, a hot password is one like others again. */
function cool(tried: Tried, at: number, { window }: Settings): void {
  if (tried.hot === undefined || at - tried.hot.last <= window) return;
  tried.hot = undefined;
  tried.tries = new Map();
  tried.opened = new Map();
}

type Counts = {
  /** Accounts, or networks where these are fewer: each is counted once on either side. */
  readonly accounts: number;
  /** Tries on names that exist, and on others. */
  readonly existing: number;
  readonly invented: number;
  readonly since: number;
};

/** Who tried it in the window, as far as they may be attackers. What is older is forgotten on the way. */
function countTries(tried: Tried, passwords: Fingerprints, at: number, settings: Settings): Counts {
  const accounts = new Set<Account>();
  const networks = new Set<string>();
  let existing = 0;
  let invented = 0;
  let since = at;
  for (const [pair, when] of tried.tries) {
    if (at - when > settings.window) {
      tried.tries.delete(pair);
      passwords.kept -= 1;
      if (pair.successes === 0) tried.triesBefore += 1;
    } else if (exists(pair.account)) {
      existing += 1;
      if (isOwners(pair, when, tried)) continue;
      accounts.add(pair.account);
      networks.add(pair.origin.network);
      since = Math.min(since, when);
    } else invented += 1;
  }
  return { accounts: Math.min(accounts.size, networks.size), existing, invented, since };
}

/** Its owner's, on the way: got in there since, makes the same mistake at home, or has a device that goes on with an old password. */
function isOwners(pair: Pair, at: number, { opened, owners }: Tried): boolean {
  return (pair.successes > 0 && !opened.has(pair)) || owners.includes(pair.account) || wasRetrying(pair.account, at);
}

/**
 * How unlikely so many accounts are by chance, as the negative logarithm of it: against what is usual in a whole window, or, for a password
 * that is new here, against what would have followed its first try by now, whichever says more.
 */
function scoreOf(counts: Counts, tried: Tried, passwords: Fingerprints, settings: Settings): number {
  const { accounts, existing, invented } = counts;
  const { priorTries, usualShare, usualMistakeShare, wrongNames, backgroundOnExisting, expectedMin } = settings;
  const owners = tried.owners.length;
  const others = Math.max(0, inWindow(passwords.existing) - existing);
  const mistakes = Math.max(owners, inAll(passwords.mistakes));
  const byMembers = Math.max(
    settings.awayShare * owners,
    (others * (owners + priorTries * usualMistakeShare)) / (mistakes + priorTries),
  );
  const surprise = (count: number, byBots: number): number =>
    -logTail(count, Math.max(expectedMin, backgroundOnExisting * byBots + byMembers));
  // Bots try names that do not exist far more often than others. Whoever does the contrary has a list.
  const asBots = tried.triesBefore + Math.max(0, invented - wrongNames * accounts);
  const guesses = Math.max(asBots, inAll(passwords.invented));
  const inWhole = surprise(
    accounts,
    (inWindow(passwords.invented) * (asBots + priorTries * usualShare)) / (guesses + priorTries),
  );
  if (tried.triesBefore > 0 || invented > accounts) return inWhole;
  // It was never seen among so many, so it is about as rare as one of them, however slowly the others come.
  const since = Math.max(0, passwords.inventedEver - tried.seenEver - invented);
  return Math.max(inWhole, surprise(accounts - 1, since / (tried.seenLately + priorTries)));
}

/** The password itself, or its fingerprint, is nobody's business. */
function explain({ accounts, since }: Counts, at: number): string {
  const within = at - since < 1_000 ? "at once" : `within ${inWords(at - since)}`;
  return `one and the same password was tried on ${counted(accounts, "account")} from as many networks ${within}, where none of these accounts signs in, and it is no password that people here or the internet's bots often try`;
}
