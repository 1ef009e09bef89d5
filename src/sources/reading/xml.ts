/**
 * Windows event XML, event by event: what Event Viewer and wevtutil write, however long the file. Each event comes out as
 *
 *     { System: { EventID, Computer, TimeCreated: { SystemTime }, ... }, EventData: { TargetUserName, IpAddress, ... }, ... }
 *
 * Attributes of empty elements become fields of theirs; Data elements go by their Name. No entities beyond XML's own are known, and
 * an event is bounded, so nobody can make it grow.
 */
import { type SaxesTagPlain, SaxesParser } from "saxes";
import type { JsonObject } from "#/sources/source.ts";

type Node = { [name: string]: string | Node };

const EVENT_LENGTH_MAX = 1 << 20;

export type EventXml = { write(text: string): void; end(): void };

export function createEventXml(onEvent: (value: JsonObject, line: number) => void, onBroken: (why: string, line: number) => void): EventXml {
  let waiting = "";
  let line = 1;
  const cut = (): void => {
    for (;;) {
      const from = nextEvent(waiting);
      if (from < 0) {
        waiting = waiting.slice(-16);
        return;
      }
      const end = waiting.indexOf("</Event>", from);
      if (end < 0) {
        line += lineEnds(waiting.slice(0, from));
        waiting = waiting.slice(from);
        if (waiting.length <= EVENT_LENGTH_MAX) return;
        onBroken(`an event of more than ${EVENT_LENGTH_MAX >> 20} MiB`, line);
        waiting = waiting.slice(6);
        continue;
      }
      line += lineEnds(waiting.slice(0, from));
      readEvent(waiting.slice(from, end + 8), line, onEvent, onBroken);
      line += lineEnds(waiting.slice(from, end + 8));
      waiting = waiting.slice(end + 8);
    }
  };
  return {
    write(text) {
      waiting += text;
      cut();
    },
    end() {
      if (nextEvent(waiting) >= 0) onBroken("the last event is cut short", line);
      waiting = "";
    },
  };
}

function nextEvent(text: string): number {
  const found = /<Event[\s>]/.exec(text);
  return found === null ? -1 : found.index;
}

const lineEnds = (text: string): number => text.split("\n").length - 1;

function readEvent(text: string, line: number, onEvent: (value: JsonObject, line: number) => void, onBroken: (why: string, line: number) => void): void {
  const root: Node = {};
  const trail: { name: string; node: Node; text: string; key: string }[] = [];
  const parser = new SaxesParser();
  let broken = "";
  parser.on("error", (error) => {
    broken ||= error.message;
  });
  parser.on("opentag", (tag: SaxesTagPlain) => {
    const node: Node = {};
    for (const [name, value] of Object.entries(tag.attributes)) if (!name.startsWith("xmlns")) node[name] = value;
    trail.push({ name: tag.name, node, text: "", key: tag.attributes["Name"] ?? "" });
  });
  parser.on("text", (part) => {
    const top = trail.at(-1);
    if (top !== undefined) top.text += part;
  });
  parser.on("closetag", () => {
    const top = trail.pop();
    if (top === undefined) return;
    const parent = trail.at(-1)?.node ?? root;
    // Browsers that show XML leave "- " before each element, and people save that.
    const inner = top.text.replace(/^[\s-]+$/, "").trim();
    if (top.name === "Data" && top.key !== "") parent[top.key] = inner;
    else if (inner !== "") parent[top.name] = inner;
    else parent[top.name] = top.node;
  });
  parser.write(text).close();
  const event = root["Event"];
  if (broken !== "" || typeof event !== "object") onBroken(broken === "" ? "no event in it" : `not valid XML: ${broken}`, line);
  else onEvent(event, line);
}
