/**
 * Where we differ from a peer's own test suite on purpose, and why. A line that differs and that nothing here finds fails the
 * conformance tests; so does a difference that there is no longer.
 */
import type { Peer } from "./peers.ts";

export type Difference = {
  readonly peer: Peer | "both";
  /** A name in peers.ts. */
  readonly software: string;
  /** Finds the lines. */
  readonly line: RegExp;
  /**
   * "no-sign-in": they count a failure where nobody tried to sign in. "elsewhere": we count the attempt too, on another line.
   * "more": a failure to us and none to them. "other": we read something else from it.
   */
  readonly kind: "no-sign-in" | "elsewhere" | "more" | "other";
  readonly why: string;
};

const closedEarly = "a connection that ended before any account was named: a scanner or a health check";

export const differences: readonly Difference[] = [
  {
    peer: "fail2ban",
    software: "Dovecot",
    line: /^@4000/,
    kind: "other",
    why: "the same attempt and address; multilog's stamps run ten seconds ahead of UTC, which fail2ban leaves in the time",
  },
  {
    peer: "fail2ban",
    software: "Dovecot",
    line: /\(no auth attempts in |before auth was ready|didn't finish SASL auth|during TLS handshake/,
    kind: "no-sign-in",
    why: closedEarly,
  },
  {
    peer: "fail2ban",
    software: "Postfix",
    line: /reject: [A-Z]+ from /,
    kind: "no-sign-in",
    why: "mail that was refused (relaying, block lists, unknown recipients, names that do not resolve), not a sign-in",
  },
  {
    peer: "fail2ban",
    software: "Postfix",
    line: /command pipelining|too many errors|lost connection|PREGREET|HANGUP|COMMAND [A-Z]+ LIMIT|rate limit|does not resolve/,
    kind: "no-sign-in",
    why: "clients that are in a hurry, too frequent or without a name: what mail programs of spammers look like",
  },
  {
    peer: "fail2ban",
    software: "Postfix",
    line: /Invalid authentication mechanism$/,
    kind: "no-sign-in",
    why: "a way to sign in was asked for that the server does not offer; no password was looked at",
  },
  {
    peer: "fail2ban",
    software: "Postfix",
    line: /Connection lost to authentication server$/,
    kind: "more",
    why: "an attempt that failed by the institution's own fault: nobody should be blocked for it, but many at once are how an IT fault is told from an attack; its reason is `fault`",
  },
  {
    peer: "both",
    software: "OpenSSH",
    line: /refused connect from /,
    kind: "no-sign-in",
    why: "TCP wrappers turned the connection away before any account was named",
  },
  {
    peer: "both",
    software: "OpenSSH",
    line: /identification|banner exchange|[Uu]nable to negotiate|no matching mac|dispatch_run_fatal|Read from socket|Timeout before|Magic value/,
    kind: "no-sign-in",
    why: "connections that got no further than the key exchange, or timed out: port scanners; no account was named",
  },
  {
    peer: "both",
    software: "OpenSSH",
    line: /(?:Connection (?:closed|reset) by|Disconnected from) [\da-f.:]+ port \d+|Connection closed by [\da-f.:]+ \[preauth\]$/,
    kind: "no-sign-in",
    why: closedEarly,
  },
  {
    peer: "fail2ban",
    software: "OpenSSH",
    line: /Disconnecting: Too many authentication failures/,
    kind: "other",
    why: "OpenSSH before 7 named no address here: where the lines of the failures themselves are missing the attempt is counted without one, and not at all where no account is named either",
  },
  {
    peer: "fail2ban",
    software: "OpenSSH",
    line: /ssh2: from [\d.]+ port \d+ ssh2$/,
    kind: "other",
    why: "nothing may follow the protocol where a password failed, so this is an account name that holds a forged address, and the last address is the server's; fail2ban takes the forged one",
  },
  {
    peer: "fail2ban",
    software: "OpenSSH",
    line: /Accepted password for known from /,
    kind: "other",
    why: "the success that it is. fail2ban counts PAM's failures before it because they name another account; sshd ends a connection whose account changes, so this cannot happen",
  },
  {
    peer: "fail2ban",
    software: "OpenSSH",
    line: /Disconnected from authenticating user /,
    kind: "more",
    why: "the client named an account and got no further; fail2ban counts this in some of its modes only",
  },
  {
    peer: "fail2ban",
    software: "Courier",
    line: /: 550 User /,
    kind: "no-sign-in",
    why: "mail to a recipient that does not exist, not a sign-in",
  },
  {
    peer: "fail2ban",
    software: "Exim",
    line: /AUTH command used when not advertised|mechanism not supported/,
    kind: "no-sign-in",
    why: "a way to sign in was asked for that the server does not offer; no password was looked at",
  },
  {
    peer: "both",
    software: "Exim",
    line: /rejected RCPT|verify fail|synchronization error|dropped|no MAIL in|closed by DROP|no host name|no IP address/,
    kind: "no-sign-in",
    why: "mail that was refused, or a client that keeps no rules, not a sign-in",
  },
  {
    peer: "crowdsec",
    software: "Zimbra",
    line: /handler exception$/,
    kind: "other",
    why: "a request that failed for whatever reason: without the words after it nothing says that it was a password",
  },
  {
    peer: "fail2ban",
    software: "nginx",
    line: /SSL_(?:do_handshake|read)\(\) failed/,
    kind: "no-sign-in",
    why: "TLS that could not be agreed on",
  },
  {
    peer: "fail2ban",
    software: "Apache",
    line: /client denied by server configuration/,
    kind: "no-sign-in",
    why: "a path that is closed to everybody, whatever their password",
  },
  {
    peer: "fail2ban",
    software: "Apache",
    line: /AH0203\d: /,
    kind: "no-sign-in",
    why: "TLS for a host that is not here",
  },
  {
    peer: "fail2ban",
    software: "Apache",
    line: /GET \/knocking\//,
    kind: "no-sign-in",
    why: "a page that lets its visitors in, which fail2ban's example uses as a door knocker",
  },
  {
    peer: "crowdsec",
    software: "Caddy",
    line: /"user_id":"".*"status":401/,
    kind: "no-sign-in",
    why: "the server's question for a password, which every browser gets before it sends one",
  },
  {
    peer: "crowdsec",
    software: "Nextcloud",
    line: /Bruteforce attempt from /,
    kind: "elsewhere",
    why: 'Nextcloud\'s second line about an attempt whose "Login failed" is counted',
  },
  {
    peer: "crowdsec",
    software: "OpenVPN",
    line: /TLS Error: /,
    kind: "no-sign-in",
    why: "packets without the server's shared key, or a handshake that came to nothing: no certificate and no account was shown",
  },
  {
    peer: "crowdsec",
    software: "OpenVPN",
    line: /OpenSSL: error:.*certificate verify failed/,
    kind: "elsewhere",
    why: 'the second line about a certificate whose "VERIFY ERROR" is counted',
  },
  {
    peer: "crowdsec",
    software: "Dropbear",
    line: /Exit before auth from /,
    kind: "no-sign-in",
    why: closedEarly,
  },
  {
    peer: "fail2ban",
    software: "PAM",
    line: /pop\(pam_unix\)/,
    kind: "more",
    why: "Linux-PAM before 0.99, which fail2ban has given up",
  },
  {
    peer: "crowdsec",
    software: "PAM",
    line: /sudo: pam_unix\(sudo:auth\)/,
    kind: "no-sign-in",
    why: "somebody who is signed in already and proves it again",
  },
];
