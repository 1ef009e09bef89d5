/** Postfix SASL, submission and smtps, as Postfix 3.5 and later write it (older ones leave the name of a failure out). */
import type { Reason } from "#/signin/signin.ts";
import type { LogFormat } from "./log-format.ts";
import { whole } from "./log-format.ts";
import { stamper } from "./syslog.ts";

const queueSymbols = "0123456789ABCDEF";

export const postfix: LogFormat = {
  id: "postfix",
  title: "Postfix with SASL, syslog",
  account: whole,
  header: [],
  manyAccounts: true,
  successAlone: false,
  attemptsMax: 20,
  create: (settings) => {
    const { rng } = settings;
    const stamp = stamper(settings);
    return ({ attempts, first, last }, emit) => {
      const { address, server } = first.signIn;
      const client = `unknown[${address}]`;
      const pid = 1000 + rng.int(30_000);
      const program = rng.chance(0.7) ? "submission" : "smtps";
      const line = (at: number, text: string): void =>
        emit(at, `${stamp(at, server)} ${server} postfix/${program}/smtpd[${pid}]: ${text}`);
      line(first.signIn.at - 400, `connect from ${client}`);
      // A client keeps to one mechanism; readers take PLAIN and then LOGIN for one attempt.
      const method = rng.pick(["PLAIN", "LOGIN"]);
      let failed = 0;
      for (const { signIn } of attempts) {
        if (signIn.outcome === "success") {
          const id = Array.from({ length: 10 }, () => queueSymbols.charAt(rng.int(16))).join("");
          line(signIn.at, `${id}: client=${client}, sasl_method=${method}, sasl_username=${signIn.account}`);
        } else {
          failed += 1;
          line(
            signIn.at,
            `warning: ${client}: SASL ${method} authentication failed: ${saying(signIn.reason)}, sasl_username=${signIn.account}`,
          );
        }
      }
      const ends = last.signIn.at + rng.between(300, 4000);
      const good = attempts.length - failed;
      if (good === 0 && rng.chance(0.5)) line(ends, `lost connection after AUTH from ${client}`);
      const auth = failed === 0 ? `auth=${good}` : `auth=${good}/${attempts.length}`;
      line(
        ends + 1,
        `disconnect from ${client} ehlo=2 starttls=1 ${auth} quit=1 commands=${3 + good}/${3 + attempts.length}`,
      );
    };
  },
};

const saying = (reason: Reason | ""): string =>
  reason === "fault" ? "Connection lost to authentication server" : "(reason unavailable)";
