/**
 * OpenVPN's server, 2.2 to 2.7: its own log and syslog, its PAM, OTP and LDAP plugins, and pfSense's and OPNsense's scripts.
 *
 * The server writes the caller's address, the plugins the account, and nothing ties one line to the other but that they
 * follow each other: so all lines of one host share a key, and the account is learned from the plugin's weak witness.
 * "Peer Connection Initiated" is no success, as it is written for refused callers too; being given an address is one.
 * Not of interest: callers that never got as far as a certificate or a password (TLS handshake and HMAC errors), and what
 * OpenVPN writes as a client of another server.
 */
import type { Millis } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";
import { isoTime, monthOf } from "#/sources/local-time.ts";
import { pamEvidence } from "#/sources/pam/pam-evidence.ts";
import { pamReason } from "#/sources/pam/pam-fields.ts";
import type { Context, Entry, Evidence, Reading, Source } from "#/sources/source.ts";
import { evidence, foreign, ignored, malformed } from "#/sources/source.ts";
import { type Peer, peerOf } from "./peer.ts";

export const openvpn: Source = {
  id: "openvpn",
  title: "OpenVPN",
  programs: ["openvpn*", "ovpn-*"],
  message: (entry) => (entry.at === undefined ? malformed("no time") : readText(entry, entry.at, entry.text)),
  line: readLine,
};

const isoHead = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:us=\d{1,6} )?/;
const oldHead = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4}) (?:us=\d{1,6} )?/;

function readLine(entry: Entry, context: Context): Reading {
  const { text } = entry;
  const iso = text.charCodeAt(4) === 45;
  if (!iso && text.charCodeAt(3) !== 32) return foreign;
  const head = (iso ? isoHead : oldHead).exec(text);
  if (head === null) return foreign;
  const words = text.slice(head[0].length);
  if (!isOpenVpn(words)) return foreign;
  const at = entry.at ?? (iso ? isoTime(text.slice(0, 19), context.time) : oldTime(head, context));
  return at === undefined ? foreign : readText(entry, at, words);
}

function oldTime(head: RegExpExecArray, context: Context): Millis | undefined {
  const [, month = "", day, hour, minute, second, year] = head;
  return context.time.at(Number(year), monthOf(month), Number(day), Number(hour), Number(minute), Number(second));
}

