/**
 * Proxmox VE, Mail Gateway and Backup Server: what their daemons write to syslog. PAM's lines beside them say the same,
 * without an address. Successes name no address.
 */
import type { Entry, Reading, Source } from "#/sources/source.ts";
import { evidence, ignored, malformed } from "#/sources/source.ts";

export const proxmox: Source = {
  id: "proxmox",
  title: "Proxmox",
  programs: ["pvedaemon", "pveproxy", "pmgdaemon", "pmgproxy", "proxmox-backup-api", "proxmox-backup-proxy"],
  message: readMessage,
};

const FAILED = "authentication failure; rhost=";

function readMessage(entry: Entry): Reading {
  const { at } = entry;
  if (at === undefined) return malformed("no time");
  const text = entry.text.trimEnd();
  if (!text.startsWith(FAILED)) {
    const name = /^<[^>]{0,256}> successful auth for user '(.{1,256})'$/.exec(text);
    return name === null ? ignored : evidence(at, "success", name[1] ?? "", "", "web");
  }
  // The address comes first; the name is the caller's, and the reason repeats it.
  const user = text.indexOf(" user=", FAILED.length);
  if (user < 0) return malformed("no user= field");
  const message = text.lastIndexOf(" msg=");
  const result = evidence(
    at,
    "failure",
    text.slice(user + 6, message < user ? text.length : message),
    addressOf(text.slice(FAILED.length, user)),
    "web",
  );
  const why = message < user ? "" : text.slice(message + 5);
  if (why.startsWith("no such user")) result.reason = "unknown-account";
  else if (/^(?:account|user).{0,100}(?:disabled|not enabled)/.test(why)) result.reason = "disabled";
  else if (/timeout|connect|unavailable/i.test(why)) result.reason = "fault";
  return result;
}

/** The Backup Server writes "[::ffff:192.0.2.1]:49942". */
function addressOf(text: string): string {
  return /^\[([^\]]{2,60})\](?::\d{1,5})?$/.exec(text)?.[1] ?? text;
}
