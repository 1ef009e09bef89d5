/** Microsoft Entra sign-in logs as the Graph API gives them, one JSON object per line. */
import type { Reason, Service } from "#/signin/signin.ts";
import { hashText } from "../rng.ts";
import type { LogFormat } from "./log-format.ts";
import { whole } from "./log-format.ts";

/** Published AADSTS codes. */
const codes: Readonly<Record<Reason, readonly [number, string]>> = {
  "bad-password": [50126, "Error validating credentials due to invalid username or password."],
  "unknown-account": [50034, "The user account does not exist in the directory."],
  locked: [50053, "The account is locked because of too many sign-in attempts."],
  disabled: [50057, "The user account is disabled."],
  expired: [50055, "The password is expired."],
  policy: [53003, "Access has been blocked by Conditional Access policies."],
  "second-factor": [50074, "Strong authentication is required."],
  fault: [90033, "A transient error has occurred. Please try again."],
  other: [50001, "Other."],
};

const clientApps: Partial<Record<Service, string>> = {
  imap: "IMAP4",
  pop3: "POP3",
  submission: "Authenticated SMTP",
  activesync: "Exchange ActiveSync",
  ews: "Exchange Web Services",
};

const hex = (value: number): string => value.toString(16).padStart(8, "0");

/** An id in the shape of a UUID. */
function uuid(one: number, other: number): string {
  const text = hex(one) + hex(other) + hex(one ^ 0x5a5a5a5a) + hex(other ^ 0x3c3c3c3c);
  return [text.slice(0, 8), text.slice(8, 12), `4${text.slice(13, 16)}`, `a${text.slice(17, 20)}`, text.slice(20)].join(
    "-",
  );
}

const unsigned = (value: number): number => value >>> 0;

export const entra: LogFormat = {
  id: "entra",
  title: "Microsoft Entra sign-ins, Graph JSON lines",
  account: whole,
  header: [],
  manyAccounts: true,
  successAlone: false,
  attemptsMax: 1_000,
  create: ({ rng }) => {
    return ({ attempts }, emit) => {
      for (const { signIn } of attempts) {
        const browser = signIn.service === "webmail" || signIn.service === "sso";
        const [errorCode, failureReason] = signIn.reason === "" ? [0, "Other."] : codes[signIn.reason];
        const user = hashText(signIn.account);
        emit(
          signIn.at,
          JSON.stringify({
            id: uuid(rng.int(0x7fffffff), rng.int(0x7fffffff)),
            createdDateTime: new Date(signIn.at).toISOString(),
            userDisplayName: signIn.account.slice(0, signIn.account.indexOf("@")),
            userPrincipalName: signIn.account,
            userId: uuid(user, unsigned(~user)),
            appDisplayName: browser ? "OfficeHome" : "Office 365 Exchange Online",
            ipAddress: signIn.address,
            clientAppUsed: clientApps[signIn.service] ?? "Browser",
            userAgent: signIn.client,
            conditionalAccessStatus: "notApplied",
            isInteractive: true,
            resourceDisplayName: "Office 365 Exchange Online",
            status: { errorCode, failureReason, additionalDetails: null },
            deviceDetail: { deviceId: "", displayName: "", operatingSystem: "", browser: "" },
          }),
        );
      }
    };
  },
};
