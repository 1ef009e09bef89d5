/**
 * Grafana 6 to 12: its log in console, text (logfmt) and JSON form. It never writes the name that failed, and not where from
 * a sign-in succeeded. Newer versions write a line about the request beside the one about the password: both are about one
 * caller, which is their key.
 */
import type { Reason } from "#/signin/signin.ts";
import { logfmt } from "#/sources/authelia/logfmt.ts";
import { textOf } from "#/sources/json-text.ts";
import { isoTime } from "#/sources/local-time.ts";
import type { Context, Entry, Reading, Source } from "#/sources/source.ts";
import { evidence, foreign, ignored, malformed } from "#/sources/source.ts";

export const grafana: Source = {
  id: "grafana",
  title: "Grafana",
  programs: ["grafana", "grafana-server"],
  message: (entry, context) => {
    const reading = readLine(entry, context);
    return reading.kind === "foreign" ? ignored : reading;
  },
  line: readLine,
  object: (value, context) => read((name) => textOf(value[name]), undefined, context),
};

const isGrafana = (text: string): boolean => text.startsWith("logger=") || text.startsWith("t=20");

function readLine(entry: Entry, context: Context): Reading {
  if (!isGrafana(entry.text)) return foreign;
  const fields = logfmt(entry.text);
  return read((name) => fields.get(name) ?? "", entry, context);
}

function read(field: (name: string) => string, entry: Entry | undefined, context: Context): Reading {
  const logger = field("logger");
  const message = field("msg");
  if (logger === "" || message === "") return foreign;
  const isSuccess = message === "Successful Login" && logger === "http.server";
  const error = field("error");
  const isRequest = message === "Request Completed";
  const isFailure =
    logger === "context" &&
    (/^invalid username or password$/i.test(message) ||
      (message === "Unauthorized" && error.startsWith("[password-auth.failed]")) ||
      (isRequest && field("errorMessageID") === "password-auth.failed"));
  if (!isSuccess && !isFailure) return entry === undefined ? foreign : ignored;
  const at = isoTime(field("t"), context.time) ?? entry?.at;
  if (at === undefined) return malformed("no time");
  if (isSuccess) return evidence(at, "success", field("User"), "", "web");
  const address = field("remote_addr");
  const failure = evidence(at, "failure", field("uname"), address, "web");
  failure.reason = reasonOf(error);
  failure.key = `grafana:${entry?.host ?? ""}:${address}`;
  failure.channel = isRequest ? "request" : "context";
  return failure;
}

function reasonOf(error: string): Reason {
  const why = error.toLowerCase();
  if (why.includes("user not found")) return "unknown-account";
  if (why.includes("too many consecutive incorrect login attempts")) return "locked";
  return why.includes("disabled") ? "disabled" : "bad-password";
}
