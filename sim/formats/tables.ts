/** The sign-ins themselves, with nothing of a server's manner: CSV, and OCSF Authentication (3002) as JSON lines. */
import type { Reason } from "#/signin/signin.ts";
import type { Simulated } from "../simulated.ts";
import type { LogFormat } from "./log-format.ts";
import { whole } from "./log-format.ts";

const base = { account: whole, header: [], manyAccounts: true, successAlone: false, attemptsMax: 1_000 } as const;

export const csv: LogFormat = {
  ...base,
  id: "csv",
  title: "CSV: time, account, address, outcome",
  header: ["time,account,address,outcome"],
  create: () =>
    each(({ signIn }) => `${new Date(signIn.at).toISOString()},${signIn.account},${signIn.address},${signIn.outcome}`),
};

/** What a server that keeps keyed fingerprints of passwords could write: read as it is, without --map. */
export const csvFingerprints: LogFormat = {
  ...base,
  id: "csv-fingerprints",
  title: "CSV with the password's fingerprint",
  header: ["time,account,address,outcome,password_fingerprint"],
  fingerprints: true,
  create: () =>
    each(
      ({ signIn: { at, account, address, outcome, passwordFingerprint } }) =>
        `${new Date(at).toISOString()},${account},${address},${outcome},${passwordFingerprint}`,
    ),
};

/** The same as JSON lines. */
export const jsonFingerprints: LogFormat = {
  ...base,
  id: "json-fingerprints",
  title: "JSON lines with the password's fingerprint",
  fingerprints: true,
  create: () =>
    each(({ signIn: { at, account, address, outcome, passwordFingerprint } }) =>
      JSON.stringify({ time: new Date(at).toISOString(), account, address, outcome, passwordFingerprint }),
    ),
};

const details: Readonly<Record<Reason, string>> = {
  "bad-password": "INVALID_CREDENTIALS",
  "unknown-account": "USER_DOES_NOT_EXIST",
  locked: "ACCOUNT_LOCKED_OUT",
  disabled: "ACCOUNT_DISABLED",
  expired: "PASSWORD_EXPIRED",
  policy: "POLICY",
  "second-factor": "MFA_FAILED",
  fault: "SERVICE_UNAVAILABLE",
  other: "OTHER",
};

export const ocsf: LogFormat = {
  ...base,
  id: "ocsf",
  title: "OCSF Authentication (3002), JSON lines",
  create: () =>
    each(({ signIn }) =>
      JSON.stringify({
        class_uid: 3002,
        category_uid: 3,
        activity_id: 1,
        type_uid: 300201,
        severity_id: 1,
        time: signIn.at,
        status_id: signIn.outcome === "success" ? 1 : 2,
        ...(signIn.reason === "" ? {} : { status_detail: details[signIn.reason] }),
        user: { name: signIn.account },
        src_endpoint: { ip: signIn.address },
        dst_endpoint: { hostname: signIn.server },
        service: { name: signIn.service },
        ...(signIn.client === "" ? {} : { http_request: { user_agent: signIn.client } }),
        metadata: { version: "1.4.0", product: { name: "simulation", vendor_name: "Portcullis" } },
      }),
    ),
};

function each(line: (simulated: Simulated) => string): ReturnType<LogFormat["create"]> {
  return ({ attempts }, emit) => {
    for (const simulated of attempts) emit(simulated.signIn.at, line(simulated));
  };
}
