/**
 * HAProxy: requests that its own `http-request auth` refused, in the HTTP log format.
 *
 * HAProxy logs no names and answers the browser's first, nameless request like a wrong password, so one refusal of each
 * browser is no attempt; an attack shows all the same, because tools send names at once. A 401 of the servers behind it
 * is theirs to log.
 */
import { isAddress, withoutPort } from "#/sources/address-text.ts";
import { webTime } from "#/sources/local-time.ts";
import { type Context, type Entry, type Reading, type Source, evidence, ignored, malformed } from "#/sources/source.ts";

export const haproxy: Source = {
  id: "haproxy",
  title: "HAProxy HTTP log",
  programs: ["haproxy"],
  message(entry: Entry, context: Context): Reading {
    const { text } = entry;
    // The server field and the state after the answer are HAProxy's own and come before everything typed.
    const refused = text.indexOf("/<NOSRV> ");
    if (refused < 0) return ignored;
    const open = text.indexOf(" [");
    const close = text.indexOf("] ", open);
    // Two words, listener and backend, or the phrase stands in the request line.
    if (open < 0 || close < open || !/^\S{1,200} \S{1,200}$/.test(text.slice(close + 2, refused))) return ignored;
    if (!/^[-+\d/]{5,60} 401 [-+\d]{1,20} \S{1,300} \S{1,300} PR/.test(text.slice(refused + 9, refused + 760)))
      return ignored;
    const address = withoutPort(text.slice(0, open), true);
    if (!isAddress(address)) return malformed("no client address");
    const at = entry.at ?? webTime(text.slice(open + 2, close), context.time);
    return at === undefined ? malformed("no readable time") : evidence(at, "failure", "", address, "web");
  },
};
