/** What strangers are refused for. */
export const threatKinds = [
  /** The subject is an address that guesses. */
  "attacking-address",
  /** The subject is the keyed fingerprint of a password that is tried on account after account. */
  "hot-password",
  /** The subject is an address that tried a name which nobody has. */
  "decoy",
  /** Many addresses guess at many accounts; the subject is "". */
  "campaign",
  /** The subject is an account at which many strangers guess. */
  "targeted-account",
  /** The subject is an account that fell: whoever is not familiar may be the thief. */
  "fallen-account",
] as const;
export type ThreatKind = (typeof threatKinds)[number];
