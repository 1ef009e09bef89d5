/** Perdition, the mail retrieval proxy: one "Auth:" line for every sign-in that it passes on. */
import type { Service } from "#/signin/signin.ts";
import type { Entry, Reading, Source } from "#/sources/source.ts";
import { evidence, ignored, malformed } from "#/sources/source.ts";

export const perdition: Source = {
  id: "perdition",
  title: "Perdition",
  programs: ["perdition*"],
  message: readMessage,
};

/** 'Auth: 192.0.2.1:2274->198.51.100.5:993 ... authentication_id="NAME" server="..." protocol=IMAP4S ... status="failed: WHY"'. */
function readMessage(entry: Entry): Reading {
  const { at, text } = entry;
  if (at === undefined) return malformed("no time");
  const place = /^Auth: ([\da-fA-F:.]{2,45}?)(?::\d{1,5})?->/.exec(text);
  if (place === null) return ignored;
  const status = text.lastIndexOf('status="');
  // The name is the caller's and may hold what follows it, so it ends before the last server's name.
  const end = text.lastIndexOf('" server="');
  const named = text.indexOf('authentication_id="');
  const from = named < 0 ? text.indexOf('user="') + 6 : named + 19;
  if (status < 0 || from < 6 || end < from) return malformed("no status or account");
  const isOk = text.startsWith("ok", status + 8);
  const result = evidence(
    at,
    isOk ? "success" : "failure",
    text.slice(from, end),
    place[1] ?? "",
    serviceOf(text, end),
  );
  if (!isOk && !/Authentication Failure/i.test(text.slice(status))) result.reason = "fault";
  return result;
}

function serviceOf(text: string, from: number): Service {
  const protocol = text.indexOf(" protocol=", from) + 10;
  if (text.startsWith("POP3", protocol)) return "pop3";
  return text.startsWith("MANAGESIEVE", protocol) ? "managesieve" : "imap";
}
