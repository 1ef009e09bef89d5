/**
 * What the running service says of itself: lines of JSON for machines (journald, a log collector), lines to read on a terminal. Texts from
 * sign-ins may be in it; JSON escapes what could steer a terminal, and so does the readable form. Nothing secret is ever handed in.
 */
import { pino } from "pino";

export type Level = "info" | "warn" | "error";

/** Facts beside the sentence, for those who search. */
export type Fields = { readonly [name: string]: string | number | boolean };

export type Log = { readonly [name in Level]: (sentence: string, fields?: Fields) => void };

export type LogOptions = {
  /** Where a whole line goes, its end included. */
  readonly write: (line: string) => void;
  /** Lines for people rather than JSON. */
  readonly isForPeople: boolean;
};

export function createLog({ write, isForPeople }: LogOptions): Log {
  const log = pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: isForPeople ? (line) => write(readable(line)) : write },
  );
  const say =
    (level: Level) =>
    (sentence: string, fields: Fields = {}): void =>
      log[level](fields, sentence);
  return { info: say("info"), warn: say("warn"), error: say("error") };
}

const words: Readonly<Record<string, string>> = { info: "", warn: "warning: ", error: "ERROR: " };

/** "18:21:32 warning: the disk is full (free 0 MB)". */
function readable(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Readonly<Record<string, string | number | boolean>>;
  const facts = Object.entries(fields).map(([name, value]) => `${name} ${String(value)}`);
  const told = `${String(time).slice(11, 19)} ${words[String(level)] ?? ""}${String(msg)}`;
  return `${visibleText(facts.length === 0 ? told : `${told} (${facts.join(", ")})`)}\n`;
}

/** Control characters, and those that turn the direction of writing, as the escapes that JSON has for them. */
const visibleText = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
