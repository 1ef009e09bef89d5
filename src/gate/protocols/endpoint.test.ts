import assert from "node:assert/strict";
import { test } from "node:test";
import { Credentials } from "./credentials.ts";
import { type Endpoint, checkGuarded } from "./endpoint.ts";

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
