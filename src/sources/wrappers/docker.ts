/**
 * Docker's json-file logs: {"log":"text\n","stream":"stdout","time":"2026-11-23T10:00:00.123456789Z"}, one object per
 * line. What the text says, and whether it is wrapped once more, is for others to find out.
 */
import { type LocalTime, isoTime } from "#/sources/local-time.ts";
import type { Entry, JsonObject } from "#/sources/source.ts";
import { Partials } from "./partials.ts";

/** "whole": the entry holds a line. "part": more of the line is to come. "other": this is no Docker line. */
export type Unwrapped = "whole" | "part" | "other";

export class DockerLines {
  readonly #time: LocalTime;
  readonly #partials = new Partials();

  constructor(time: LocalTime) {
    this.#time = time;
  }

  unwrap(value: JsonObject, entry: Entry): Unwrapped {
    const { log, stream, time } = value;
    if (typeof log !== "string" || (typeof stream !== "string" && typeof time !== "string")) return "other";
    const ends = log.endsWith("\n");
    const bare = ends ? log.slice(0, log.endsWith("\r\n") ? -2 : -1) : log;
    const text = this.#partials.add(typeof stream === "string" ? stream : "", bare, ends);
    if (text === undefined) return "part";
    entry.at = typeof time === "string" ? isoTime(time, this.#time) : undefined;
    entry.host = "";
    entry.program = "";
    entry.pid = "";
    entry.text = text;
    return "whole";
  }
}
