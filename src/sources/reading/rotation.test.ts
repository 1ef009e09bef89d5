import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf } from "./rotation.ts";

const groups: readonly (readonly [log: string, oldestFirst: readonly string[]])[] = [
  ["auth.log", ["auth.log.10.gz", "auth.log.3.gz", "auth.log.2.gz", "auth.log.1", "auth.log"]],
  ["auth.log", ["auth.log.1.bz2", "auth.log.0.bz2", "auth.log"]],
  ["mail.log", ["mail.log-20251231.gz", "mail.log-20260101.zst", "mail.log-20260102", "mail.log"]],
  ["mail.log", ["mail.log-20260101-1767225600.gz", "mail.log-20260102-1767312000", "mail.log"]],
  ["keycloak.log", ["keycloak.log.2025-12-31", "keycloak.log.2026-01-01", "keycloak.log"]],
  ["app.log", ["app.2025-12-31.log", "app.2026-01-01.log.gz", "app.2026-01-02.log"]],
  ["u_ex.log", ["u_ex251231.log", "u_ex260101.log", "u_ex260102.log"]],
  ["RECV.LOG", ["RECV2026010109-1.LOG", "RECV2026010110-1.LOG", "RECV2026010110-2.LOG", "RECV2026010209-1.LOG"]],
  ["messages", ["messages-20260101", "messages-20260108", "messages"]],
  ["secure", ["secure.old", "secure"]],
];

for (const [log, names] of groups) {
  test(`${names.join(", ")} are one log, in this order`, () => {
    const places = names.map((name) => placeOf(name));
    for (const place of places.slice(1)) assert.equal(place.log, places[0]?.log);
    assert.ok(places[0]?.log.startsWith(log.split(".")[0] ?? ""));
    const ages = places.map(({ age }) => age);
    assert.deepEqual(
      ages,
      [...ages].sort((one, other) => one - other),
    );
    assert.equal(new Set(ages).size, ages.length);
  });
}

test("names that only resemble rotation are logs of their own", () => {
  const names = [
    "web-1",
    "web-2",
    "web1.log",
    "web2.log",
    "port.8080",
    "192.0.2.1",
    "192.0.2.2.gz",
    "mail.log-20269999",
    "2026-01-01.log",
    "build-12345678",
  ];
  assert.equal(new Set(names.map((name) => placeOf(name).log)).size, names.length);
});
