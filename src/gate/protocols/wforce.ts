/**
 * weakforced's HTTP API as far as its clients use it, so that a site changes over by changing a port: allow, report, reset, ping, the list of
 * who is blocked and who is trusted, and what is known of one. Clients ask for `/?command=NAME` or `/command/NAME`, with Basic
 * authentication of which only the password counts.
 *
 * It has no replication between siblings, custom functions, webhooks or dumps: 404, as for any name that is unknown.
 */
import { Failure } from "#/platform/failure.ts";
import { type Millis, later, seconds } from "#/platform/units.ts";
import { normaliseAccount } from "#/signin/account.ts";
import { canonicalAddress } from "#/signin/address.ts";
import type { Verdict } from "../attempt.ts";
import type { Desk } from "./desk.ts";
import { askAbout, commandOf, keepReport, secondsOf } from "./dovecot-policy.ts";
import { type Asked, type Fields, type Handler, type Reply, json, objectOf, textOf } from "./exchange.ts";
import { readBody } from "./policy-body.ts";

/** Whom an entry is about; exactly one of them, or both together, is not "". */
export type Subject = {
  /** An address, or a network in CIDR notation, as given. */
  readonly network: string;
  readonly account: string;
};

export type BlockEntry = Subject & { readonly until: Millis; readonly reason: string };

/** What people decided about who is refused. Every change throws a Failure that says why it cannot be made, or kept. */
export type Blocks = {
  readonly block: (entry: BlockEntry) => void | Promise<void>;
  readonly unblock: (subject: Subject) => void | Promise<void>;
  readonly blocked: () => readonly BlockEntry[];
  /** Networks that the settings trust (trustedNetworks). */
  readonly trusted: () => readonly string[];
};

type Service = {
  readonly desk: Desk;
  readonly blocks: Blocks;
  readonly isForwarder: (address: string) => boolean;
};

export function wforce(desk: Desk, blocks: Blocks, isForwarder: (address: string) => boolean): Handler {
  const service: Service = { desk, blocks, isForwarder };
  return (asked) => {
    const command = asked.path.startsWith("/command/") ? asked.path.slice(9) : commandOf(asked);
    if (asked.method === "GET") return gets.get(command)?.(service) ?? unknown;
    const post = posts.get(command);
    if (asked.method !== "POST" || post === undefined) return unknown;
    const fields = objectOf(asked.body);
    if (fields === undefined) {
      desk.malformed();
      return failure(400, "the body is no JSON object");
    }
    return post(service, fields, asked);
  };
}

const gets: ReadonlyMap<string, (service: Service) => Reply> = new Map([
  ["ping", () => ok],
  ["getBL", ({ blocks }: Service) => json(200, { bl_entries: blocks.blocked().map((entry) => listed(entry)) })],
  [
    "getWL",
    ({ blocks }: Service) =>
      json(200, { wl_entries: blocks.trusted().map((ip) => ({ ip, expiration: "", reason: "trustedNetworks" })) }),
  ],
]);

type Post = (service: Service, fields: Fields, asked: Asked) => Reply | Promise<Reply>;

const posts: ReadonlyMap<string, Post> = new Map<string, Post>([
  ["allow", ({ desk, isForwarder }, fields, asked) => allowed(askAbout(desk, readBody(fields, isForwarder), asked))],
  [
    "report",
    async ({ desk, isForwarder }, fields, asked) =>
      (await keepReport(desk, fields, asked, isForwarder)) ? ok : failure(503, "the report could not be kept"),
  ],
  ["reset", ({ blocks }, fields) => change(fields, (subject) => blocks.unblock(subject))],
  ["addBLEntry", ({ desk, blocks }, fields) => addBlock(desk.clock.now(), blocks, fields)],
  ["delBLEntry", ({ blocks }, fields) => change(fields, (subject) => blocks.unblock(subject))],
  ["addWLEntry", () => notHere],
  ["delWLEntry", () => notHere],
  ["getDBStats", ({ blocks }, fields) => statsOf(blocks, fields)],
]);

