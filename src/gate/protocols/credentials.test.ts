import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Credentials, type Shown } from "./credentials.ts";

const sha256 = (token: string): string => createHash("sha256").update(token).digest("hex");
const credentials = new Credentials([
  { name: "mx1", sha256: sha256("first-token") },
  { name: "mx2", sha256: sha256("second:token") },
]);
const shown = (more: Partial<Shown>): Shown => ({ authorization: "", apiKey: "", isCertified: false, ...more });
const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString("base64")}`;

test("a token is taken as Bearer, as the password of Basic, or as a key", () => {
  for (const [given, expected] of [
    [{ authorization: "Bearer first-token" }, true],
    [{ authorization: "  bearer   first-token " }, true],
    [{ authorization: basic("wforce:first-token") }, true],
    [{ authorization: basic("anybody:second:token") }, true],
    [{ apiKey: "first-token" }, true],
    [{ isCertified: true }, true],
    [{}, false],
    [{ authorization: "Bearer " }, false],
    [{ authorization: "Bearer first-toke" }, false],
    [{ authorization: basic("first-token:") }, false],
    [{ authorization: `Bearer ${sha256("first-token")}` }, false],
    [{ authorization: "Digest first-token" }, false],
  ] as const) {
    assert.equal(credentials.admits("token", shown(given)), expected, JSON.stringify(given));
  }
});

test("where Authorization is the member's own, only the key counts; and some things everybody may ask", () => {
  assert.ok(!credentials.admits("key", shown({ authorization: "Bearer first-token" })));
  assert.ok(credentials.admits("key", shown({ authorization: basic("anna:x"), apiKey: "first-token" })));
  assert.ok(credentials.admits("none", shown({})));
  assert.ok(new Credentials([]).admits("token", shown({})));
});
