/**
 * What Microsoft's sign-in error codes (AADSTS numbers) say about an attempt. Microsoft's list has several hundred; most
 * are about applications, tokens and pages on the way to a sign-in, and only those that say something about the person are
 * named here.
 *
 * `second-factor` and `policy` are given only after the password was found right: such a failure from a stranger means
 * that the stranger has it.
 */
import type { Reason } from "#/signin/signin.ts";

const reasons: ReadonlyMap<number, Reason> = new Map<number, Reason>([
  [50126, "bad-password"],
  // No password to compare with, or one that could not be compared.
  [50056, "bad-password"],
  [50064, "bad-password"],
  // Certificate, passkey or sign-in code that was not accepted in a password's place.
  [50017, "bad-password"],
  [130500, "bad-password"],
  [135004, "bad-password"],
  [50034, "unknown-account"],
  [51004, "unknown-account"],
  [50020, "unknown-account"],
  // A domain that is nobody's: the name was made up or misspelt.
  [50059, "unknown-account"],
  [50128, "unknown-account"],
  [90002, "unknown-account"],
  [50053, "locked"],
  [50057, "disabled"],
  [50055, "expired"],
  [50144, "expired"],
  [50074, "second-factor"],
  [50076, "second-factor"],
  [50078, "second-factor"],
  [50079, "second-factor"],
  [50072, "second-factor"],
  [50158, "second-factor"],
  [50203, "second-factor"],
  [500121, "second-factor"],
  [50088, "second-factor"],
  [50119, "second-factor"],
  [53010, "second-factor"],
  [50005, "policy"],
  [50105, "policy"],
  [50131, "policy"],
  [50135, "policy"],
  [50142, "policy"],
  [53000, "policy"],
  [53001, "policy"],
  [53002, "policy"],
  [53003, "policy"],
  [53004, "policy"],
  [53005, "policy"],
  [53006, "policy"],
  [53009, "policy"],
  [53011, "policy"],
  [530002, "policy"],
  [530003, "policy"],
  [530004, "policy"],
  [530033, "policy"],
  [530021, "policy"],
  [530031, "policy"],
  [530032, "policy"],
  [530034, "policy"],
  [530035, "policy"],
  [80012, "policy"],
  // A federated identity provider, the second factor's service or Microsoft's own directory in trouble.
  [20001, "fault"],
  [20012, "fault"],
  [20033, "fault"],
  [40008, "fault"],
  [40010, "fault"],
  [50000, "fault"],
  [50033, "fault"],
  [50087, "fault"],
  [50166, "fault"],
  [80001, "fault"],
  [80002, "fault"],
  [80003, "fault"],
  [80005, "fault"],
  [80007, "fault"],
  [80010, "fault"],
  [80013, "fault"],
  [80014, "fault"],
  [90006, "fault"],
  [90012, "fault"],
  [90024, "fault"],
  [90033, "fault"],
  [90036, "fault"],
  [90055, "fault"],
  [90090, "fault"],
  [90091, "fault"],
]);

/** Pages, consent, tokens and silent attempts on the way to a sign-in: nobody has been let in or turned away. */
const interrupts: ReadonlySet<number> = new Set([
  50058, 50061, 50068, 50070, 50071, 50085, 50086, 50089, 50097, 50107, 50125, 50127, 50129, 50132, 50133, 50140, 50143,
  50146, 50155, 50168, 50173, 50177, 50178, 50180, 50187, 50194, 50196, 50199, 50201, 50206, 51005, 51006, 52004,
]);

export type Meaning = Reason | "success" | "interrupt";

/**
 * @param text what stands beside the code: 50053 is a lock or, by its text only, an address with a bad name.
 * @param isInteractive a code that is not named above is a failure for a person and a token's matter for a program.
 */
export function meaningOf(code: number, text: string, isInteractive: boolean): Meaning {
  if (code === 0) return "success";
  if (code === 50053 && text.slice(0, TEXT_LENGTH_MAX).toLowerCase().includes("malicious")) return "policy";
  const reason = reasons.get(code);
  if (reason !== undefined) return reason;
  return isInteractive && code >= 50000 && code < 54000 && !interrupts.has(code) ? "other" : "interrupt";
}

const TEXT_LENGTH_MAX = 400;
