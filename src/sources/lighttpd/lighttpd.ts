/**
 * lighttpd's mod_auth (of old called http_auth), in its error log and through syslog. The address ends the line and the
 * typed name comes before it, so the line is read from its end. Its access log is the combined one.
 */
import { isAddress } from "#/sources/address-text.ts";
import { isoTime } from "#/sources/local-time.ts";
import {
  type Context,
  type Entry,
  type Reading,
  type Source,
  evidence,
  foreign,
  ignored,
  malformed,
} from "#/sources/source.ts";
import type { Millis } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";

export const lighttpd: Source = {
  id: "lighttpd",
  title: "lighttpd error log",
  programs: ["lighttpd"],
  message: (entry: Entry): Reading => (entry.at === undefined ? ignored : readMessage(entry.text, entry.at)),
  line(entry: Entry, context: Context): Reading {
    const { text } = entry;
    // "2026-11-23 10:00:00: (mod_auth.c.791) "; some builds forget the bracket.
    if (text.charCodeAt(19) !== 58 || text.charCodeAt(4) !== 45 || text.charCodeAt(10) !== 32) return foreign;
    if (!/^: \(?[a-z_]{2,30}\.c[.:]\d{1,6}\) /.test(text.slice(19, 70))) return foreign;
    const at = entry.at ?? isoTime(text.slice(0, 19), context.time);
    return at === undefined ? malformed("no readable time") : readMessage(text.slice(21), at);
  },
};

/** Reads "(mod_auth.c.791) what happened, IP: 192.0.2.1". */
function readMessage(text: string, at: Millis): Reading {
  const close = text.indexOf(") ");
  if (close < 0 || !/^\(?(?:mod|http)_auth/.test(text.slice(0, 12))) return ignored;
  const end = text.lastIndexOf("IP: ");
  if (end < close) return ignored;
  const said = understand(text.slice(close + 2, end).replace(/,? $/, ""));
  if (said === undefined) return ignored;
  const address = text.slice(end + 4);
  if (!isAddress(address)) return malformed("no client address");
  const found = evidence(at, "failure", said.account, address, "web");
  found.reason = said.reason;
  return found;
}

type Said = { readonly account: string; readonly reason: Reason };

function understand(words: string): Said | undefined {
  const username = words.startsWith("password doesn't match for ") ? words.lastIndexOf(" username: ") : -1;
  if (username >= 0) return { account: words.slice(username + 11), reason: "bad-password" };
  if (words.startsWith("digest: auth failed for ")) {
    const name = words.slice(24).trimStart();
    const end = name.lastIndexOf(" : wrong password");
    return { account: end < 0 ? name : name.slice(0, end), reason: "bad-password" };
  }
  if (words.startsWith("get_password failed")) return { account: "", reason: "unknown-account" };
  return words.startsWith("digest: auth failed") ? { account: "", reason: "other" } : undefined;
}
