/**
 * What PAM's modules write for programs of which no source of their own exists: mail, file and desktop services, and
 * whatever else an institution lets its accounts into. sshd's and Dovecot's PAM lines are read with theirs. Not of
 * interest is who became somebody else on a machine that they were on already (su, sudo, cron, systemd).
 *
 * A refusal by one module may be followed by another's consent, so that all refusals wait for a better witness.
 */
import type { Millis } from "#/platform/units.ts";
import type { Service } from "#/signin/signin.ts";
import {
  type Context,
  type Entry,
  type Evidence,
  type Reading,
  type Source,
  evidence,
  foreign,
  ignored,
} from "#/sources/source.ts";
import { pamFailure } from "./pam-fields.ts";
import { pamRefusal } from "./pam-modules.ts";

export const pam: Source = {
  id: "pam",
  title: "PAM (services without a log of their own)",
  programs: [
    "login",
    "gdm*",
    "lightdm",
    "sddm*",
    "xrdp-sesman",
    "cockpit-session",
    "pure-ftpd",
    "ftpd",
    "ipop3d",
    "uw-imapd",
  ],
  message: (entry: Entry): Reading => {
    const found = entry.at === undefined ? foreign : read(entry, entry.at);
    return found.kind === "foreign" ? ignored : found;
  },
  line: (entry: Entry, _context: Context): Reading =>
    entry.at === undefined || entry.program === "" ? foreign : read(entry, entry.at),
};

/**
 * Programs that have a source of their own, or in which nobody signs in; "saslauthd" asks for Postfix, Cyrus and the
 * like.
 */
const others =
  /^(?:sshd|sftp-server|dovecot|auth\b|cron|anacron|atd|sudo|su\b|runuser|pkexec|polkit|systemd|unix_|saslauthd)/;

function read(entry: Entry, at: Millis): Reading {
  const { program } = entry;
  const text = entry.text.charCodeAt(entry.text.length - 1) === 32 ? entry.text.trimEnd() : entry.text;
  // Before Linux-PAM 0.99.2 the module stood with the program: "pop(pam_unix)[4920]: authentication failure; ...".
  const old = program.endsWith("(pam_unix)");
  if (!old && !text.startsWith("pam_") && !text.startsWith("(pam_")) return foreign;
  const asked = old ? program.slice(0, -10) : program;
  const service = serviceName(text, asked);
  if (others.test(asked) || others.test(service)) return ignored;
  const success = accepted(entry, at, text, service);
  if (success !== undefined) return success;
  const refusal = pamRefusal(text);
  // What another module or the service behind it answers says the same again, and not from where.
  if (refusal === undefined || refusal.channel.includes(" ")) return ignored;
  const result = evidence(at, "failure", refusal.account, refusal.rhost, kindOf(service));
  result.reason = refusal.reason;
  result.count = refusal.count;
  result.key = keyOf(entry, refusal.account);
  result.channel = refusal.channel;
  result.hold = true;
  return result;
}

/** The service as PAM knows it, "pam_unix(vsftpd:auth): ...", else the program. */
function serviceName(text: string, program: string): string {
  const open = text.indexOf("(");
  const close = text.indexOf(")", open);
  const colon = text.indexOf(":", open);
  // "pam_unix(auth): ..." names no service.
  return open > 0 && open < 30 && colon > open && colon < close && close - open < 60
    ? text.slice(open + 1, colon)
    : program;
}

function keyOf(entry: Entry, account: string): string {
  return `pam:${entry.host}:${entry.program}:${entry.pid}:${account}`;
}

/** "pam_sss(vsftpd:auth): authentication success; logname=... rhost=192.0.2.1 user=bob", or a session that opens. */
function accepted(entry: Entry, at: Millis, text: string, service: string): Evidence | undefined {
  const success = text.indexOf("): authentication success; logname=");
  if (success >= 0 && success < 80) {
    const found = pamFailure(text, success);
    if (found === undefined) return undefined;
    const result = evidence(at, "success", found.account, found.rhost, kindOf(service));
    result.key = keyOf(entry, found.account);
    result.channel = "success";
    return result;
  }
  const session = text.indexOf(":session): session opened for user ");
  if (session < 0 || session > 80 || !signInSessions.test(service)) return undefined;
  const by = text.lastIndexOf(" by ");
  const name = text.slice(session + 35, by < session ? text.length : by).replace(/\(uid=\d{1,10}\)$/, "");
  const result = evidence(at, "success", name, "", kindOf(service));
  result.key = keyOf(entry, name);
  result.channel = "session";
  result.hold = true;
  return result;
}

/**
 * Services whose sessions begin with a sign-in of their own: not the greeter's session, nor a service's within
 * another's.
 */
const signInSessions =
  /^(?:login|remote|gdm-(?:password|smartcard|fingerprint)|lightdm|sddm|xrdp-sesman|cockpit|pure-ftpd|ftpd?)$/;

const kinds: readonly (readonly [RegExp, Service])[] = [
  [/ftp/, "ftp"],
  [/^imap/, "imap"],
  [/^i?pop/, "pop3"],
  [/^smtp/, "submission"],
  [/^(?:login|remote|gdm|lightdm|sddm|kde|kscreen|xscreen|mate|cinnamon|xfce)/, "desktop"],
  [/^xrdp/, "rdp"],
  [/^(?:openvpn|ppp|charon|ocserv|l2tp)/, "vpn"],
  [/^(?:cockpit|webmin|usermin|httpd|apache|nginx|rstudio|jupyter)/, "web"],
];

function kindOf(service: string): Service {
  for (const [shape, kind] of kinds) if (shape.test(service)) return kind;
  return "other";
}
