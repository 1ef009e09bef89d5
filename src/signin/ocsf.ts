/**
 * A sign-in as OCSF 1.x Authentication (class 3002), for whoever takes sign-ins on from here. What OCSF has no field for stands
 * in `unmapped`, so that reading it back (sources/ocsf) gives the same sign-in.
 */
import type { Reason, SignIn } from "./signin.ts";

type Ocsf = Readonly<Record<string, unknown>>;

const CLASS = 3002;
const LOGON = 1;

/** OCSF's own words for reasons; the others go as they are. */
export const statusDetails: Readonly<Partial<Record<Reason, string>>> = {
  "unknown-account": "USER_DOES_NOT_EXIST",
  "bad-password": "INVALID_CREDENTIALS",
  disabled: "ACCOUNT_DISABLED",
  locked: "ACCOUNT_LOCKED_OUT",
  expired: "PASSWORD_EXPIRED",
};

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
    ...(signIn.reason === "" ? {} : { status_detail: statusDetails[signIn.reason] ?? signIn.reason }),
    ...(signIn.count > 1 ? { count: signIn.count } : {}),
    user: { name: signIn.account, ...(signIn.account.includes("@") ? { email_addr: signIn.account } : {}), type_id: 0 },
    src_endpoint: endpointOf(signIn.address),
    dst_endpoint: { ...(signIn.server === "" ? {} : { hostname: signIn.server }), svc_name: signIn.service },
    service: { name: signIn.service },
    ...(signIn.client === "" ? {} : { http_request: { user_agent: signIn.client } }),
    is_remote: true,
    metadata: {
      version: "1.4.0",
      product: { name: "Portcullis", vendor_name: "Portcullis" },
      log_provider: signIn.source,
    },
    unmapped: { account_given: signIn.accountGiven },
  };
}

function endpointOf(address: string): Ocsf {
  if (address === "") return {};
  return /[:]|^\d+\.\d+\.\d+\.\d+$/.test(address) ? { ip: address } : { hostname: address };
}
