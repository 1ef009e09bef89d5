/** OpenSSH with PAM, as Debian's journal and auth.log have it: several lines for one attempt. */
import type { LogFormat } from "./log-format.ts";
import { localPart } from "./log-format.ts";
import { stamper } from "./syslog.ts";

const tools = ["11: Bye Bye [preauth]", "11:  [preauth]", "3: com.jcraft.jsch.JSchException: Auth fail [preauth]"];

export const openssh: LogFormat = {
  id: "openssh",
  title: "OpenSSH 9 with PAM, syslog",
  account: localPart,
  header: [],
  manyAccounts: false,
  successAlone: false,
  attemptsMax: 3,
  create: (settings) => {
    const { rng } = settings;
    const stamp = stamper(settings);
    let process = 1000 + rng.int(20_000);
    return ({ attempts, first, last }, emit) => {
      process = process > 4_000_000 ? 1000 : process + 1 + rng.int(40);
      const pid = process;
      const { signIn } = first;
      const { address, reason } = signIn;
      const name = localPart(signIn.account);
      const port = 1024 + rng.int(64_000);
      const line = (at: number, text: string): void =>
        emit(at, `${stamp(at, signIn.server)} ${signIn.server} sshd[${pid}]: ${text}`);
      const from = `from ${address} port ${port}`;
      const unknown = reason === "unknown-account";
      const barred = reason === "disabled" || reason === "locked";
      const invalid = unknown || barred ? "invalid user " : "";
      if (unknown) line(signIn.at - 100, `Invalid user ${name} ${from}`);
      if (barred) line(signIn.at - 100, `User ${name} not allowed because account is locked`);
      for (const [index, { signIn: one }] of attempts.entries()) {
        if (one.outcome === "success") return accept(line, one.at, name, from, pid, rng.between(2_000, 7_200_000));
        // PAM writes its line once for each conversation; further failures of it are summed up at the end.
        if (index === 0) {
          if (invalid !== "") line(one.at - 50, "pam_unix(sshd:auth): check pass; user unknown");
          line(one.at - 50, pamFailure(address, invalid === "" ? name : ""));
        }
        if (one.reason === "fault")
          line(
            one.at - 20,
            `pam_sss(sshd:auth): received for user ${name}: 9 (Authentication service cannot retrieve authentication info)`,
          );
        if (one.reason === "expired") {
          line(one.at, `pam_unix(sshd:account): expired password for user ${name} (password aged)`);
        }
        line(one.at, `Failed password for ${invalid}${name} ${from} ssh2`);
      }
      const ends = last.signIn.at + rng.between(100, 1500);
      const who = `${invalid === "" ? "authenticating" : "invalid"} user ${name} ${address} port ${port}`;
      if (rng.chance(0.6)) {
        line(ends, `Received disconnect ${from}:${rng.pick(tools)}`);
        line(ends, `Disconnected from ${who} [preauth]`);
      } else line(ends, `Connection closed by ${who} [preauth]`);
      if (attempts.length > 1) {
        const more = attempts.length - 1;
        line(
          ends,
          `PAM ${more} more authentication failure${more > 1 ? "s" : ""}; ${pamFields(address, invalid === "" ? name : "")}`,
        );
      }
    };
  },
};

const pamFields = (address: string, name: string): string =>
  `logname= uid=0 euid=0 tty=ssh ruser= rhost=${address} ${name === "" ? "" : ` user=${name}`}`;

const pamFailure = (address: string, name: string): string =>
  `pam_unix(sshd:auth): authentication failure; ${pamFields(address, name)}`;

function accept(
  line: (at: number, text: string) => void,
  at: number,
  name: string,
  from: string,
  pid: number,
  stay: number,
): void {
  const end = at + stay;
  line(at, `Accepted password for ${name} ${from} ssh2`);
  line(at, `pam_unix(sshd:session): session opened for user ${name}(uid=${1000 + (pid % 9000)}) by (uid=0)`);
  line(end, `Received disconnect ${from}:11: disconnected by user`);
  line(end, `Disconnected from user ${name} ${from.slice(5)}`);
  line(end, `pam_unix(sshd:session): session closed for user ${name}`);
}
