/**
 * The score: how much likelier a sign-in is a thief's, who has the right password, than its owner's. A pure function of what is known
 * of the account, of where it comes from, and of how this site's people and its strangers are: asked before a decision, it changes nothing.
 *
 * It weighs two rates against each other. Owners come to networks that are new to them, each so many times a day, to such places
 * and with such clients (Freeman et al., NDSS 2016: only trusted successes teach, unseen values get the mass that
 * smoothing leaves them). Thieves use passwords at a rate that the caller states, from such places and with such
 * clients as strangers' failures show beyond the members' own slips among them (Herley and Schechter, NDSS 2019), or from
 * anywhere else with anything: whoever bought the password is not who guessed it.
 */
import { type Account, Familiar } from "#/familiarity/records.ts";
import { type Shares, attackShareOf, evenShareOf, shareOf } from "#/detectors/toolbox/shares.ts";
import { days, hours } from "#/platform/units.ts";

/** A sign-in that is to be scored, beside what was known before it. */
export type Contact = {
  readonly at: number;
  readonly account: Account;
  /** The network it comes from, which is not among those that are counted as the account's own before this sign-in. */
  readonly network: string;
  readonly area: string;
  readonly familiar: Familiar;
  /** Other accounts at home in its network, and pairs that signed in from its wider area. */
  readonly sharers: number;
  readonly neighbours: number;
  /** Other accounts that its address has failed on. */
  readonly addressFailed: number;
  /** "" where the source gives none. */
  readonly client: string;
  /** The account has signed in with other clients, and never with this one. */
  readonly isStrangeClient: boolean;
};

/** How this site is: what its members' new places are like, and what its strangers' failures. All bounded. */
export type Site = {
  readonly members: Crowd;
  readonly strangers: Crowd;
  /** Members' moves to new networks, and of them those with a client that was new to the account. */
  moves: number;
  movesStrange: number;
  /** Account-days in which these were seen. */
  exposure: number;
};

/** What is counted of each. */
export type Crowd = {
  /** As `whereOf` numbers them. */
  readonly wheres: Shares<number>;
  readonly areas: Shares<string>;
  readonly clients: Shares<string>;
  readonly hours: Shares<number>;
};

export type ScoreSettings = {
  readonly slips: number;
  readonly sameShare: number;
  readonly movesPerDay: number;
  readonly strangeClientShare: number;
};

/** The probability that a sign-in of this score is a thief's. @param thievesPerDay sign-ins of thieves per account and day. */
export const probabilityOf = (logOdds: number, thievesPerDay: number): number =>
  1 / (1 + Math.exp(-logOdds) / thievesPerDay);

/** A likelihood ratio is never trusted beyond this, whatever the counts say: features are not quite independent. */
const RATIO_MAX = 100;

/** Log-odds of a thief's against an owner's, for one thief's sign-in per account and day. */
export function scoreOf(contact: Contact, site: Site, settings: ScoreSettings): number {
  const where = whereOf(contact);
  return (
    within(placeRatio(where, site, settings)) +
    within(areaRatio(contact, where, site, settings)) +
    within(clientRatio(contact, site, settings)) +
    within(hourRatio(contact, site, settings)) -
    Math.log(movesPerDay(contact, site, settings))
  );
}

const within = (ratio: number): number => Math.log(Math.min(RATIO_MAX, Math.max(1 / RATIO_MAX, ratio)));

const WORTH_TELLING = 2;

/** What speaks for a thief, strongest first. */
export function explainScore(contact: Contact, site: Site, settings: ScoreSettings): string[] {
  const where = whereOf(contact);
  const reasons = [
    { ratio: placeRatio(where, site, settings), why: placeOf(where).words },
    { ratio: areaRatio(contact, where, site, settings), why: "strangers failed on others from around there" },
    { ratio: clientRatio(contact, site, settings), why: clientWords(contact) },
    { ratio: hourRatio(contact, site, settings), why: "at an hour at which strangers try more than members sign in" },
  ];
  const told = reasons.filter(({ ratio }) => ratio >= WORTH_TELLING).sort((left, right) => right.ratio - left.ratio);
  return told.map(({ why }) => why);
}

/** How much likelier a value is a thief's: either the attack's own ways, or anybody's. */
function lift(
  strangers: Shares<string>,
  members: Shares<string>,
  value: string,
  { slips, sameShare }: ScoreSettings,
): number {
  if (value === "" || strangers.sum === 0) return 1;
  return 1 - sameShare + (sameShare * attackShareOf(strangers, members, value, slips)) / shareOf(members, value);
}

/** Times an account comes to a network that is new to it, a day: its own history, beside what is usual here. */
function movesPerDay({ account, at, network }: Contact, site: Site, settings: ScoreSettings): number {
  const usual = (site.moves + settings.movesPerDay * PRIOR_EXPOSURE) / (site.exposure + PRIOR_EXPOSURE);
  let first = at;
  let networks = 0;
  for (const known of account.networks) {
    if (known.network === network && known.first >= at - 1_000) continue;
    networks += 1;
    if (known.first < first) first = known.first;
  }
  const seen = (at - first) / days(1);
  return (Math.max(0, networks - 1) + usual * PRIOR_DAYS) / (seen + PRIOR_DAYS);
}

