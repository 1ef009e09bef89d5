// Lines of Exchange's SMTP receive protocol log: one line a command, an answer or a remark.
import { isAddress, withoutPort } from "#/sources/address-text.ts";
import { type Evidence, type Reading, ended, evidence, ignored, malformed } from "#/sources/source.ts";
import type { Millis } from "#/platform/units.ts";
import type { Outcome, Reason } from "#/signin/signin.ts";

export type SubmissionLine = {
  readonly at: Millis | undefined;
  readonly session: string;
  readonly remote: string;
  /** ">" server to client, "<" client to server, "*" remark, "+" connected, "-" disconnected. */
  readonly event: string;
  readonly data: string;
  readonly context: string;
};

export function readSubmission(line: SubmissionLine): Reading {
  switch (line.event) {
    case ">":
      return readAnswer(line);
    case "*":
      return readRemark(line);
    case "-":
      return ended(keyOf(line));
    default:
      return ignored;
  }
}

const keyOf = (line: SubmissionLine): string => `exchange:${line.session}`;

/** 535 is the refusal, 454 4.7.0 the server's own trouble. The welcome (235) has no name; the remark before it has. */
function readAnswer(line: SubmissionLine): Reading {
  if (line.data.startsWith("535 ")) return attempt(line, "failure", "", answerReason(line.data), "answer");
  return line.data.startsWith("454 4.7.0 ") ? attempt(line, "failure", "", "fault", "answer") : ignored;
}

function answerReason(answer: string): Reason {
  return /locked out/i.test(answer) ? "locked" : "bad-password";
}

function readRemark(line: SubmissionLine): Reading {
  if (line.context === "authenticated") {
    return isServer(line.data) ? ignored : attempt(line, "success", line.data, "", "remark");
  }
  for (const words of nameWords) {
    if (!line.context.startsWith(words)) continue;
    const account = line.context.slice(words.length);
    return isServer(account) ? ignored : attempt(line, "failure", account, "bad-password", "remark");
  }
  return ignored;
}

/** After a refusal Exchange remarks the name and, a moment later, answers; the two are one attempt. */
const nameWords = ["Username: ", "User Name: "];

const isServer = (account: string): boolean => account.endsWith("$") || account.startsWith("NT AUTHORITY\\");

function attempt(
  line: SubmissionLine,
  outcome: Outcome,
  account: string,
  reason: Reason | "",
  channel: string,
): Reading {
  if (line.at === undefined) return malformed("no readable time");
  const address = withoutPort(line.remote, true);
  if (!isAddress(address)) return malformed("no client address");
  const found: Evidence = evidence(line.at, outcome, account, address, "submission");
  found.reason = reason;
  found.key = keyOf(line);
  found.channel = channel;
  return found;
}
