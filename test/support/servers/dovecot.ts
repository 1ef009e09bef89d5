/** Debian's Dovecot on loopback, with accounts of a password file, mailboxes with one message each, and the gate as its auth policy. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freshFolder } from "../folders.ts";
import { type Running, freePort, listens, start } from "./process.ts";

export const dovecotPackages = ["dovecot-imapd"] as const;

export type DovecotOptions = {
  /** Names and passwords; a password may be followed by fields of a passwd-file (":::::nologin"). */
  readonly accounts: ReadonlyMap<string, string>;
  /** Where the gate is: "http://127.0.0.1:4001/"; "" for none. */
  readonly policyUrl: string;
  /** Settings beside or instead of those below, as lines. */
  readonly more?: string;
};

export type Dovecot = AsyncDisposable & {
  readonly imapPort: number;
  readonly doveadmPort: number;
  /** For Postfix, which shares it. */
  readonly authSocket: string;
  readonly doveadmKey: string;
  readonly log: () => string;
  readonly logFile: string;
  readonly configFile: string;
};

export async function startDovecot({ accounts, policyUrl, more = "" }: DovecotOptions): Promise<Dovecot> {
  const folder = freshFolder();
  // Its processes are several users, and the sockets in it say who may do what.
  chmodSync(folder, 0o755);
  const [imapPort, doveadmPort] = [await freePort(), await freePort()];
  writeFileSync(
    join(folder, "users"),
    [...accounts]
      .map(([name, password]) => `${name}:{PLAIN}${password}${password.includes(":") ? "" : "::::::"}\n`)
      .join(""),
  );
  writeMailboxes(folder, [...accounts.keys()]);
  const doveadmKey = "the-key-of-the-tests";
  const logFile = join(folder, "dovecot.log");
  const configFile = join(folder, "dovecot.conf");
  writeFileSync(configFile, config({ folder, imapPort, doveadmPort, doveadmKey, logFile, policyUrl, more }));
  const running = start("dovecot", ["-F", "-c", configFile]);
  const log = (): string => readFileSync(logFile, "utf8");
  await ready(imapPort, running, log);
  return {
    imapPort,
    doveadmPort,
    doveadmKey,
    authSocket: join(folder, "auth-for-postfix"),
    log,
    logFile,
    configFile,
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

async function ready(port: number, running: Running, log: () => string): Promise<void> {
  try {
    await listens(port, running);
  } catch (error) {
    throw new Error(`Dovecot does not start. Its log:\n${log()}`, { cause: error });
  }
}

const NOBODY = 65_534;

function writeMailboxes(folder: string, names: readonly string[]): void {
  for (const name of names) {
    const box = join(folder, "mail", name.replaceAll("/", "_"));
    for (const part of ["cur", "new", "tmp"]) mkdirSync(join(box, "Maildir", part), { recursive: true });
    writeFileSync(join(box, "Maildir", "new", "1.first.test"), `From: jo@example.org\nSubject: hello\n\nfor ${name}\n`);
  }
  chownAll(join(folder, "mail"));
}

function chownAll(folder: string): void {
  const { status, stderr } = spawnSync("chown", ["-R", `${NOBODY}:${NOBODY}`, folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

type Config = Omit<DovecotOptions, "accounts"> & {
  readonly folder: string;
  readonly imapPort: number;
  readonly doveadmPort: number;
  readonly doveadmKey: string;
  readonly logFile: string;
};

/** In the words of 2.3. All accounts are one user of the system, who owns nothing but these mailboxes. */
const config = ({ folder, imapPort, doveadmPort, doveadmKey, logFile, policyUrl, more }: Config): string => `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${logFile}
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_verbose = yes
auth_failure_delay = 0
auth_cache_size = 0
mail_location = maildir:~/Maildir
mail_max_userip_connections = 100
doveadm_api_key = ${doveadmKey}
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${folder}/users
}
userdb {
  driver = static
  args = uid=${NOBODY} gid=${NOBODY} home=${folder}/mail/%u allow_all_users=yes
}
service imap-login {
  inet_listener imap {
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
  # One process for all, as on busy servers.
  service_count = 0
}
service doveadm {
  inet_listener http {
    address = 127.0.0.1
    port = ${doveadmPort}
  }
}
service auth {
  unix_listener ${folder}/auth-for-postfix {
    mode = 0666
  }
}
${policyUrl === "" ? "" : policy(policyUrl)}
${more}
`;

const policy = (url: string): string => `
auth_policy_server_url = ${url}
auth_policy_hash_nonce = nonce-of-the-tests
auth_policy_request_attributes = login=%{requested_username} pwhash=%{hashed_password} remote=%{rip} device_id=%{client_id} protocol=%s session_id=%{session} fp=%{sha256:password} attrs/lip=%{lip} attrs/master_user=%{master_user} attrs/login_user=%{login_user} attrs/auth_user=%{auth_user}
imap_id_retain = yes
`;
