import { simulate } from "../../sim/simulate.ts";
import type { SignIn } from "#/signin/signin.ts";

/** The sign-ins of a small institution in a week with a slow spray: the same each time. */
export const attackedWeek = (): SignIn[] =>
  [...simulate("spray-slow-200", { seed: 3, accounts: 150, days: 7, fingerprints: true })].map(({ signIn }) => signIn);
