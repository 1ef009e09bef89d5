/**
 * Windows event XML, as wevtutil, Event Viewer, Windows event forwarding and collectors write it: text in, one object per
 * `<Event>` out. What is between events (an XML declaration, `<Events>`, the "- " that a browser's tree view leaves before
 * a tag) is passed over. It knows nothing of what any event means.
 *
 * The shape: `{ System: { Provider, EventID, TimeCreated, Channel, Computer, EventRecordID, ... }, EventData: { ... },
 * Message? }`, every value a string. In System, an element without text gives its first attribute (Provider its Name,
 * TimeCreated its SystemTime). EventData holds each `<Data Name="X">` under X, those without a name under "Data1",
 * "Data2", ..., and for `<UserData>` every innermost element under its own name. Where a name stands twice the first
 * counts. Message is the rendered text, where the writer added one.
 *
 * A log is written by programs, its contents by strangers: an event may be as long as `eventLengthMax`; entities other
 * than the five that XML defines, document types and deep nesting make it unreadable.
 */
import { SaxesParser } from "saxes";
import type { JsonObject } from "#/sources/source.ts";

/** Characters of one event; real ones have a few thousand. */
export const eventLengthMax = 1 << 20;
const DEPTH_MAX = 16;
const FIELDS_MAX = 512;

export type EventReading =
  | { readonly kind: "event"; readonly value: JsonObject }
  | { readonly kind: "broken"; readonly why: string };

type Leaf = {
  readonly path: readonly string[];
  readonly name: string;
  readonly attribute: string;
  readonly text: string;
};

/** Reads one whole `<Event>...</Event>`. */
export function readEventXml(text: string): EventReading {
  const system: Record<string, string> = Object.create(null);
  const data: Record<string, string> = Object.create(null);
  let message = "";
  let unnamed = 0;
  const why = readLeaves(text, (leaf) => {
    const [, part = ""] = leaf.path;
    if (part === "System") keep(system, leaf.name, leaf.text.trim() === "" ? leaf.attribute : leaf.text.trim());
    else if (leaf.name === "Message" && part === "RenderingInfo") message ||= leaf.text;
    else if (leaf.name === "Data")
      keep(data, leaf.attribute === "" ? `Data${(unnamed += 1)}` : leaf.attribute, leaf.text);
    else if (part === "UserData") keep(data, leaf.name, leaf.text);
  });
  if (why !== "") return { kind: "broken", why };
  if (system["EventID"] === undefined) return { kind: "broken", why: "an event without EventID" };
  return { kind: "event", value: { System: system, EventData: data, ...(message === "" ? {} : { Message: message }) } };
}

/** The text of every innermost element of some XML by its name, the first where a name repeats; undefined where it is none. */
export function xmlFields(text: string): Readonly<Record<string, string>> | undefined {
  const fields: Record<string, string> = Object.create(null);
  const why = readLeaves(text, (leaf) => keep(fields, leaf.name, leaf.text.trim()));
  return why === "" ? fields : undefined;
}

function keep(into: Record<string, string>, name: string, text: string): void {
  if (into[name] === undefined) into[name] = text;
}

/** Calls for every innermost element; answers "" or what is wrong. */
function readLeaves(text: string, leaf: (leaf: Leaf) => void): string {
  // Position tracking would cost a third of the time, and control characters that clients put into names are legal in XML 1.1.
  const parser = new SaxesParser({ xmlns: false, position: false, defaultXMLVersion: "1.1", forceXMLVersion: true });
  const path: string[] = [];
  let why = "";
  let attribute = "";
  let content = "";
  let isInnermost = false;
  let fields = 0;
  parser.on("error", (error) => (why ||= `not valid XML: ${error.message}`));
  parser.on("doctype", () => (why ||= "a document type, which no event has"));
  parser.on("opentag", (tag) => {
    path.push(localName(tag.name));
    if (path.length > DEPTH_MAX) why ||= `elements nested more than ${DEPTH_MAX} deep`;
    attribute = firstAttribute(tag.attributes);
    content = "";
    isInnermost = true;
  });
  parser.on("text", (part) => (content += part));
  parser.on("cdata", (part) => (content += part));
  parser.on("closetag", () => {
    const name = path.pop() ?? "";
    if (isInnermost && why === "") {
      fields += 1;
      if (fields > FIELDS_MAX) why = `more than ${FIELDS_MAX} fields`;
      else leaf({ path, name, attribute, text: content });
    }
    isInnermost = false;
  });
  parser.write(legal(text)).close();
  return why;
}

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

function firstAttribute(attributes: Readonly<Record<string, string>>): string {
  const named = attributes["Name"] ?? attributes["SystemTime"];
  if (named !== undefined) return named;
  for (const name in attributes)
    if (!name.startsWith("xmlns") && !name.startsWith("xsi:")) return attributes[name] ?? "";
  return "";
}

