/**
 * Exchange 2010 to SE: the protocol logs of IMAP4, POP3 and SMTP receive, with their header (as objects keyed by it)
 * and without (by the default order of columns).
 *
 * The back end's IMAP4 and POP3 logs repeat what the front end's say, with the front end for a client, and are left
 * out. In SMTP the name stands only in lines of its own, before the answer; the session joins them. What servers sign
 * in to each other with (their own accounts, ending in "$") is no sign-in of anybody. OWA, ActiveSync and EWS are in
 * IIS's log.
 */
import { isoTime } from "#/sources/local-time.ts";
import { textOf } from "#/sources/json-text.ts";
import { type Context, type Entry, type JsonObject, type Reading, type Source, foreign } from "#/sources/source.ts";
import { csvFields } from "./csv-fields.ts";
import { readMailbox } from "./mailbox-lines.ts";
import { readSubmission } from "./submission-lines.ts";

export const exchange: Source = {
  id: "exchange",
  title: "Exchange protocol logs: IMAP4, POP3, SMTP receive",
  programs: [],
  csvHeaders: ["#Fields: dateTime,", "#Fields: date-time,"],
  line: readLine,
  object: readObject,
};

function readLine(entry: Entry, context: Context): Reading {
  const { text } = entry;
  // "2022-07-20T21:28:50.530Z,".
  if (text.charCodeAt(23) !== 90 || text.charCodeAt(24) !== 44 || text.charCodeAt(10) !== 84) return foreign;
  const fields = csvFields(text, FIELDS_MAX);
  const at = isoTime(fields[0] ?? "", context.time);
  const [, second = "", third = "", fourth = "", fifth = "", sixth = "", seventh = ""] = fields;
  if (isSession(third) && isNumber(fourth) && seventh.length === 1 && "<>*+-".includes(seventh)) {
    const [, , , , , , , data = "", context = ""] = fields;
    return readSubmission({ at, session: third, remote: sixth, event: seventh, data, context });
  }
  if (!isSession(second) || !isNumber(third)) return foreign;
  const [, , , , , , , , , command = "", parameters = "", said = ""] = fields;
  const line = { at, local: fourth, remote: fifth, user: sixth, command, parameters, context: said };
  return readMailbox(line);
}

const FIELDS_MAX = 16;

const isSession = (text: string): boolean => /^[0-9A-F]{16}$/i.test(text);
const isNumber = (text: string): boolean => /^\d{1,10}$/.test(text);

function readObject(value: JsonObject, context: Context): Reading {
  if (value["session-id"] !== undefined && value["remote-endpoint"] !== undefined && value["event"] !== undefined) {
    return readSubmission({
      at: isoTime(textOf(value["date-time"]), context.time),
      session: textOf(value["session-id"]),
      remote: textOf(value["remote-endpoint"]),
      event: textOf(value["event"]),
      data: textOf(value["data"]),
      context: textOf(value["context"]),
    });
  }
  if (value["sessionId"] === undefined || value["cIp"] === undefined || value["command"] === undefined) return foreign;
  return readMailbox({
    at: isoTime(textOf(value["dateTime"]), context.time),
    local: textOf(value["sIp"]),
    remote: textOf(value["cIp"]),
    user: textOf(value["user"]),
    command: textOf(value["command"]),
    parameters: textOf(value["parameters"]),
    context: textOf(value["context"]),
  });
}
