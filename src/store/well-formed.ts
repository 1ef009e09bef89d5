/**
 * A sign-in whose texts can be kept as they are. A log can hold half of a surrogate pair, which UTF-8 cannot; what is judged now has to be what is
 * replayed later.
 */
import type { SignIn } from "#/signin/signin.ts";

const fields = ["account", "accountGiven", "address", "server", "client", "passwordFingerprint", "source"] as const;

export function wellFormed(signIn: SignIn): SignIn {
  if (fields.every((field) => signIn[field].isWellFormed())) return signIn;
  return { ...signIn, ...Object.fromEntries(fields.map((field) => [field, signIn[field].toWellFormed()])) };
}
