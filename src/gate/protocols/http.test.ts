import assert from "node:assert/strict";
import { test } from "node:test";
import { testListener } from "../../../test/support/listener-suite.ts";
import { admitted, ask, open } from "../../../test/support/listener.ts";
import { Credentials } from "./credentials.ts";
import { type Endpoint, checkGuarded } from "./endpoint.ts";
import { listenHttp } from "./http.ts";
import { listenerLimits } from "./listener.ts";

testListener("node:http", listenHttp);

test("node:http: a body whose length is not told is read to the limit as well", async () => {
  const { listener } = await open(listenHttp, { limits: { ...listenerLimits, bodyBytesMax: 10 } });
  await using _ = listener;
  const headers = { ...admitted, "transfer-encoding": "chunked" };
  for (const [length, status] of [
    [10, 200],
    [11, 413],
  ] as const)
    assert.equal((await ask({ port: listener.port, path: "/", headers, body: "x".repeat(length) })).status, status);
});

test("beyond loopback a listener needs TLS, and something to be shown", () => {
  const anywhere: Endpoint = { kind: "tcp", host: "192.0.2.1", port: 4001 };
  const files = { certificate: "c", key: "k", clientAuthorities: undefined };
  const some = new Credentials([{ name: "x", sha256: "00" }]);
  const none = new Credentials([]);
  assert.throws(() => checkGuarded(anywhere, some, undefined), /needs TLS/);
  assert.throws(() => checkGuarded({ ...anywhere, host: "::" }, some, undefined), /\[::\]:4001/);
  assert.throws(() => checkGuarded(anywhere, none, files), /must show something/);
  checkGuarded(anywhere, none, { ...files, clientAuthorities: "a" });
  checkGuarded(anywhere, some, files);
  checkGuarded({ ...anywhere, host: "::1" }, none, undefined);
});
