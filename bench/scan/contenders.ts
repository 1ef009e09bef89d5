/** Who is measured, and how each is called on a log of one format. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, isInstalled } from "./measure.ts";

export type LogKind = "openssh" | "dovecot-2.3";

export type Contender = {
  readonly name: string;
  /** Whether it takes a shorter log, being slow. */
  readonly slow: boolean;
  readonly command: (file: string, kind: LogKind) => Command;
};

const root = join(import.meta.dirname, "..", "..");

/** 3, 4 and 5 say that an attack, a fault or both were found. */
const scan: Contender = {
  name: "portcullis scan --json",
  slow: false,
  command: (file) => ({
    program: process.execPath,
    // As its users start it.
    args: [join(root, "scripts", "run.mjs"), "scan", file, "--json"],
    statuses: [0, 3, 4, 5],
  }),
};

const patterns: Readonly<Record<LogKind, string>> = {
  openssh: "(Failed|Accepted) password for|Invalid user .* from",
  "dovecot-2.3": "-login: (Login|Disconnected).*rip=|Password mismatch|unknown user",
};

const grep: Contender = {
  name: "grep -cE",
  slow: false,
  command: (file, kind) => ({ program: "grep", args: ["-cE", "-e", patterns[kind], file], statuses: [0] }),
};

const wc: Contender = {
  name: "wc -l",
  slow: false,
  command: (file) => ({ program: "wc", args: ["-l", file], statuses: [0] }),
};

const fail2ban: Contender = {
  name: "fail2ban-regex",
  slow: true,
  command: (file, kind) => ({
    program: "fail2ban-regex",
    args: [file, kind === "openssh" ? "sshd" : "dovecot"],
    statuses: [0],
  }),
};

const crowdsecConfig = "/etc/crowdsec/config.yaml";

/** CrowdSec's replay ("time machine"), with a configuration that keeps its database and port to itself. */
function crowdsec(folder: string): Contender {
  const config = join(folder, "crowdsec.yaml");
  const credentials = join(folder, "crowdsec-credentials.yaml");
  const text = readFileSync(crowdsecConfig, "utf8")
    .replace("daemonize: true", "daemonize: false")
    .replace("log_media: file", "log_media: stdout")
    .replace(/listen_uri: .*/, "listen_uri: 127.0.0.1:18473")
    .replace(/db_path: .*/, `db_path: ${join(folder, "crowdsec.db")}`)
    .replace(/credentials_path: \/.*local_api.*/, `credentials_path: ${credentials}`)
    .replace(/^ *online_client:.*\n.*\n/m, "");
  // Alerts of former runs would be written beside.
  rmSync(join(folder, "crowdsec.db"), { force: true });
  writeFileSync(config, text);
  writeFileSync(credentials, "url: http://127.0.0.1:18473\n");
  spawnSync("cscli", ["-c", config, "machines", "add", "bench", "--auto", "--force", "-f", credentials], {
    stdio: "ignore",
  });
  return {
    name: "crowdsec replay",
    slow: true,
    command: (file) => ({
      program: "crowdsec",
      args: ["-c", config, "-dsn", `file://${file}`, "-type", "syslog", "-no-capi"],
      statuses: [0],
    }),
  };
}

/** @param folder where a contender may keep files. */
export function contenders(
  folder: string,
  peers: boolean,
): { present: readonly Contender[]; absent: readonly string[] } {
  const present = [scan, grep, wc];
  const absent: string[] = [];
  if (peers && isInstalled("fail2ban-regex")) present.push(fail2ban);
  else absent.push("fail2ban");
  if (peers && isInstalled("crowdsec") && existsSync(crowdsecConfig)) present.push(crowdsec(folder));
  else absent.push("crowdsec");
  return { present, absent };
}
