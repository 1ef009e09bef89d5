import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { objectReader } from "../../../test/support/corpus.ts";
import { row } from "../../../test/support/web-sources.ts";
import { Failure } from "#/platform/failure.ts";
import { millis } from "#/platform/units.ts";
import { LocalTime } from "#/sources/local-time.ts";
import { anyTime } from "./any-time.ts";
import { guessMap, parseMap } from "./mapped.ts";
import { reasonOf, serviceOf } from "./words.ts";

const reading = (map: string, value: Record<string, string | number | boolean | object>) =>
  objectReader(parseMap(map))(JSON.parse(JSON.stringify(value)));
const told = (map: string, value: Record<string, string | number | boolean | object>) => row(reading(map, value));

const map = "time=t,account=u,address=a,outcome=o";
const base = { t: "2026-11-22T08:00:00Z", u: "ingrid", a: "203.0.113.7", o: "ok" };

describe("what --map says", () => {
  test("fields are taken as they are named, nested ones by a path", () => {
    assert.deepEqual(told(map, base), ["success", "", "ingrid", "203.0.113.7"]);
    const nested = { t: base.t, user: { name: "ingrid" }, client: { ip: "203.0.113.7" }, ok: true };
    assert.deepEqual(told("time=t,account=user.name,address=client.ip,outcome=ok", nested), [
      "success",
      "",
      "ingrid",
      "203.0.113.7",
    ]);
    assert.equal(told("time=t,account=user.name,outcome=o", { ...base, "user.name": "ingrid" })[2], "ingrid");
  });

  test("the operator's own words go before what is commonly meant", () => {
    assert.equal(told(`${map},success=0`, { ...base, o: 0 })[0], "success");
    assert.equal(told(`${map},failure=1|2`, { ...base, o: 1 })[0], "failure");
    assert.equal(told(`${map},success=angemeldet,failure=abgewiesen`, { ...base, o: "Abgewiesen" })[0], "failure");
  });

  test("a word that nobody knows is told with how to say what it means", () => {
    const [kind, why] = told(map, { ...base, o: "kanskje" });
    assert.equal(kind, "malformed");
    assert.match(why ?? "", /"kanskje" in o .*success=/);
  });

  test("what is wrong with a map is said, with an example", () => {
    for (const [text, said] of [
      ["time=t,account=u", /the outcome/],
      ["", /the time/],
      ["time=t,account=u,outcome", /"outcome" is not name=field/],
      ["time=,account=u,outcome=o", /"time=" is not/],
      ["time=t,user=u,outcome=o", /"user=u" is none of: time, account/],
      ["time=t,account=u,outcome=o,timeformat=ymd", /dmy or mdy/],
      ["x".repeat(5_000), /longer/],
    ] as const)
      assert.throws(
        () => parseMap(text),
        (error) =>
          error instanceof Failure &&
          error.code === "map-invalid" &&
          said.test(error.message) &&
          error.message.includes("For example: --map time="),
        text,
      );
  });

  test("records with none of the fields are not this format", () => {
    assert.deepEqual(told(map, { something: "else" }), ["foreign"]);
  });

  test("a blank before a column's name is none of it", () => {
    assert.equal(told(map, { t: base.t, " u": " ingrid", " o": " ok" })[2], "ingrid");
  });

  test("names of JavaScript's own are fields like others", () => {
    assert.equal(told("time=t,account=__proto__,outcome=o", base)[2], "");
    assert.equal(told("time=t,account=constructor.name,outcome=o", base)[2], "");
  });

  test("counts are bounded", () => {
    for (const [n, count] of [
      [3, 3],
      [0, 1],
      [-1, 1],
      [1e12, 100_000],
      ["many", 1],
    ] as const) {
      const read = reading(`${map},count=n`, { ...base, n });
      assert.ok(read.kind === "evidence");
      assert.equal(read.count, count);
    }
  });
});

describe("the password's fingerprint", () => {
  const print = (more: object, text = `${map},fingerprint=f`): string => {
    const read = reading(text, { ...base, ...more });
    assert.ok(read.kind === "evidence");
    return read.passwordFingerprint;
  };

  test("is taken from the field that --map names, and is empty where there is none", () => {
    assert.equal(print({ f: "9c1185a5c5e9fc54" }), "9c1185a5c5e9fc54");
    for (const f of ["", "-", "null", "None"]) assert.equal(print({ f }), "", f);
    assert.equal(print({ f: "9c1185a5c5e9fc54" }, map), "");
  });

  test("is found by itself where the field says that it is a password's, and by no other name", () => {
    const fields = ["time", "user", "ip", "result"];
    for (const name of ["passwordFingerprint", "password_fingerprint", "Password Fingerprint"])
      assert.match(guessMap([...fields, name]) ?? "", new RegExp(`fingerprint=${name}`), name);
    for (const name of ["fingerprint", "password", "password_hash", "ja3_fingerprint"])
      assert.doesNotMatch(guessMap([...fields, name]) ?? "", /fingerprint=/, name);
  });

  test("is in no line that is shown as unreadable", () => {
    const read = reading(`${map},fingerprint=f`, { ...base, o: "kanskje", f: "9c1185a5c5e9fc54" });
    assert.ok(read.kind === "malformed");
    assert.equal(read.secret, "9c1185a5c5e9fc54");
  });
});

