/**
 * Debian's Postfix as a submission server on loopback: it has Dovecot check its passwords, as most sites do, asks a policy service before it takes a
 * message, and throws away what it took.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freshFolder } from "../folders.ts";
import { Dialogue } from "./dialogue.ts";
import { type Running, freePort, listens, start } from "./process.ts";

export const postfixPackages = ["postfix"] as const;

const DAEMONS = "/usr/lib/postfix/sbin";

export type PostfixOptions = {
  /** The auth socket of a running Dovecot. */
  readonly authSocket: string;
  /** Where the gate's policy service listens: "127.0.0.1:4002"; "" for none. */
  readonly policyAt: string;
  /** Settings beside those below, as lines of main.cf. */
  readonly more?: string;
};

export type Postfix = AsyncDisposable & {
  readonly port: number;
  readonly log: () => string;
  readonly logFile: string;
  readonly configFolder: string;
};

export async function startPostfix(options: PostfixOptions): Promise<Postfix> {
  const folder = freshFolder();
  chmodSync(folder, 0o755);
  const [configFolder, logFile] = [join(folder, "etc"), join(folder, "log", "mail.log")];
  for (const part of ["etc", "queue", "data", "log"]) mkdirSync(join(folder, part));
  const { status, stderr } = spawnSync("chown", ["postfix", join(folder, "data")], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const port = await freePort();
  writeFileSync(join(configFolder, "main.cf"), mainCf(folder, logFile, options));
  writeFileSync(join(configFolder, "master.cf"), masterCf(port));
  const checked = spawnSync("postfix", ["-c", configFolder, "check"], { encoding: "utf8" });
  const log = (): string => (existsSync(logFile) ? readFileSync(logFile, "utf8") : "");
  const running = start(join(DAEMONS, "master"), ["-c", configFolder, "-d"]);
  await ready(port, running, () => `${checked.stderr}${log()}`);
  return { port, log, logFile, configFolder, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

async function ready(port: number, running: Running, log: () => string): Promise<void> {
  try {
    await listens(port, running);
  } catch (error) {
    throw new Error(`Postfix does not start. Its log:\n${log()}`, { cause: error });
  }
}

const mainCf = (folder: string, logFile: string, { authSocket, policyAt, more = "" }: PostfixOptions): string => `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${logFile}
maillog_file_prefixes = ${folder}
command_directory = /usr/sbin
daemon_directory = ${DAEMONS}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx1.example.org
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
local_recipient_maps =
default_transport = discard:
relay_transport = discard:
local_transport = discard:
alias_maps =
alias_database =
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = ${authSocket}
smtpd_sasl_security_options = noanonymous
smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = ${policyAt === "" ? "" : `check_policy_service inet:${policyAt}, `}permit_sasl_authenticated, reject
${more}
`;

/** Without chroot: Dovecot's socket lies elsewhere. */
const masterCf = (port: number): string => `
127.0.0.1:${port} inet n - n - 200 smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;

export type Submitted = {
  /** The code of the answer to AUTH: 235 is in, 535 a wrong password. */
  readonly auth: number;
  /** The code of the answer to the recipient; 0 where it did not come to that. */
  readonly recipient: number;
  /** What the client was told last. */
  readonly said: string;
};

/** Signs in from that address and offers one message. @param inside what happens once it is signed in */
export async function submit(
  port: number,
  user: string,
  password: string,
  from: string,
  inside: () => Promise<void> = () => Promise.resolve(),
): Promise<Submitted> {
  using line = new Dialogue(port, from);
  const reply = /^\d{3} .*\r\n/m;
  const ask = async (text: string): Promise<string> => {
    line.send(text);
    return line.expect(reply);
  };
  await line.expect(reply);
  await ask("EHLO client.example.org");
  const auth = await ask(`AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString("base64")}`);
  if (codeOf(auth) !== 235) return { auth: codeOf(auth), recipient: 0, said: auth.trim() };
  await inside();
  await ask("MAIL FROM:<anna@example.org>");
  const recipient = await ask("RCPT TO:<bob@example.net>");
  line.send("QUIT");
  return { auth: 235, recipient: codeOf(recipient), said: recipient.trim() };
}

const codeOf = (reply: string): number => Number(/^(\d{3}) /m.exec(reply)?.[1] ?? 0);
