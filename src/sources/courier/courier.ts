/**
 * Courier: what its IMAP, POP3 and webmail servers log of sign-ins ("LOGIN", "LOGIN FAILED"), the failures of its SMTP
 * server, and the messages of those who signed in there (courierd's "newmsg"). Every line is one attempt.
 *
 * The account comes before the address and may look like one; what follows the address is the server's, so that the
 * last "ip=[" of the line is the server's too. With SMTP the address comes first.
 *
 * It does not know when Courier's own authentication daemon is down: the failures read the same.
 */
import type { Millis } from "#/platform/units.ts";
import type { Service } from "#/signin/signin.ts";
import { type Entry, type Reading, type Source, evidence, foreign, ignored, malformed } from "#/sources/source.ts";

/** Cyrus and others call their programs so too: what is not Courier's there is left to them. */
const shared = new Set(["imapd", "pop3d"]);

export const courier: Source = {
  id: "courier",
  title: "Courier (IMAP, POP3, ESMTP, webmail)",
  programs: [
    "imapd",
    "imapd-ssl",
    "imaplogin",
    "pop3d",
    "pop3d-ssl",
    "pop3login",
    "courier*",
    "esmtpd",
    "esmtpd-ssl",
    "esmtpd-msa",
    "sqwebmaild",
  ],
  message(entry: Entry): Reading {
    const { program, at } = entry;
    // courierlogger takes the level off, other loggers leave it.
    const text = entry.text.startsWith("INFO: ") ? entry.text.slice(6) : entry.text;
    if (at === undefined) return ignored;
    switch (text.charCodeAt(0)) {
      case 76: // L
        if (text.startsWith("LOGIN, user=")) return success(text, at, serviceOf(program));
        if (text.startsWith("LOGIN FAILED, ")) return failure(text, at, serviceOf(program));
        break;
      case 101: // e
        if (text.startsWith("error,relay=")) return smtpFailure(text, at);
        break;
      case 110: // n
        if (program === "courierd" && text.startsWith("newmsg,id=")) return message(text, at);
        break;
      default:
        break;
    }
    return shared.has(program) && !isCourier(text) ? foreign : ignored;
  },
};

/**
 * Courier's other lines, so that they count as ignored and not as unknown where several servers share a program's name.
 */
function isCourier(text: string): boolean {
  return /^(?:Connection, |LOGOUT, |DISCONNECTED, |Disconnected, |TIMEOUT, |authentication error)/.test(text);
}

function serviceOf(program: string): Service {
  if (program.includes("imap")) return "imap";
  if (program.includes("pop3")) return "pop3";
  return program.startsWith("sqwebmail") ? "webmail" : "submission";
}

/** "LOGIN, user=bob, ip=[::ffff:192.0.2.1], port=[53214], protocol=IMAP". */
function success(text: string, at: Millis, service: Service): Reading {
  const ip = text.lastIndexOf(", ip=[");
  const close = text.indexOf("]", ip);
  if (ip < 12 || close < 0) return malformed("no ip= field");
  return evidence(at, "success", text.slice(12, ip), text.slice(ip + 6, close), service);
}

/** "LOGIN FAILED, user=bob, ip=[::ffff:192.0.2.1]", or with "method=PLAIN" where the client spoke SASL. */
function failure(text: string, at: Millis, service: Service): Reading {
  const ip = text.lastIndexOf(", ip=[");
  const close = text.indexOf("]", ip);
  if (ip < 13 || close < 0) return malformed("no ip= field");
  const account = text.startsWith("user=", 14) ? text.slice(19, Math.max(19, ip)) : "";
  return evidence(at, "failure", account, text.slice(ip + 6, close), service);
}

/** "error,relay=::ffff:192.0.2.1,port=4363,msg="535 Authentication failed.",cmd: AUTH LOGIN bob". */
function smtpFailure(text: string, at: Millis): Reading {
  const comma = text.indexOf(",", 12);
  if (comma < 0) return ignored;
  const port = text.startsWith(",port=", comma) ? text.indexOf(",", comma + 1) : comma;
  if (port < 0 || !text.startsWith(',msg="535 Authentication failed', port)) return ignored;
  const command = text.indexOf(",cmd: ", port);
  return evidence(
    at,
    "failure",
    command < 0 ? "" : typedName(text.slice(command + 6)),
    text.slice(12, comma),
    "submission",
  );
}

/**
 * The account in "AUTH PLAIN AGJvYgBzZWNyZXQ= bob" and "AUTH LOGIN bob". What stands second may be the beginning of the
 * credentials, cut at twenty letters, and then the account is not known.
 */
function typedName(command: string): string {
  const words = command.split(" ", 3);
  if (words[0] !== "AUTH") return "";
  const name = command.slice(words.join(" ").length + 1);
  if (name !== "") return name;
  const last = words[2] ?? "";
  return /^(?:[A-Za-z0-9+/]{20}|[A-Za-z0-9+/]*={1,2})$/.test(last) ? "" : last;
}

/** "newmsg,id=0038C081.4D026173.000051A4, auth=bob: dns; laptop (host.example [::ffff:192.0.2.1])". */
function message(text: string, at: Millis): Reading {
  const auth = text.indexOf(", auth=");
  const origin = text.indexOf(": dns; ", auth);
  if (auth < 0 || origin < 0) return ignored;
  // What the client called itself stands before its address.
  const open = text.lastIndexOf(" [");
  const close = text.indexOf("]", open);
  if (open < origin || close < 0) return malformed("no [address] of the client");
  return evidence(at, "success", text.slice(auth + 7, origin), text.slice(open + 2, close), "submission");
}
