import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { systemTimers } from "#/platform/timers.ts";
import { type Listen, open, raw } from "../../../test/support/listener.ts";
import { Credentials } from "../protocols/credentials.ts";
import { type Asked, type Route, json } from "../protocols/exchange.ts";
import { listenNodeHttp } from "../../../bench/gate/node-http.ts";
import { type Listener, listenerLimits } from "../protocols/listener.ts";
import { listenHttp } from "./listen.ts";

const listenReader: Listen = (options) => listenHttp(options, systemTimers);

/** The same route at every path. */
class Everywhere extends Map<string, Route> {
  readonly #route: Route;

  constructor(route: Route) {
    super();
    this.#route = route;
  }

  override get(): Route {
    return this.#route;
  }
}

type Ear = { readonly listener: Listener; readonly path: string; readonly heard: Asked[] };

async function ear(listen: Listen, folder: string, name: string): Promise<Ear> {
  const heard: Asked[] = [];
  const path = join(folder, name);
  const { listener } = await open(listen, {
    endpoint: { kind: "unix", path, mode: 0o600 },
    routes: new Everywhere({
      protocol: "echo",
      guard: "none",
      handle(asked) {
        heard.push(asked);
        return asked.query === "later"
          ? new Promise((resolve) => setImmediate(() => resolve(json(200, 1))))
          : json(200, 1);
      },
    }),
    credentials: new Credentials([]),
    limits: { ...listenerLimits, bodyBytesMax: 1_000, headerBytesMax: 2_000 },
  });
  return { listener, path, heard };
}