/** What no XML may hold, raw or as a reference, is replaced: a name with a NUL in it must not make its event unreadable. */
function legal(text: string): string {
  const formed = text.isWellFormed() ? text : text.toWellFormed();
  if (!/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|&#/.test(formed)) return formed;
  return formed
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/g, "\ufffd")
    .replace(/&#(?:0{1,9}|x0{1,9}|x0{0,4}[dD][89a-fA-F][0-9a-fA-F]{2}|x0{0,4}[fF]{3}[eEfF]);/g, "\ufffd");
}

/** A line that holds one whole event, as collectors forward it; undefined where it does not look like one. */
export function eventOfLine(line: string): EventReading | undefined {
  const from = line.startsWith("- <") ? 2 : 0;
  if (line.charCodeAt(from) !== 60 || !line.startsWith("<Event", from) || !line.trimEnd().endsWith("</Event>"))
    return undefined;
  return readEventXml(line.slice(from));
}

/** Takes text in pieces of any size. `onRecord` gets every event with the line on which it begins, `onBroken` what cannot be read. */
export function createEventXml(
  onRecord: (value: JsonObject, line: number) => void,
  onBroken: (why: string, line: number) => void,
): { write(text: string): void; end(): void } {
  const splitter = new Splitter((text, line) => {
    const reading = readEventXml(text);
    if (reading.kind === "event") onRecord(reading.value, line);
    else onBroken(reading.why, line);
  }, onBroken);
  return splitter;
}

/** Longest token that may be cut by the end of a piece, less one. */
const TOKEN_MAX = 11;
const tooLong = `an event of more than ${eventLengthMax >> 20} MiB`;
const eventToken = /<Event[\s>]|<\/Event>|<!\[CDATA\[|<\/?UserData[\s>]/g;
const cdataEnd = /\]\]>/g;

class Splitter {
  readonly #onEvent: (text: string, line: number) => void;
  readonly #onBroken: (why: string, line: number) => void;
  #buffer = "";
  /** Everything before this has been looked at. */
  #seen = 0;
  /** Open `<Event>` elements: AD FS nests one in UserData. 0 between events. */
  #depth = 0;
  #inUserData = false;
  #inCdata = false;
  #skipping = false;
  #line = 1;

  constructor(onEvent: (text: string, line: number) => void, onBroken: (why: string, line: number) => void) {
    this.#onEvent = onEvent;
    this.#onBroken = onBroken;
  }

  write(text: string): void {
    this.#buffer += text;
    while (this.#step());
    if (this.#depth === 0 || this.#skipping) this.#drop(this.#seen);
    else if (this.#buffer.length > eventLengthMax) {
      this.#onBroken(tooLong, this.#line);
      this.#skipping = true;
      this.#drop(this.#seen);
    }
  }

  end(): void {
    if (this.#depth > 0 && !this.#skipping) this.#onBroken("the last event is cut short", this.#line);
    this.#buffer = "";
  }

  /** Goes on to the next token; false where the text at hand holds no further one. */
  #step(): boolean {
    const token = this.#inCdata ? cdataEnd : eventToken;
    token.lastIndex = this.#seen;
    const found = token.exec(this.#buffer);
    if (found === null) {
      this.#seen = Math.max(this.#seen, this.#buffer.length - TOKEN_MAX);
      return false;
    }
    this.#seen = token.lastIndex;
    const [text] = found;
    if (text === "]]>") this.#inCdata = false;
    else if (text.startsWith("<!")) this.#inCdata = true;
    else if (text.includes("UserData")) this.#inUserData = !text.startsWith("</");
    else if (text === "</Event>") this.#close();
    else this.#open(found.index);
    return true;
  }

  #open(at: number): void {
    if (this.#depth > 0 && !this.#inUserData) {
      // The writer died in the middle of an event and began anew.
      if (!this.#skipping) this.#onBroken("an event without its end", this.#line);
      this.#depth = 0;
    }
    if (this.#depth === 0) {
      this.#drop(at);
      this.#skipping = false;
      this.#inUserData = false;
    }
    this.#depth += 1;
  }

  #close(): void {
    if (this.#depth === 0) return;
    this.#depth -= 1;
    if (this.#depth > 0) return;
    if (!this.#skipping) this.#whole();
    this.#skipping = false;
    this.#drop(this.#seen);
  }

  #whole(): void {
    if (this.#seen > eventLengthMax) this.#onBroken(tooLong, this.#line);
    else this.#onEvent(this.#buffer.slice(0, this.#seen), this.#line);
  }

  #drop(until: number): void {
    for (let at = this.#buffer.indexOf("\n"); at >= 0 && at < until; at = this.#buffer.indexOf("\n", at + 1))
      this.#line += 1;
    this.#buffer = this.#buffer.slice(until);
    this.#seen -= until;
  }
}
