/**
 * Dovecot 2.3 and 2.4 through syslog: what the auth process says about each attempt, and what the login process says
 * when the connection ends. One attempt shows in both; the session ties them together.
 */
import type { Reason, Service } from "#/signin/signin.ts";
import type { Rng } from "../rng.ts";
import type { Connection, Emit, LogFormat, Settings } from "./log-format.ts";
import { whole } from "./log-format.ts";
import { stamper } from "./syslog.ts";

type Version = {
  readonly is24: boolean;
  /** auth_verbose: a line for each failure, with its reason. Off by default in Dovecot itself. */
  readonly verbose: boolean;
};

const symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function session(rng: Rng): string {
  let text = "";
  for (let left = 16; left > 0; left -= 1) text += symbols.charAt(rng.int(64));
  return text;
}

/** Everything that is not mail arrives at Dovecot as IMAP, from the client's own address (trusted front ends pass it on). */
const protocolOf = (service: Service): string =>
  service === "pop3" || service === "submission" || service === "managesieve" ? service : "imap";

function write(version: Version, settings: Settings): (connection: Connection, emit: Emit) => void {
  const { rng } = settings;
  const stamp = stamper(settings);
  const driver = rng.pick(["passwd-file", "sql", "ldap"] as const);
  let process = 20_000 + rng.int(20_000);
  return ({ attempts, first, last }, emit) => {
    const { address, server, service } = first.signIn;
    const id = session(rng);
    const protocol = protocolOf(service);
    const line = (at: number, text: string): void => emit(at, `${stamp(at, server)} ${server} dovecot: ${text}`);
    for (const { signIn } of attempts) {
      if (signIn.outcome === "failure" && version.verbose) {
        const said = authSays(signIn.reason, driver);
        line(
          signIn.at,
          version.is24
            ? auth24(signIn.account, address, id, driver, said)
            : auth23(signIn.account, address, id, driver, said, rng),
        );
      }
    }
    const { account, at, reason } = last.signIn;
    const tail = `user=<${account}>, method=${protocol === "submission" ? "LOGIN" : "PLAIN"}, rip=${address}, lip=10.0.0.25`;
    if (last.signIn.outcome === "success") {
      process += 1 + rng.int(9);
      line(
        at,
        `${protocol}-login: ${version.is24 ? "Logged in" : "Login"}: ${tail}, mpid=${process}, TLS, session=<${id}>`,
      );
      if (protocol !== "submission") {
        const end = at + rng.betweenLog(500, 7_200_000);
        const counts = `in=${200 + rng.int(900)} out=${1000 + rng.int(90_000)} deleted=0 expunged=0 trashed=0 hdr_count=${rng.int(40)} hdr_bytes=0 body_count=${rng.int(9)} body_bytes=0`;
        line(end, `${protocol}(${account})<${process}><${id}>: Disconnected: Logged out ${counts}`);
      }
      return;
    }
    const ends = at + 2_000 + rng.int(600);
    const seconds = Math.max(2, Math.round((ends - first.signIn.at) / 1000));
    line(
      ends,
      `${protocol}-login: ${closing(version, reason, attempts.length, seconds, rng)}: ${tail}, TLS, session=<${id}>`,
    );
  };
}

function authSays(reason: Reason | "", driver: string): string {
  if (reason === "unknown-account") return "unknown user";
  if (reason === "fault")
    return driver === "ldap"
      ? "ldap_bind() failed: Can't contact LDAP server"
      : "Password query failed: Connection timed out";
  if (reason === "disabled" || reason === "locked") return "Account is disabled";
  if (reason === "expired") return "Password expired";
  return driver === "ldap" ? "Password mismatch (for LDAP bind)" : "Password mismatch";
}

function auth23(account: string, address: string, id: string, driver: string, said: string, rng: Rng): string {
  const about = `${driver}(${account},${address},<${id}>): ${said}`;
  if (driver !== "sql") return `auth: ${about}`;
  const pid = 3000 + rng.int(2000);
  return `auth-worker(${pid}): conn unix:auth-worker (pid=2911,uid=110): auth-worker<${1 + rng.int(900)}>: ${about}`;
}

function auth24(account: string, address: string, id: string, driver: string, said: string): string {
  return `auth(${account},${address},sasl:plain)<${id}>: ${driver}: ${said}`;
}

function closing(version: Version, reason: Reason | "", attempts: number, seconds: number, rng: Rng): string {
  const how = rng.pick(["Connection closed", "Connection closed", "Logged out", "Inactivity"]);
  const counted = `${attempts} attempts in ${seconds} secs`;
  if (version.is24) {
    const [said, code] = said24(reason);
    return `Login aborted: ${how} (${said}, ${counted}) (${code})`;
  }
  const how23 = how === "Logged out" ? "Aborted login by logging out" : how;
  if (reason === "fault") return `Disconnected: ${how23} (auth service reported temporary failure)`;
  if (reason === "disabled" || reason === "locked") return `Disconnected: ${how23} (user disabled)`;
  if (reason === "expired") return `Disconnected: ${how23} (password expired)`;
  return `Disconnected: ${how23} (auth failed, ${counted})`;
}

function said24(reason: Reason | ""): readonly [string, string] {
  if (reason === "fault") return ["auth service reported temporary failure", "temp_fail"];
  if (reason === "disabled" || reason === "locked") return ["user disabled", "user_disabled"];
  if (reason === "expired") return ["password expired", "password_expired"];
  return ["auth failed", "auth_failed"];
}

const format = (id: string, title: string, version: Version): LogFormat => ({
  id,
  title,
  account: whole,
  header: [],
  manyAccounts: false,
  // Most clients hang up after a failure and ask their owner.
  successAlone: true,
  attemptsMax: 4,
  create: (settings) => write(version, settings),
});

export const dovecotFormats: readonly LogFormat[] = [
  format("dovecot-2.3", "Dovecot 2.3 with auth_verbose, syslog", { is24: false, verbose: true }),
  format("dovecot-2.3-plain", "Dovecot 2.3, login lines only, syslog", { is24: false, verbose: false }),
  format("dovecot-2.4", "Dovecot 2.4 with auth_verbose, syslog", { is24: true, verbose: true }),
];