function allowed(verdict: Verdict): Reply {
  const status = verdict.answer === "allow" ? 0 : verdict.answer === "refuse" ? -1 : secondsOf(verdict);
  return { status: 200, type: "application/json", body: `{"status":${status},"msg":"","r_attrs":{}}` };
}

function addBlock(now: Millis, blocks: Blocks, fields: Fields): Reply | Promise<Reply> {
  const length = Object.hasOwn(fields, "expire_secs") ? fields["expire_secs"] : undefined;
  const reason = textOf(fields, "reason");
  if (typeof length !== "number" || !Number.isFinite(length) || length < 0)
    return failure(500, "Missing mandatory expire_secs field");
  if (reason === "") return failure(500, "Missing mandatory reason field");
  return change(fields, (subject) =>
    blocks.block({ ...subject, until: later(now, seconds(Math.min(length, EXPIRE_MAX))), reason }),
  );
}

/** Ten years: how long anything may be blocked is the gate's own setting, and this keeps a time a time. */
const EXPIRE_MAX = 10 * 365 * 86_400;

async function change(fields: Fields, make: (subject: Subject) => void | Promise<void>): Promise<Reply> {
  const subject = subjectOf(fields);
  if (subject === undefined) return failure(400, "Must provide at least one of login, ip or netmask");
  try {
    await make(subject);
    return ok;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // Whoever may use these commands runs the site; the message says what to do instead.
    return failure(500, error.message);
  }
}

function subjectOf(fields: Fields): Subject | undefined {
  const network = textOf(fields, "netmask") || textOf(fields, "ip");
  const account = normaliseAccount(textOf(fields, "login"));
  return network === "" && account === "" ? undefined : { network, account };
}

/** The answer's key tells which of them was asked for. There are no counters to show: what is known of an address is in the report. */
function statsOf(blocks: Blocks, fields: Fields): Reply {
  const subject = subjectOf(fields);
  if (subject === undefined) return failure(400, "No ip or login field supplied");
  const address = canonicalAddress(subject.network);
  const entry = blocks.blocked().find((one) => one.account === subject.account && sameNetwork(one.network, address));
  const isTrusted = subject.account === "" && blocks.trusted().some((network) => sameNetwork(network, address));
  return json(200, {
    ...keyed(subject, address),
    whitelisted: isTrusted,
    wl_reason: isTrusted ? "trustedNetworks" : "",
    wl_expire: "",
    blacklisted: entry !== undefined,
    bl_reason: entry?.reason ?? "",
    bl_expire: entry === undefined ? "" : expiration(entry.until),
    stats: {},
  });
}

function keyed({ account }: Subject, address: string): Record<string, string> {
  if (account === "") return { ip: address };
  return address === "" ? { login: account } : { ip_login: `${address}:${account}` };
}

const sameNetwork = (network: string, address: string): boolean =>
  network === address || network === `${address}/${address.includes(":") ? 128 : 32}`;

function listed({ network, account, until, reason }: BlockEntry): Record<string, string> {
  const rest = { expiration: expiration(until), reason };
  if (network === "") return { login: account, ...rest };
  return account === "" ? { ip: network, ...rest } : { iplogin: `${network}:${account}`, ...rest };
}

/** "2026-Nov-24 18:00:00", as Boost writes times and clients of weakforced read them. */
function expiration(until: Millis): string {
  const iso = new Date(until).toISOString();
  return `${iso.slice(0, 4)}-${monthNames[Number(iso.slice(5, 7)) - 1] ?? ""}-${iso.slice(8, 10)} ${iso.slice(11, 19)}`;
}

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

const failure = (status: number, reason: string): Reply => json(status, { status: "failure", reason });

const ok: Reply = { status: 200, type: "application/json", body: '{"status":"ok"}' };
const unknown: Reply = failure(404, "Unknown command");
const notHere: Reply = failure(
  500,
  "Trusted networks are settings here: put them into trustedNetworks of portcullis.yaml and reload.",
);
