import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { JsonObject } from "#/sources/source.ts";
import { createEventXml, eventLengthMax, eventOfLine, readEventXml, xmlFields } from "./xml.ts";

const event = (id: number, data = "<Data Name='TargetUserName'>anna</Data>"): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>` +
  `<Provider Name='Microsoft-Windows-Security-Auditing' Guid='{1}'/><EventID Qualifiers='0'>${id}</EventID>` +
  `<TimeCreated SystemTime='2026-11-22T08:00:00.1234567Z'/><Channel>Security</Channel>` +
  `<Computer>dc1.council.example</Computer></System><EventData>${data}</EventData></Event>`;

function split(parts: readonly string[]): { events: JsonObject[]; lines: number[]; broken: string[] } {
  const result = { events: new Array<JsonObject>(), lines: new Array<number>(), broken: new Array<string>() };
  const splitter = createEventXml(
    (value, line) => {
      result.events.push(value);
      result.lines.push(line);
    },
    (why) => result.broken.push(why),
  );
  for (const part of parts) splitter.write(part);
  splitter.end();
  return result;
}

const ids = (events: readonly JsonObject[]): string[] => events.map((value) => JSON.stringify(value["System"]));

test("an event becomes its system fields and its named data", () => {
  assert.deepEqual(readEventXml(event(4625)), {
    kind: "event",
    value: {
      System: Object.assign(Object.create(null), {
        Provider: "Microsoft-Windows-Security-Auditing",
        EventID: "4625",
        TimeCreated: "2026-11-22T08:00:00.1234567Z",
        Channel: "Security",
        Computer: "dc1.council.example",
      }),
      EventData: Object.assign(Object.create(null), { TargetUserName: "anna" }),
    },
  });
});

test("data without names is numbered, user data goes by its elements, the rendered text is kept", () => {
  const unnamed = readEventXml(event(411, "<Data>one</Data><Data>two</Data>"));
  assert.ok(unnamed.kind === "event");
  assert.deepEqual({ ...(unnamed.value["EventData"] as object) }, { Data1: "one", Data2: "two" });
  const user = readEventXml(
    event(1).replace(
      /<EventData>.*<\/EventData>/,
      "<UserData><Event xmlns='x'><Reason>no</Reason></Event></UserData><RenderingInfo><Message>told</Message></RenderingInfo>",
    ),
  );
  assert.ok(user.kind === "event");
  assert.deepEqual({ ...(user.value["EventData"] as object) }, { Reason: "no" });
  assert.equal(user.value["Message"], "told");
});

test("a name that imitates data stays a name", () => {
  const data = "<Data Name='TargetUserName'>x&lt;/Data&gt;&lt;Data Name='IpAddress'&gt;192.0.2.66</Data>";
  const reading = readEventXml(event(4625, `${data}<Data Name='IpAddress'>203.0.113.7</Data>`));
  assert.ok(reading.kind === "event");
  assert.equal((reading.value["EventData"] as JsonObject)["IpAddress"], "203.0.113.7");
});

test("field names that JavaScript has a meaning for are fields like others", () => {
  const reading = readEventXml(event(1, "<Data Name='__proto__'>a</Data><Data Name='constructor'>b</Data>"));
  assert.ok(reading.kind === "event");
  assert.equal((reading.value["EventData"] as JsonObject)["constructor"], "b");
});

test("control characters and half characters do not make an event unreadable", () => {
  for (const name of ["\u0001bo", "&#0;bo", "&#x1;bo", "\ud800bo", "&#xFFFF;bo", "\ufffebo", "&#xD800;bo"]) {
    const reading = readEventXml(event(4625, `<Data Name='TargetUserName'>${name}</Data>`));
    assert.equal(reading.kind, "event", JSON.stringify(name));
  }
});

test("entities of a document's own, document types and deep nesting are not read", () => {
  for (const text of [
    event(1, "<Data>&nbsp;</Data>"),
    `<!DOCTYPE Event [<!ENTITY a "b">]>${event(1, "<Data>&a;</Data>")}`,
    event(1, "<a>".repeat(40) + "</a>".repeat(40)),
    event(1, "<Data>a</Data>".repeat(1_000)),
    "<Event><System></System></Event>",
    event(1).slice(0, -20),
  ])
    assert.equal(readEventXml(text).kind, "broken", text.slice(0, 80));
});

test("events are found in pieces of any size, wherever they are cut", () => {
  const text = `\ufeff<?xml version="1.0"?>\n<Events>\n${event(1)}\n- ${event(2).replaceAll("><", ">\n- <")}\r\n${event(3)}</Events>`;
  const whole = split([text]);
  assert.equal(whole.events.length, 3);
  assert.deepEqual(whole.broken, []);
  assert.equal(whole.lines[0], 3);
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 30 }), (cuts) => {
      const at = [0, ...cuts.sort((left, right) => left - right), text.length];
      const parts = at.slice(1).map((end, index) => text.slice(at[index], end));
      assert.deepEqual(split(parts), whole);
    }),
    { numRuns: 300 },
  );
});

test("text in CDATA that imitates an event's end does not end it", () => {
  const { events, broken } = split([event(1, "<Data><![CDATA[</EventData></Event><Event>]]></Data>"), event(2)]);
  assert.equal(events.length, 2);
  assert.deepEqual(broken, []);
});

test("an event nested in user data is part of the outer one", () => {
  const nested = event(100).replace(
    /<EventData>.*<\/EventData>/,
    "<UserData><Event xmlns='x'><EventData><Data>a</Data></EventData></Event></UserData>",
  );
  const { events, broken } = split([nested, event(2)]);
  assert.equal(events.length, 2);
  assert.deepEqual(broken, []);
});

test("a writer that died in the middle of an event costs that event only", () => {
  const { events, broken } = split([event(1), event(2).slice(0, 150), event(3)]);
  assert.deepEqual(
    ids(events).map((text) => /"EventID":"(\d+)"/.exec(text)?.[1]),
    ["1", "3"],
  );
  assert.deepEqual(broken, ["an event without its end"]);
});

test("a last event that is cut short is told", () => {
  assert.deepEqual(split([event(1), event(2).slice(0, 150)]).broken, ["the last event is cut short"]);
});

test("an event of the greatest length is read, a longer one is passed over", () => {
  const filled = (length: number): string => {
    const empty = event(1, "<Data Name='a'></Data>");
    return event(1, `<Data Name='a'>${"x".repeat(length - empty.length)}</Data>`);
  };
  const pieces = (text: string): string[] => text.match(/[^]{1,65536}/g) ?? [];
  assert.equal(split([...pieces(filled(eventLengthMax)), event(2)]).events.length, 2);
  const over = split([...pieces(filled(eventLengthMax + 1)), event(2)]);
  assert.deepEqual([over.events.length, over.broken], [1, ["an event of more than 1 MiB"]]);
});

test("what never becomes an event is forgotten as it goes", () => {
  const splitter = createEventXml(assert.fail, assert.fail);
  for (let piece = 0; piece < 200; piece += 1) splitter.write("<Even <Events> ".repeat(5_000));
  splitter.end();
});

test("a line with one whole event is one, with or without the mark of a tree view", () => {
  assert.equal(eventOfLine(`- ${event(1)}`)?.kind, "event");
  assert.equal(eventOfLine(event(1))?.kind, "event");
  assert.equal(eventOfLine(event(1).slice(0, 90)), undefined);
  assert.equal(eventOfLine("<Events>"), undefined);
});

test("the innermost elements of any XML by their names", () => {
  assert.deepEqual({ ...xmlFields("<a><b>1</b><c><d>2</d></c><d>3</d></a>") }, { b: "1", d: "2" });
  assert.equal(xmlFields("<a><b></a>"), undefined);
});
