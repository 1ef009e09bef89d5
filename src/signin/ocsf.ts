/**
 * A sign-in as OCSF 1.x Authentication (class 3002), for whoever takes sign-ins on from here. What OCSF has no field for stands
 * in `unmapped`, so that reading it back (sources/ocsf) gives the same sign-in: all but the password's fingerprint, which is left out on
 * purpose. Whoever has the key could try passwords against it.
 */
import { isIP } from "node:net";
import type { Reason, SignIn } from "./signin.ts";

type Ocsf = Readonly<Record<string, unknown>>;

const CLASS = 3002;
const LOGON = 1;

/** OCSF's own words for reasons. The others go as they are. */
export const wordsOfReasons: readonly (readonly [word: string, reason: Reason])[] = [
  ["USER_DOES_NOT_EXIST", "unknown-account"],
  ["INVALID_CREDENTIALS", "bad-password"],
  ["ACCOUNT_DISABLED", "disabled"],
  ["ACCOUNT_LOCKED_OUT", "locked"],
  ["PASSWORD_EXPIRED", "expired"],
];

const wordFor = (reason: Reason): string => wordsOfReasons.find((pair) => pair[1] === reason)?.[0] ?? reason;

export function toOcsf(signIn: SignIn): Ocsf {
  const failed = signIn.outcome === "failure";
  return {
    class_uid: CLASS,
    class_name: "Authentication",
    category_uid: 3,
    category_name: "Identity & Access Management",
    activity_id: LOGON,
    activity_name: "Logon",
    type_uid: CLASS * 100 + LOGON,
    severity_id: 1,
    severity: "Informational",
    time: signIn.at,
    status_id: failed ? 2 : 1,
    status: failed ? "Failure" : "Success",
    ...(signIn.reason === "" ? {} : { status_detail: wordFor(signIn.reason) }),
    ...(signIn.count > 1 ? { count: signIn.count } : {}),
    user: { name: signIn.account, ...(isEmail(signIn.account) ? { email_addr: signIn.account } : {}), type_id: 0 },
    ...(signIn.address === "" ? {} : { src_endpoint: endpointOf(signIn.address), is_remote: true }),
    dst_endpoint: { ...(signIn.server === "" ? {} : { hostname: signIn.server }), svc_name: signIn.service },
    service: { name: signIn.service },
    ...(signIn.client === "" ? {} : { http_request: { user_agent: signIn.client } }),
    metadata: {
      version: "1.4.0",
      product: { name: "Portcullis", vendor_name: "Portcullis" },
      log_provider: signIn.source,
    },
    unmapped: { account_given: signIn.accountGiven },
  };
}

/** An endpoint must say something: where there is no address there is none. */
const endpointOf = (address: string): Ocsf => (isIP(address) === 0 ? { hostname: address } : { ip: address });

/** The schema wants an address that mail could go to, and a name that somebody typed may be anything. */
const isEmail = (account: string): boolean => /^[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}$/.test(account);
