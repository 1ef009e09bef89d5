/**
 * Somebody else's fixtures of Microsoft's, Okta's and Google's logs, one record each with what they expect to be read from it: every one that is
 * a sign-in must give the same outcome and address here, and no other may give a sign-in. The fixtures are not part of
 * the project; where they are not at hand the tests are skipped and say so.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { canonicalAddress } from "#/signin/address.ts";
import { adfs } from "#/sources/adfs/adfs.ts";
import { entra } from "#/sources/entra/entra.ts";
import { google } from "#/sources/google/google.ts";
import { objectOf, parsedObject, scalarOf, textOf } from "#/sources/json-text.ts";
import { m365 } from "#/sources/m365/m365.ts";
import { okta } from "#/sources/okta/okta.ts";
import type { JsonObject, Reading } from "#/sources/source.ts";
import { windows } from "#/sources/windows/windows.ts";
import { objectReader } from "../support/corpus.ts";

const data = process.env["PORTCULLIS_DATA"] ?? join(import.meta.dirname, "../../../shared/data");

type Fixture = { readonly name: string; readonly record: JsonObject; readonly expected: JsonObject };

/** Events of Windows that are sign-ins although the fixtures' own categories do not call them so. */
const signInEvents = new Set(["4624", "4625", "4768", "4771", "4776", "6272", "6273", "1200", "1202", "1203", "1210"]);

const isAuthentication = ({ expected }: Fixture): boolean => {
  const { category } = objectOf(expected["event"]);
  return Array.isArray(category) && category.includes("authentication");
};
const isSignInEvent = (fixture: Fixture): boolean =>
  isAuthentication(fixture) || signInEvents.has(scalarOf(objectOf(fixture.expected["event"])["code"]));

/** The start of a session is a category of its own there. */
const isSessionStart = (fixture: Fixture): boolean =>
  isAuthentication(fixture) || objectOf(fixture.expected["event"])["action"] === "user.session.start";

/** Where we differ, and why. */
const differences: Readonly<Record<string, string>> = {
  "logon_4624_t9.json": "SYSTEM starting a program under other credentials: nobody signs in, and nothing is checked",
  "test_auth_via_mfa.json": "a password that was right, on the way: the session that follows is the sign-in",
  "test_chrome_AFFILIATED_LOCK_SUCCESS.json": "a screen that was locked",
  "test_chrome_LOGIN_EVENT.json": "a kiosk that started: nobody signs in",
  "test_chrome_LOGOUT_EVENT.json": "a sign-out",
  "test_token_sample1.json": "an application that was let at the data of somebody signed in already",
  "test_token_sample2.json": "a call of an application with its token",
  "test_send_factor.json": "a question that was sent to a telephone: the answer is what counts",
};

const products = [
  { folder: "Windows/windows", isSignIn: isSignInEvent, signIns: 11 },
  { folder: "Azure/azure-ad", isSignIn: isAuthentication, signIns: 7 },
  { folder: "Office 365/o365", isSignIn: isAuthentication, signIns: 6 },
  { folder: "Okta/okta-system-logs", isSignIn: isSessionStart, signIns: 6 },
  { folder: "Google Cloud/google-report", isSignIn: isAuthentication, signIns: 3 },
] as const;

const readers = [windows, adfs, entra, m365, okta, google].map(objectReader);

/** What the first source says that does not call the record foreign. */
function read(record: JsonObject): Reading {
  for (const reader of readers) {
    const reading = reader(record);
    if (reading.kind !== "foreign") return reading;
  }
  return { kind: "foreign" };
}

function fixturesIn(folder: string): Fixture[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.flatMap((name) => {
    const fixture = parsedObject(readFileSync(join(folder, name), "utf8")) ?? {};
    const record = parsedObject(textOf(objectOf(fixture["input"])["message"]));
    // One fixture is not JSON on purpose: it has no sign-in in it either.
    return record === undefined ? [] : [{ name, record: dated(record), expected: objectOf(fixture["expected"]) }];
  });
}

/** Some records were stripped of their time, without which there is no sign-in. */
const dated = (record: JsonObject): JsonObject =>
  record["EventID"] !== undefined && record["EventTime"] === undefined
    ? { EventTime: "2026-11-22 08:00:00", ...record }
    : record;

const told = (reading: Reading): string =>
  reading.kind === "evidence" ? `${reading.outcome} from ${canonicalAddress(reading.address)}` : reading.kind;

function wanted({ expected }: Fixture): string {
  const outcome = scalarOf(objectOf(expected["event"])["outcome"]);
  return `${outcome} from ${canonicalAddress(scalarOf(objectOf(expected["source"])["ip"]))}`;
}

for (const { folder, isSignIn, signIns } of products) {
  const path = join(data, "sekoia", folder, "tests");
  const skip = existsSync(path) ? false : `no fixtures at ${join("sekoia", folder)}: set PORTCULLIS_DATA`;

  test(`${folder}: every sign-in is read as its fixture expects`, { skip }, () => {
    const compared = fixturesIn(path).filter((fixture) => isSignIn(fixture) && differences[fixture.name] === undefined);
    assert.deepEqual(
      compared.map((fixture) => `${fixture.name}: ${told(read(fixture.record))}`),
      compared.map((fixture) => `${fixture.name}: ${wanted(fixture)}`),
    );
    assert.ok(compared.length >= signIns, `only ${compared.length} fixtures are sign-ins`);
  });

  test(`${folder}: nothing else is read as a sign-in`, { skip }, () => {
    const others = fixturesIn(path).filter((fixture) => !isSignIn(fixture) || differences[fixture.name] !== undefined);
    assert.deepEqual(
      others.filter(({ record }) => read(record).kind === "evidence").map(({ name }) => name),
      [],
    );
    assert.ok(others.length > 0, "no other fixtures");
  });
}
