/**
 * Anything else: CSV rows or JSON lines whose fields the operator names with --map, or whose names speak for themselves. It knows nothing of
 * who wrote them.
 *
 *     --map time=timestamp,account=user.name,address=client.ip,outcome=result,success=ok|yes
 *
 * `fingerprint` names a keyed hash of the password that was tried, made by the server. It is compared with others and shown nowhere.
 */
import { Failure } from "#/platform/failure.ts";
import {
  type Context,
  type Json,
  type JsonObject,
  type Reading,
  type Source,
  evidence,
  foreign,
  malformed,
} from "#/sources/source.ts";
import type { Outcome, Reason, Service } from "#/signin/signin.ts";
import { type DateOrder, anyTime } from "./any-time.ts";
import { plainName } from "./plain-name.ts";
import { outcomeWords, reasonOf, serviceOf } from "./words.ts";

const roles = [
  "time",
  "account",
  "address",
  "outcome",
  "service",
  "client",
  "server",
  "reason",
  "count",
  "fingerprint",
] as const;
type Role = (typeof roles)[number];

type Mapping = {
  readonly fields: ReadonlyMap<Role, string>;
  readonly success: ReadonlySet<string>;
  readonly failure: ReadonlySet<string>;
  readonly order: DateOrder | undefined;
};

const example = "--map time=timestamp,account=user,address=ip,outcome=result";

/** A source for what `text` says. Its title is the text itself. @throws Failure map-invalid, with what to write instead. */
export function parseMap(text: string): Source {
  const mapping = parse(text);
  return {
    id: "mapped",
    title: text,
    programs: [],
    object: (value, context) => read(value, mapping, context),
  };
}

/** More than this is no map of ten fields. */
const MAP_LENGTH_MAX = 4_000;

function parse(text: string): Mapping {
  if (text.length > MAP_LENGTH_MAX) throw invalid(`it is longer than ${MAP_LENGTH_MAX} characters`);
  const fields = new Map<Role, string>();
  const words = { success: new Set<string>(outcomeWords.success), failure: new Set<string>(outcomeWords.failure) };
  let order: Mapping["order"];
  const parts = text.split(",").map((part) => part.trim());
  for (const part of parts.filter((each) => each !== "")) {
    const equals = part.indexOf("=");
    const name = part.slice(0, Math.max(0, equals)).trim();
    const value = part.slice(equals + 1).trim();
    if (name === "" || value === "") throw invalid(`"${part}" is not name=field`);
    if (name === "success" || name === "failure") {
      const said = value.toLowerCase().split("|");
      words[name] = new Set(said);
      // What is said here goes before what is commonly meant: in many exports 0 is a success.
      const other = words[name === "success" ? "failure" : "success"];
      for (const word of said) other.delete(word);
    } else if (name === "timeformat" && (value === "dmy" || value === "mdy")) order = value;
    else if (isRole(name)) fields.set(name, value);
    else throw invalid(`"${part}" is none of: ${roles.join(", ")}, success, failure, timeformat (dmy or mdy)`);
  }
  for (const role of ["time", "account", "outcome"] as const) {
    if (!fields.has(role)) throw invalid(`it must say which field is the ${role}`);
  }
  return { fields, ...words, order };
}

const isRole = (name: string): name is Role => roles.some((role) => role === name);

const invalid = (why: string): Failure =>
  new Failure(
    "map-invalid",
    `--map: ${why}. For example: ${example}. Fields of nested JSON are written with dots: user.name.`,
  );

function read(value: JsonObject, mapping: Mapping, context: Context): Reading {
  const reading = readFields(value, mapping, context);
  const secret = reading.kind === "malformed" ? fieldOf(value, mapping.fields.get("fingerprint")) : "";
  return secret === "" || reading.kind !== "malformed" ? reading : { ...reading, secret };
}

function readFields(value: JsonObject, mapping: Mapping, context: Context): Reading {
  const of = (role: Role): string => fieldOf(value, mapping.fields.get(role));
  const stamp = of("time");
  const account = of("account");
  const said = of("outcome");
  if (stamp === "" && account === "" && said === "") return foreign;
  const at = anyTime(stamp, mapping.order, context.time);
  if (at === undefined) return malformed(`"${stamp.slice(0, 40)}" in ${mapping.fields.get("time")} is no time`);
  const outcome = outcomeOf(said, mapping);
  if (outcome === undefined) {
    return malformed(
      `"${said.slice(0, 40)}" in ${mapping.fields.get("outcome")} is neither success nor failure: add success=... or failure=... to --map`,
    );
  }
  const service: Service = serviceOf(of("service"));
  const result = evidence(at, outcome, account, of("address"), service);
  if (outcome === "failure") result.reason = reasonFor(of("reason"), said);
  result.client = of("client");
  result.server = of("server");
  if (mapping.fields.has("fingerprint")) result.passwordFingerprint = fingerprintOf(of("fingerprint"));
  const count = Number(of("count") || "1");
  result.count = Number.isInteger(count) && count >= 1 ? Math.min(count, 100_000) : 1;
  return result;
}

