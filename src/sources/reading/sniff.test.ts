import assert from "node:assert/strict";
import { test } from "node:test";
import { type Framing, recordLists, sniff, withoutTypeLine } from "./sniff.ts";

const kind = (head: string): Framing["kind"] => sniff(head).kind;

test("log lines are lines, whatever brackets, commas and hashes they begin with or hold", () => {
  for (const head of [
    "",
    "\n",
    "Nov 23 10:00:00 mx1 sshd[7]: Failed password for anna, bert, carl from 192.0.2.1\n",
    "<34>1 2026-11-23T10:00:00Z mx1 sshd 7 - - x\n",
    "<86>Nov 23 10:00:00 mx1 sshd[7]: Invalid user <Event> from 192.0.2.1 port 4000\n",
    "[2026-11-23 10:00:00] a, b, c\n",
    "[23/Nov/2026:10:00:00 +0000] x\n",
    "[1] x, y\n",
    "192.0.2.1 - - [23/Nov/2026:10:00:00 +0000] x\n",
    "#Software: Something\n#Fields: date time c-ip\n",
    "#Fields: date-time,connector-id,session-id\n",
    "@400000006541b1a02d2b5c94 listening on a, b, c\n@400000006541b1a02d2b5c94 x\n",
    "Listening on imap, pop3, submission\n\nNov 23 10:00:00 mx1 sshd[7]: x\n",
    "time=10:00,user=anna,from=192.0.2.1\n",
    "2026-11-23 10:00:00,123 INFO a, b\n",
    "a,a,b,b\n",
    "one,two\n",
    "\0\0\0\0",
  ])
    assert.equal(kind(head), "lines", head);
});

test("an object on each line is lines, and so is one whose line is longer than what is looked at", () => {
  const object = JSON.stringify({ a: 1, tags: ["x"], value: ["text"] });
  assert.equal(kind(object), "lines");
  assert.equal(kind(`\ufeff${object}\r\n${object}\r\n`), "lines");
  assert.equal(kind(`\n\n${object}\n`), "lines");
  assert.equal(kind(`{"broken":}\n${object}\n`), "lines");
});

test("an array of objects, an object laid out over lines, and one that wraps a list of objects are documents", () => {
  for (const head of ['[{"a":1}]', "[]", "[ \n {", '{\n  "a": 1\n}\n', "{", '{"a":1,\n"b":2}'])
    assert.equal(kind(head), "json-document", head);
  for (const name of recordLists) assert.equal(kind(JSON.stringify({ x: 1, [name]: [{ a: 1 }] })), "json-document");
  assert.equal(kind(JSON.stringify({ others: [{ a: 1 }] })), "lines");
  const cut = `{"value":[${'{"a":"x"},'.repeat(10)}`;
  assert.equal(kind(cut), "json-document");
});

test("a first line of at least three distinct names is the header of a table", () => {
  const cases: readonly (readonly [head: string, delimiter: string])[] = [
    ["time,account,address\n1,2,3\n", ","],
    ["\ufeffTime;User name;IP address\r\n", ";"],
    ["time\taccount\taddress\n", "\t"],
    ['"Date (UTC)","User principal name","IP address","Status"\n', ","],
    ['#TYPE System.Data.DataRow\r\n"TimeCreated","Id","Message"\r\n', ","],
    ["a,b,c", ","],
    ["a,b,c\n\nshort\n1,2,3,4\n", ","],
  ];
  for (const [head, delimiter] of cases) assert.deepEqual(sniff(head), { kind: "table", delimiter }, head);
  const many = Array.from({ length: 30 }, (_, index) => `Column ${index}`);
  assert.equal(kind(`${[...many, "Column 3"].join(",")}\n`), "table");
  assert.equal(kind("2026-11-23,anna,192.0.2.1\n"), "lines");
});

test("Windows events are known by their element, with a declaration or a tree view's dash before it", () => {
  for (const head of [
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>",
    '<?xml version="1.0" encoding="utf-8"?>\r\n<Events>\r\n<Event>',
    "- <Event>",
    "\ufeff<Events>",
  ])
    assert.equal(kind(head), "event-xml", head);
  assert.equal(kind("<html><body>Event</body></html>"), "lines");
  assert.equal(kind("<EventTracker>"), "lines");
});

test("PowerShell's line before a table is taken off, and no other", () => {
  assert.equal(withoutTypeLine("#TYPE System.X\r\na,b,c"), "a,b,c");
  assert.equal(withoutTypeLine("#TYPES\na"), "#TYPES\na");
});