/** Account-days that the usual elsewhere is worth against what is seen here; and days that the usual here is, for one account. */
const PRIOR_EXPOSURE = 100;
const PRIOR_DAYS = 7;

/** Places from which this many sign in are somebody's neighbourhood. */
const NEIGHBOURS_MIN = 5;

/** Kinds of places, and what share of members' new places, and of thieves', is of each before anything is learned. */
const places = [
  { words: "from near its own networks", members: 0.4, thieves: 0.05 },
  { words: "from a network that members share", members: 0.15, thieves: 0.05 },
  { words: "from where members sign in", members: 0.25, thieves: 0.1 },
  { words: "from where hardly anybody here signs in", members: 0.1, thieves: 0.1 },
  { words: "from where nobody here ever signed in", members: 0.1, thieves: 0.7 },
] as const;

/** Each by how lately the account was at home, since a journey takes its time: within an hour, half a day, or longer ago. */
const GAPS = 3;

/** What a place is to the account and the site, by number: its kind, and how lately the account was at home. */
export function whereOf(contact: Contact): number {
  return kindOf(contact) * GAPS + sinceHome(contact);
}

const placeOf = (where: number): (typeof places)[number] => places[Math.floor(where / GAPS)] ?? places[0];

function kindOf({ familiar, sharers, neighbours }: Contact): number {
  if (familiar >= Familiar.area) return 0;
  if (sharers >= NEIGHBOURS_MIN) return 1;
  if (neighbours >= NEIGHBOURS_MIN) return 2;
  return neighbours > 0 ? 3 : 4;
}

function sinceHome({ account, network, at }: Contact): number {
  let last = 0;
  for (const known of account.networks) if (known.network !== network && known.last > last) last = known.last;
  if (at - last < hours(1)) return 0;
  return at - last < hours(12) ? 1 : 2;
}

/** Sign-ins that these are worth. */
const PRIOR_WORTH = 30;

function placeRatio(where: number, { members, strangers }: Site, { slips, sameShare }: ScoreSettings): number {
  const prior = placeOf(where);
  const seen = members.wheres.counts.get(where) ?? 0;
  const owner = (seen + (PRIOR_WORTH * prior.members) / GAPS) / (members.wheres.sum + PRIOR_WORTH);
  const attack = attackShareOf(strangers.wheres, members.wheres, where, slips);
  const same = strangers.wheres.sum === 0 ? 0 : sameShare;
  return (same * attack + ((1 - same) * prior.thieves) / GAPS) / owner;
}

/** The very area, beyond what the kind of place that it is says already. */
function areaRatio(
  { area, addressFailed }: Contact,
  where: number,
  { members, strangers }: Site,
  settings: ScoreSettings,
): number {
  const { slips, sameShare } = settings;
  const kindOfAttack = attackShareOf(strangers.wheres, members.wheres, where, slips);
  if (kindOfAttack === 0 || area === "") return 1;
  const kindOfMembers = shareOf(members.wheres, where);
  // What its own address did there says nothing of its neighbours.
  const own = addressFailed > 0 ? 1 + Math.log(addressFailed) : 0;
  const attack = attackShareOf(strangers.areas, members.areas, area, slips, own) / kindOfAttack;
  const owner = shareOf(members.areas, area) / kindOfMembers;
  return 1 - sameShare + (sameShare * attack) / owner;
}

const HOURS = 24;

function hourRatio({ at }: Contact, { members, strangers }: Site, { sameShare }: ScoreSettings): number {
  const hour = hourOf(at);
  const attack = evenShareOf(strangers.hours, hour, HOURS);
  return 1 - sameShare + (sameShare * attack) / evenShareOf(members.hours, hour, HOURS);
}

/** A client of the account's own speaks for it; one that is new to it against, the more so where strangers have it too. */
function clientRatio(contact: Contact, site: Site, settings: ScoreSettings): number {
  const { client, account, isStrangeClient } = contact;
  if (client === "") return 1;
  const { members, strangers } = site;
  const usual = shareOf(members.clients, client);
  const thiefs = usual * lift(strangers.clients, members.clients, client, settings);
  if (account.clients.length === 0) return thiefs / usual;
  const strange = (site.movesStrange + settings.strangeClientShare * PRIOR_WORTH) / (site.moves + PRIOR_WORTH);
  if (isStrangeClient) return thiefs / (strange * usual);
  return thiefs / ((1 - strange) / account.clients.length);
}

const clientWords = ({ client, isStrangeClient }: Contact): string =>
  isStrangeClient
    ? `with a client that the account never used (${client})`
    : `with a client that strangers use (${client})`;

/** Hour of the day, UTC. */
export const hourOf = (at: number): number => Math.floor(at / hours(1)) % HOURS;