/** A server that checks no password for an attempt writes one of these, and they must not all be one password. */
const noFingerprint = /^(?:-+|none|null|nil|n\/a|undefined|0)$/i;

const fingerprintOf = (said: string): string => (noFingerprint.test(said) ? "" : said);

/** Where only that it failed is said, the password was wrong, as everywhere. */
function reasonFor(reason: string, said: string): Reason {
  if (reason !== "") return reasonOf(reason);
  const status = httpReasons.find(([pattern]) => pattern.test(said))?.[1];
  if (status !== undefined) return status;
  const found = reasonOf(said);
  return found === "other" ? "bad-password" : found;
}

/** An HTTP answer in the place of an outcome. */
const httpReasons: readonly (readonly [RegExp, Reason])[] = [
  [/^(?:403|429)$/, "policy"],
  [/^423$/, "locked"],
  [/^4\d\d$/, "bad-password"],
  [/^5\d\d$/, "fault"],
];

function fieldOf(value: JsonObject, path: string | undefined): string {
  if (path === undefined) return "";
  // Tables written by hand have a blank after each comma, in the header too.
  let found: Json | undefined = value[path] ?? value[` ${path}`];
  if (found === undefined && path.includes(".")) {
    found = value;
    for (const step of path.split(".")) found = isObject(found) ? found[step] : undefined;
  }
  return typeof found === "string"
    ? found.trim()
    : typeof found === "number" || typeof found === "boolean"
      ? String(found)
      : "";
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function outcomeOf(said: string, mapping: Mapping): Outcome | undefined {
  const word = said.toLowerCase();
  if (mapping.success.has(word)) return "success";
  if (mapping.failure.has(word)) return "failure";
  // HTTP answers, Windows status codes and the like.
  if (/^[45]\d\d$/.test(word)) return "failure";
  if (/^[23]\d\d$/.test(word)) return "success";
  if (outcomeWords.failureParts.some((part) => word.includes(part))) return "failure";
  return outcomeWords.successParts.some((part) => word.includes(part)) ? "success" : undefined;
}

/** What each role is called in people's exports, written as `plainName` writes it. The first that fits is taken. */
const guesses: Readonly<Record<Exclude<Role, "server" | "count">, RegExp>> = {
  time: /^(?:@?time ?stamp|(?:event|log|sign in|login|request|start)? ?(?:date|time|date time|date and time)(?: utc| local)?|created(?: at| date time)?|time (?:generated|created)|when|at|logged at|ts|occurred(?: at)?)$/,
  account:
    /^(?:(?:target |sign in )?(?:user|account|login|member|principal)(?: ?name| ?id| principal name| email| e ?mail)?|user principal name|e ?mail(?: address)?|upn|identity|actor|subject|who|sam account name)$/,
  address:
    /^(?:(?:(?:src|source|client|remote|caller|origin|peer|user|sender|host|login|public|external)? ?(?:ip|ip ?v4|ip ?addr|ip ?address|addr|address)|rip|remote host|client host|from(?: ip| address)?|source network address|where)(?: address)?)$/,
  outcome:
    /^(?:(?:login|sign in|auth|authentication|event|logon|final)? ?(?:outcome|result|status|success|successful|event|action|response|state)|succeeded|success ?ful|ok|event type|result type)$/,
  service: /^(?:service|app(?:lication)?(?: display)?(?: name)?|protocol|resource)$/,
  client: /^(?:user ?agent|client(?: app)?(?: used)?|agent|browser|software|device)$/,
  // Not "fingerprint" alone, which is a client's or a certificate's as often; and a plain hash of a password has no place in a log.
  fingerprint: /^(?:password|pw|credential|secret) finger ?print$/,
  reason: /^(?:reason|error|message|failure reason|detail|details|status detail|error message|error code)$/,
};

/** The map that the names of the fields suggest, as --map would have it; undefined where they say too little. */
export function guessMap(fields: readonly string[]): string | undefined {
  const found = new Map<string, string>();
  for (const [role, pattern] of Object.entries(guesses)) {
    const field = fields.find(
      (name) => name.length <= 80 && pattern.test(plainName(name)) && ![...found.values()].includes(name),
    );
    if (field !== undefined && !field.includes(",") && !field.includes("=")) found.set(role, field);
  }
  if (!["time", "account", "outcome"].every((role) => found.has(role))) return undefined;
  return [...found].map(([role, field]) => `${role}=${field}`).join(",");
}