const folder = mkdtempSync(join(tmpdir(), "reader-"));
const reader = await ear(listenReader, folder, "reader");
const standard = await ear(listenNodeHttp, folder, "standard");
after(async () => {
  await reader.listener[Symbol.asyncDispose]();
  await standard.listener[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const head = "POST /?command=allow HTTP/1.1\r\nHost: gate\r\n";
/** The last of several, so that the connection ends without anybody waiting. */
const last = "GET /last HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n";

async function statusesOf(text: string): Promise<number[]> {
  const answers = await raw({ path: reader.path }, text);
  return [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

test("what can be read in two ways is refused, and nothing after it is looked at", async () => {
  for (const [what, request, status] of [
    ["two lengths", `${head}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`, 400],
    ["two lengths in one", `${head}Content-Length: 2, 2\r\n\r\n{}`, 400],
    ["a length with a sign", `${head}Content-Length: +2\r\n\r\n{}`, 400],
    ["a length that is none", `${head}Content-Length: 0x2\r\n\r\n{}`, 400],
    ["a length with a zero", `${head}Content-Length: 02\r\n\r\n{}`, 400],
    ["an empty length", `${head}Content-Length:\r\n\r\n{}`, 400],
    ["a length beyond numbers", `${head}Content-Length: 99999999999999999999\r\n\r\n{}`, 400],
    ["no length", `${head}\r\n{}`, 411],
    ["chunks", `${head}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`, 501],
    ["chunks beside a length", `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`, 501],
    ["chunks in disguise", `${head}Content-Length: 2\r\nTransfer-Encoding : chunked\r\n\r\n{}`, 400],
    ["a folded line", `${head}X: a\r\n b\r\nContent-Length: 2\r\n\r\n{}`, 400],
    ["a blank before the colon", `${head}Content-Length : 2\r\n\r\n{}`, 400],
    ["a bare line feed", `${head}X: a\nContent-Length: 9\r\nContent-Length: 2\r\n\r\n{}`, 400],
    ["a bare carriage return", `${head}X: a\rb\r\nContent-Length: 2\r\n\r\n{}`, 400],
    ["a NUL", `${head}X: a\0b\r\nContent-Length: 2\r\n\r\n{}`, 400],
    ["no host", "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", 400],
    ["two hosts", `${head}Host: other\r\nContent-Length: 2\r\n\r\n{}`, 400],
    ["two authorizations", `${head}Authorization: a\r\nauthorization: b\r\nContent-Length: 2\r\n\r\n{}`, 400],
    ["a line without a name", `${head}: a\r\nContent-Length: 2\r\n\r\n{}`, 400],
    ["an expectation", `${head}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}`, 417],
    ["an old version", "GET / HTTP/0.9\r\nHost: gate\r\n\r\n", 505],
    ["a new version", "GET / HTTP/2.0\r\nHost: gate\r\n\r\n", 505],
    ["a method that nobody has", "OST / HTTP/1.1\r\nHost: gate\r\n\r\n", 501],
    ["an absolute path", "GET http://gate/ HTTP/1.1\r\nHost: gate\r\n\r\n", 400],
    ["two blanks", "GET  / HTTP/1.1\r\nHost: gate\r\n\r\n", 400],
    ["blank lines before", "\r\n\r\nGET / HTTP/1.1\r\nHost: gate\r\n\r\n", 400],
    ["101 lines", `${head}${"X: a\r\n".repeat(101)}\r\n`, 431],
    ["a long head", `${head}X: ${"a".repeat(2_000)}\r\n\r\n`, 431],
    ["a long body", `${head}Content-Length: 1001\r\n\r\n`, 413],
  ] as const) {
    assert.deepEqual(await statusesOf(`${request}${last}`), [status], what);
  }
});

test("requests that come together are answered in their order, however long each takes", async () => {
  reader.heard.length = 0;
  const slow = "POST /slow?later HTTP/1.1\r\nHost: gate\r\nContent-Length: 2\r\n\r\n{}";
  const quick = "GET /quick HTTP/1.1\r\nHost: gate\r\n\r\n";
  assert.deepEqual(await statusesOf(`${slow}${quick}${slow}${last}${quick}`), [200, 200, 200, 200]);
  assert.deepEqual(
    reader.heard.map(({ path }) => path),
    ["/slow", "/quick", "/slow", "/last"],
  );
});

test("HTTP/1.0 gets one answer, and the end of its connection", async () => {
  const request = "GET / HTTP/1.0\r\nHost: gate\r\nConnection: keep-alive\r\n\r\n";
  assert.deepEqual(await statusesOf(`${request}${request}`), [200]);
});

test("an answer to HEAD has a length and no body", async () => {
  const answer = await raw({ path: reader.path }, `HEAD / HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n`);
  assert.match(answer, /^HTTP\/1\.1 200 OK\r\nDate: .* GMT\r\n/);
  assert.match(answer, /\r\nContent-Length: 1\r\n[^]*\r\n\r\n$/);
});

const told = (asked: Asked | undefined): unknown =>
  asked === undefined ? undefined : { ...asked, headers: { ...asked.headers } };

/** Requests as they should be, with something wrong here and there. */
const requests = fc
  .record({
    parts: fc.array(
      fc.record({
        method: fc.constantFrom("POST", "GET", "PUT", "HEAD"),
        version: fc.constantFrom("1.1", "1.1", "1.1", "1.0"),
        path: fc.constantFrom("/", "/?command=allow", "/a%20b?x=%00", "/*"),
        body: fc.string({ maxLength: 20 }),
        lines: fc.array(
          fc.constantFrom(
            "Connection: keep-alive",
            "Connection: close",
            "X-A: \t b \t",
            "X-A: c",
            "User-Agent: d",
            "Cookie: a=b",
            "Authorization: Basic eDp5",
            "X-B: \u00e9",
            "Content-Length: 3",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: identity",
            "Upgrade: h2c",
            "Expect: 100-continue",
          ),
          { maxLength: 3 },
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    wounds: fc.array(
      fc.record({
        at: fc.nat(600),
        cut: fc.nat(3),
        put: fc.constantFrom("", "\r", "\n", "\r\n", " ", "\t", ":", ",", "\0", "0", "Content-Length: 1\r\n", "\u0080"),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ parts, wounds }) => {
    let text = parts
      .map(({ method, version, path, body, lines }) => {
        const length = method === "GET" && body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
        return [`${method} ${path} HTTP/${version}`, "Host: gate", ...length, ...lines, "", body].join("\r\n");
      })
      .join("");
    for (const { at, cut, put } of wounds) text = text.slice(0, at) + put + text.slice(at + cut);
    return `${text}${last}`;
  });

async function heardBy({ path, heard }: Ear, text: string): Promise<Asked[]> {
  heard.length = 0;
  await raw({ path }, text, true);
  return [...heard];
}

test("whatever node:http would not read, or would read otherwise, the reader does not read", async () => {
  let understood = 0;
  await fc.assert(
    fc.asyncProperty(requests, async (text) => {
      const own = await heardBy(reader, text);
      const theirs = await heardBy(standard, text);
      understood += own.length;
      for (const [index, asked] of own.entries()) assert.deepEqual(told(asked), told(theirs[index]), text);
    }),
    { numRuns: 300 },
  );
  assert.ok(understood > 100, `only ${understood} were understood`);
});

test("in how many pieces a request comes makes no difference", async () => {
  await fc.assert(
    fc.asyncProperty(requests, fc.array(fc.nat(400), { maxLength: 5 }), async (text, cuts) => {
      const whole = (await heardBy(reader, text)).map(told);
      reader.heard.length = 0;
      await inPieces(text, cuts);
      assert.deepEqual(reader.heard.map(told), whole, text);
    }),
    { numRuns: 100 },
  );
});

function inPieces(text: string, cuts: readonly number[]): Promise<void> {
  const ends = [...new Set(cuts), text.length].sort((one, other) => one - other);
  return new Promise((resolve) => {
    const socket = connect({ path: reader.path, noDelay: true });
    socket.on("close", () => resolve());
    socket.on("error", () => undefined);
    socket.resume();
    const next = (at: number, from: number): void => {
      const end = ends[at];
      if (end === undefined) socket.end();
      else socket.write(text.slice(from, end), "latin1", () => setImmediate(next, at + 1, end));
    };
    next(0, 0);
  });
}