describe("times", () => {
  const at = (text: string, order?: "dmy" | "mdy", zone = "UTC") => {
    const time = new LocalTime(zone, millis(Date.UTC(2026, 10, 23)));
    const found = anyTime(text, order, time);
    return found === undefined ? "none" : new Date(found).toISOString();
  };
  const eight = "2026-11-22T08:00:00.000Z";

  test("of every custom are read", () => {
    for (const text of [
      "2026-11-22T08:00:00Z",
      "2026-11-22 08:00:00",
      "2026-11-22 09:00:00+0100",
      "2026/11/22 08:00:00",
      "22/Nov/2026:08:00:00 +0000",
      "1795334400",
      "1795334400.000",
      "1795334400000",
      "1795334400000000",
      "1795334400000000000",
      "134398080000000000",
      "20261122080000",
      "20261122T080000Z",
      "22/11/2026 08:00:00",
      "22.11.2026 08:00",
      "11/22/2026 8:00:00 AM",
      "Sun, 22 Nov 2026 08:00:00 +0000",
      "22-Nov-2026 08:00:00",
      "Nov 22, 2026 8:00:00 AM",
      "November 22, 2026 @ 08:00:00.000",
    ])
      assert.equal(at(text), eight, text);
  });

  test("without a zone are read in the file's", () => {
    for (const text of ["2026-11-22 09:00:00", "22-Nov-2026 09:00:00", "20261122090000"])
      assert.equal(at(text, undefined, "Europe/Oslo"), eight, text);
  });

  test("with day and month in doubt are read as the operator says", () => {
    assert.equal(at("05/11/2026 08:00", "dmy"), "2026-11-05T08:00:00.000Z");
    assert.equal(at("05/11/2026 08:00", "mdy"), "2026-05-11T08:00:00.000Z");
    assert.equal(at("11/05/2026 12:30:00 AM", "mdy"), "2026-11-05T00:30:00.000Z");
  });

  test("that are none are none", () => {
    for (const text of [
      "",
      "soon",
      "2026-13-01 08:00:00",
      "31/02/2026 08:00",
      "12345",
      "1".repeat(61),
      "99999999999999",
    ])
      assert.equal(at(text), "none", text);
  });

  test("of any text give a time or none, in bounded time", () => {
    const time = new LocalTime("UTC", millis(0));
    fc.assert(
      fc.property(fc.stringMatching(/^[\d:/. TZ+AaPpMm,-]{0,60}$/), (text) => {
        const found = anyTime(text, undefined, time);
        assert.ok(found === undefined || Number.isFinite(new Date(found).getTime()));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("words", () => {
  test("of reasons mean what people mean by them", () => {
    for (const [text, reason] of [
      ["Invalid username or password", "bad-password"],
      ["wrong password", "bad-password"],
      ["invalid_user_credentials", "bad-password"],
      ["unknown user", "unknown-account"],
      ["User not found", "unknown-account"],
      ["user not in directory", "unknown-account"],
      ["invalid user", "unknown-account"],
      ["account locked", "locked"],
      ["blocked by policy", "policy"],
      ["too many attempts, try again in 30 seconds", "policy"],
      ["account disabled", "disabled"],
      ["password expired", "expired"],
      ["second factor failed", "second-factor"],
      ["LDAP timeout", "fault"],
      ["unknown error", "other"],
      ["", "other"],
    ] as const)
      assert.equal(reasonOf(text), reason, text);
  });

  test("that only say that it failed leave a wrong password", () => {
    for (const [o, reason] of [
      ["failed", "bad-password"],
      ["false", "bad-password"],
      [401, "bad-password"],
      [403, "policy"],
      [503, "fault"],
      ["account locked", "locked"],
    ] as const)
      assert.deepEqual(told(map, { ...base, o }).slice(0, 2), ["failure", reason], String(o));
    assert.equal(told(`${map},reason=r`, { ...base, o: "failed", r: "account expired" })[1], "expired");
  });

  test("of services are found as words, not as letters in others", () => {
    for (const [text, service] of [
      ["IMAP4", "imap"],
      ["desktop", "desktop"],
      ["Outlook Web App (OWA)", "webmail"],
      ["toward", "other"],
      ["newsletter", "other"],
      ["northeast", "other"],
      ["POP3S", "pop3"],
    ] as const)
      assert.equal(serviceOf(text), service, text);
  });
});

describe("a guess at what fields mean", () => {
  test("needs a time, an account and an outcome", () => {
    assert.equal(
      guessMap(["Timestamp", "User", "Source IP", "Result"]),
      "time=Timestamp,account=User,address=Source IP,outcome=Result",
    );
    assert.equal(
      guessMap(["timestamp", "userName", "clientIp", "success"]),
      "time=timestamp,account=userName,address=clientIp,outcome=success",
    );
    assert.equal(guessMap(["timestamp", "message", "level"]), undefined);
    assert.equal(guessMap(["user", "result"]), undefined);
  });

  test("never takes one field twice, nor one that a map cannot name", () => {
    const guessed = guessMap(["date", "time", "user", "account", "status", "result"]);
    const fields = (guessed ?? "").split(",").map((part) => part.split("=")[1]);
    assert.equal(new Set(fields).size, fields.length);
    assert.equal(guessMap(["time", "user", "result,or=so"]), undefined);
  });

  test("of any names is a map that can be read", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom("time", "user", "ip", "result")), { maxLength: 12 }),
        (names) => {
          const guessed = guessMap(names);
          if (guessed !== undefined) assert.equal(parseMap(guessed).title, guessed);
        },
      ),
    );
  });
});