/** Many programs write such times: what follows has to be OpenVPN's. */
const isOpenVpn = (words: string): boolean =>
  /^(?:(?:[^\s/]{0,64}\/)?[\d.]{7,15}:\d{1,5}|(?:[^\s/]{0,64}\/)?\[[\da-f:]{2,45}\]:\d{1,5}) (?:TLS|VERIFY|MULTI|SENT CONTROL|Control Channel|Peer|peer info|PUSH|AUTH|SIG|Data Channel|Outgoing|Incoming|Delayed|Connection|TCP connection|OpenSSL: |\[)/i.test(
    words,
  ) ||
  /^(?:OpenVPN 2\.|TCP connection established with \[AF_INET|MULTI: |Initialization Sequence Completed|(?:PLUGIN )?AUTH-PAM: |OTP-AUTH: )/.test(
    words,
  );

function readText(entry: Entry, at: Millis, text: string): Reading {
  if (text.startsWith("user '")) return scriptRefused({ entry, at, peer: undefined, words: text.slice(6) });
  if (text.startsWith("openvpn server '"))
    return pfSenseConnected({ entry, at, peer: undefined, words: text.slice(16) });
  let first = text.length;
  let phrase = "";
  let read: ((said: Said) => Reading) | undefined;
  for (const [words, reader] of phrases) {
    const found = text.indexOf(words);
    if (found < 0 || found >= first) continue;
    first = found;
    phrase = words;
    read = reader;
  }
  // What stands before the first of them is the peer, "NAME/ADDRESS:PORT"; names that callers choose come after it.
  if (read !== undefined)
    return read({ entry, at, peer: peerOf(text.slice(0, first)), words: text.slice(first + phrase.length) });
  return text.startsWith("pam_") ? (pamEvidence(at, text, "vpn", keyOf(entry)) ?? ignored) : ignored;
}

const keyOf = (entry: Entry): string => `openvpn:${entry.host}`;

/** `words` are what follows the phrase. */
type Said = {
  readonly entry: Entry;
  readonly at: Millis;
  readonly peer: Peer | undefined;
  readonly words: string;
};

const phrases: readonly (readonly [phrase: string, read: (said: Said) => Reading])[] = [
  ["TLS Auth Error: Auth Username/Password verification failed for peer", passwordRefused],
  ["TLS Auth Error: Auth Certificate verification failed for peer", certificateRefused],
  ["TLS Auth Error: --client-config-dir authentication failed for common name '", configRefused],
  ["VERIFY ERROR: depth=", verifyError],
  ["TLS: Username/Password authentication succeeded for username '", passwordAccepted],
  ["MULTI: primary virtual IP for ", (said) => addressed(said, "address")],
  ["MULTI_sva: pool returned IPv4=", (said) => addressed(said, "pool")],
  ["SENT CONTROL [", controlSent],
  ["AUTH: Received control message: AUTH_FAILED", (said) => refusedPeer(said, "control", "bad-password")],
  ["AUTH-PAM: BACKGROUND: user '", pamPluginRefused],
  ["OTP-AUTH: authentication failed for username '", otpRefused],
  ["LDAP bind failed: ", ldapTrouble],
];

function failure({ entry, at }: Said, account: string, address: string, reason: Reason, channel: string): Evidence {
  const result = evidence(at, "failure", account, address, "vpn");
  result.reason = reason;
  result.key = keyOf(entry);
  result.channel = channel;
  return result;
}

function success({ entry, at }: Said, account: string, address: string, channel: string): Evidence {
  const result = evidence(at, "success", account, address, "vpn");
  result.key = keyOf(entry);
  result.channel = channel;
  return result;
}

function passwordRefused(said: Said): Reading {
  // The name before the address is that of the certificate, whose holder may have typed another.
  return said.peer === undefined ? malformed("no peer") : failure(said, "", said.peer.address, "bad-password", "peer");
}

function refusedPeer(said: Said, channel: string, reason: Reason): Reading {
  // Without a peer it is what OpenVPN was told as a client.
  return said.peer === undefined ? ignored : failure(said, said.peer.name, said.peer.address, reason, channel);
}

function certificateRefused(said: Said): Reading {
  const result = refusedPeer(said, "certificate", "bad-password");
  if (result.kind === "evidence") result.hold = true;
  return result;
}

function configRefused(said: Said): Reading {
  const end = said.words.lastIndexOf("' file='");
  if (said.peer === undefined || end < 0) return ignored;
  return failure(said, said.words.slice(0, end), said.peer.address, "policy", "peer");
}

/** "VERIFY ERROR: depth=0, error=certificate has expired: C=GB, CN=jane, serial=4711". */
function verifyError(said: Said): Reading {
  const found = /^(\d{1,3}), error=([^:]{1,100}): (.{0,1000})/.exec(said.words);
  if (found === null || said.peer === undefined) return ignored;
  const [, depth, error = "", subject = ""] = found;
  // An authority or a revocation list that has run out locks everybody out, and nobody outside can cause it.
  if (error === "CRL has expired" || (depth !== "0" && error === "certificate has expired")) {
    return failure(said, depth === "0" ? commonName(subject) : "", said.peer.address, "fault", "peer");
  }
  if (depth !== "0") return ignored;
  return failure(said, commonName(subject), said.peer.address, certificateReason(error), "peer");
}

function certificateReason(error: string): Reason {
  if (error === "certificate has expired") return "expired";
  return error === "certificate revoked" ? "disabled" : "bad-password";
}

function commonName(subject: string): string {
  const from = subject.startsWith("CN=") ? 3 : subject.indexOf(", CN=") + 5;
  if (from < 5 && !subject.startsWith("CN=")) return "";
  const end = subject.indexOf(", ", from);
  return subject.slice(from, end < 0 ? subject.length : end);
}

function passwordAccepted(said: Said): Reading {
  const name = /^(.{0,256})' ?(?:\[CN SET\])?$/.exec(said.words);
  if (said.peer === undefined || name === null) return ignored;
  return success(said, name[1] ?? "", said.peer.address, "password");
}

function addressed(said: Said, channel: string): Reading {
  const { peer } = said;
  return peer === undefined || peer.name === "" ? ignored : success(said, peer.name, peer.address, channel);
}

/** "SENT CONTROL [jane]: 'AUTH_FAILED' (status=1)", some seconds after the refusal, and its only witness where that was deferred. */
function controlSent(said: Said): Reading {
  if (said.peer === undefined || !/\]: 'AUTH_FAILED(?:,[^']{0,256})?' \(status=\d\)$/.test(said.words)) return ignored;
  // "AUTH_FAILED,CRV1:..." asks for the second factor, and refuses nobody.
  return said.words.includes("AUTH_FAILED,CRV1:")
    ? ignored
    : failure(said, "", said.peer.address, "bad-password", "control");
}

/** The plugins and scripts know the account and not from where; they speak before the server does. */
function accountWitness(said: Said, account: string, reason: Reason): Evidence {
  const result = failure(said, account, "", reason, "account");
  result.hold = true;
  return result;
}

function pamPluginRefused(said: Said): Reading {
  const end = said.words.lastIndexOf("' failed to authenticate: ");
  return end < 0 ? ignored : accountWitness(said, said.words.slice(0, end), pamReason(said.words.slice(end + 26)));
}

function otpRefused(said: Said): Reading {
  const end = said.words.lastIndexOf("', remote ");
  const peer = end < 0 ? undefined : peerOf(said.words.slice(end + 10));
  return peer === undefined ? ignored : failure(said, said.words.slice(0, end), peer.address, "bad-password", "otp");
}

function ldapTrouble(said: Said): Reading {
  return said.words.startsWith("Can't contact LDAP server") ? accountWitness(said, "", "fault") : ignored;
}

/** pfSense: "openvpn server 'ovpns1' user 'jane' address '192.0.2.1' - connected", and "user cert CN 'jane'". */
function pfSenseConnected(said: Said): Reading {
  const found = /^\S{1,40}' user (?:cert CN )?'(.{1,256})' address '([^' ]{1,64})' - connected$/.exec(said.words);
  if (found === null) return ignored;
  const address = found[2] ?? "";
  return success(said, found[1] ?? "", peerOf(address)?.address ?? address, "script");
}

/** pfSense and OPNsense: "user 'jane' could not authenticate." */
function scriptRefused(said: Said): Reading {
  const end = said.words.lastIndexOf("' could not authenticate");
  return end < 0 ? ignored : accountWitness(said, said.words.slice(0, end), "bad-password");
}
