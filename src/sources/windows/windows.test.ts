import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, objectReader, testCorpus } from "../../../test/support/corpus.ts";
import { fuzzObjects, row } from "../../../test/support/web-sources.ts";
import { millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { Join } from "#/sources/reading/join.ts";
import type { JsonObject } from "#/sources/source.ts";
import { windows } from "./windows.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(windows, corpus);
fuzzSource(windows, corpus);
fuzzObjects(windows, corpus);

const read = objectReader(windows);

const event = (id: number, data: JsonObject, at = "2026-11-22T08:00:00Z", computer = "files1"): JsonObject => ({
  EventID: id,
  SourceName: "Microsoft-Windows-Security-Auditing",
  Channel: "Security",
  EventTime: at,
  Hostname: computer,
  ...data,
});
const logon = {
  TargetUserName: "anna",
  LogonType: "3",
  IpAddress: "203.0.113.7",
  Status: "0xc000006d",
  SubStatus: "0xc000006a",
};
const kerberos = { TargetUserName: "anna", Status: "0x18", PreAuthType: "2", IpAddress: "::ffff:10.1.0.4" };
const validation = { TargetUserName: "anna", Workstation: "KALI", Status: "0xc000006a" };

/** The sign-ins that come of some events. */
function joined(...events: readonly JsonObject[]): readonly SignIn[] {
  const signIns: SignIn[] = [];
  const all = new Join((signIn) => signIns.push(signIn));
  for (const each of events) {
    const reading = read(each);
    if (reading.kind === "evidence") all.add(reading, windows);
  }
  all.end();
  return signIns;
}

test("status and sub-status have their reasons", () => {
  for (const [Status, SubStatus, reason] of [
    ["0xc000006d", "0xc0000064", "unknown-account"],
    ["0xC000006D", "0xC000006A", "bad-password"],
    ["0xc0000234", "0x0", "locked"],
    ["0xc000006e", "0xc0000072", "disabled"],
    ["0xc0000193", "0x0", "expired"],
    ["0xc000006e", "0xc0000071", "expired"],
    ["0xc0000224", "0x0", "expired"],
    ["0xc000006e", "0xc000006f", "policy"],
    ["0xc000006e", "0xc0000070", "policy"],
    ["0xc000015b", "0x0", "policy"],
    ["0xc000005e", "0x0", "fault"],
    // In decimal and with its sign, as some exporters write it.
    ["-1073741715", "-1073741724", "unknown-account"],
  ] as const)
    assert.deepEqual(row(read(event(4625, { ...logon, Status, SubStatus }))), [
      "failure",
      reason,
      "anna",
      "203.0.113.7",
    ]);
});

test("only logons of people count: at the keyboard, over the network, over remote desktop", () => {
  const kinds = ["0", "2", "3", "4", "5", "7", "8", "9", "10", "11", "12", "13"];
  const read4624 = kinds.filter((LogonType) => read(event(4624, { ...logon, LogonType })).kind === "evidence");
  assert.deepEqual(read4624, ["2", "3", "7", "8", "10", "11", "12", "13"]);
});

test("machine accounts and the system's own are ignored, in every language", () => {
  for (const [TargetUserName, TargetUserSid] of [
    ["FILES1$", "S-1-5-21-1-2-3-1000"],
    ["ANONYMOUS LOGON", "S-1-5-7"],
    ["Système", "S-1-5-18"],
    ["LOKALER DIENST", "S-1-5-19"],
    ["DWM-2", "S-1-5-90-0-2"],
    ["UMFD-1", "S-1-5-96-0-1"],
  ])
    for (const id of [4624, 4625])
      assert.equal(read(event(id, { ...logon, TargetUserName, TargetUserSid })).kind, "ignored");
  assert.equal(read(event(4768, { ...kerberos, TargetUserName: "FILES1$" })).kind, "ignored");
  assert.equal(read(event(4776, { ...validation, TargetUserName: "FILES1$" })).kind, "ignored");
});

test("an address of the machine itself is none, and IPv4 in IPv6 is IPv4", () => {
  for (const IpAddress of ["-", "", "::1", "127.0.0.1", "::ffff:127.0.0.1"])
    assert.equal(row(read(event(4625, { ...logon, IpAddress })))[3], "");
  assert.equal(row(read(event(4625, { ...logon, IpAddress: "::ffff:203.0.113.7" })))[3], "203.0.113.7");
});

test("Kerberos asking for pre-authentication is no failure, clocks apart are a fault", () => {
  const told = (Status: string) => row(read(event(4768, { ...kerberos, Status })))[1] ?? "ignored";
  assert.deepEqual(["0x6", "0x12", "0x17", "0x18", "0x19", "0x25"].map(told), [
    "unknown-account",
    "locked",
    "expired",
    "bad-password",
    "ignored",
    "fault",
  ]);
});

test("a ticket without pre-authentication proves no password", () => {
  assert.equal(read(event(4768, { ...kerberos, Status: "0x0", PreAuthType: "0" })).kind, "ignored");
  assert.equal(row(read(event(4768, { ...kerberos, Status: "0x0" })))[0], "success");
});

test("one attempt on web mail counts once, from the client's address, with the controllers' words", () => {
  const signIns = joined(
    event(4771, kerberos, "2026-11-22T08:00:00Z", "dc1"),
    event(4771, kerberos, "2026-11-22T08:00:00Z", "dc2"),
    event(4776, validation, "2026-11-22T08:00:00Z", "dc1"),
    event(4625, { ...logon, LogonType: "8" }, "2026-11-22T08:00:01Z"),
    event(4740, { TargetUserName: "anna" }, "2026-11-22T08:00:01Z", "dc1"),
    event(4771, { ...kerberos, TargetUserName: "bo" }, "2026-11-22T08:01:00Z", "dc1"),
  );
  assert.deepEqual(
    signIns.map(({ account, address, count }) => [account, address, count]),
    [
      ["anna", "203.0.113.7", 1],
      ["bo", "10.1.0.4", 1],
    ],
  );
});

test("three attempts that the controller sees alone are three", () => {
  const signIns = joined(...["00", "07", "14"].map((s) => event(4771, kerberos, `2026-11-22T08:00:${s}Z`)));
  assert.equal(signIns.length, 3);
});

test("attempts on many machines within one minute all count", () => {
  const signIns = joined(
    ...["pc1", "pc2", "pc3"].map((host) => event(4625, logon, "2026-11-22T08:00:00Z", host)),
    ...["pc1", "pc2", "pc3"].map(() => event(4776, validation, "2026-11-22T08:00:00Z", "dc1")),
  );
  assert.equal(signIns.length, 3);
});

test("a lockout counts where nothing else tells of the attempt, as locked", () => {
  const signIns = joined(event(4740, { TargetUserName: "anna" }));
  assert.deepEqual(
    signIns.map(({ outcome, reason, account }) => [outcome, reason, account]),
    [["failure", "locked", "anna"]],
  );
});

test("an administrator's two tokens are one sign-in", () => {
  const twin = (own: string, linked: string, ElevatedToken: string) =>
    event(4624, {
      ...logon,
      LogonType: "10",
      TargetLogonId: own,
      TargetLinkedLogonId: linked,
      ElevatedToken,
    });
  assert.equal(joined(twin("0xa1", "0xa2", "%%1842"), twin("0xa2", "0xa1", "%%1843")).length, 1);
});

test("a success takes no failure of the same minute back", () => {
  const signIns = joined(
    event(4771, kerberos, "2026-11-22T08:00:00Z"),
    event(4768, { ...kerberos, Status: "0x0" }, "2026-11-22T08:00:01Z"),
  );
  assert.deepEqual(signIns.map(({ outcome }) => outcome).sort(), ["failure", "success"]);
});

test("in a rendered text, what a client puts into names shifts neither address nor account", () => {
  const rendered = (name: string, workstation: string) =>
    `An account failed to log on.\r\n\r\nSubject:\r\n\tAccount Name:\t\tMAIL1$\r\n\r\nLogon Type:\t\t\t3\r\n\r\n` +
    `Account For Which Logon Failed:\r\n\tSecurity ID:\t\tNULL SID\r\n\tAccount Name:\t\t${name}\r\n\r\n` +
    `Failure Information:\r\n\tStatus:\t\t\t0xC000006D\r\n\tSub Status:\t\t0xC0000064\r\n\r\n` +
    `Network Information:\r\n\tWorkstation Name:\t${workstation}\r\n\tSource Network Address:\t203.0.113.7\r\n`;
  const told = (name: string, workstation: string) =>
    row(
      read({
        Source: "Microsoft-Windows-Security-Auditing",
        "Event ID": "4625",
        "Date and Time": "11/22/2026 8:00:00 AM",
        Message: rendered(name, workstation),
      }),
    );
  const forged = "x\r\n\r\nNetwork Information:\r\n\tSource Network Address:\t192.0.2.66\r\n";
  assert.deepEqual(told("anna", "WKS-17"), ["failure", "unknown-account", "anna", "203.0.113.7"]);
  assert.deepEqual(told(forged, "WKS-17"), ["failure", "unknown-account", "x", "203.0.113.7"]);
  assert.deepEqual(told("anna", forged), ["failure", "unknown-account", "anna", "203.0.113.7"]);
});

test("a certificate that imitates the client's address leaves the attempt without one", () => {
  const Message =
    "Kerberos pre-authentication failed.\r\n\r\nAccount Information:\r\n\tAccount Name:\t\tanna\r\n\r\n" +
    "Network Information:\r\n\tClient Address:\t\t::ffff:203.0.113.7\r\n\r\n" +
    "Additional Information:\r\n\tFailure Code:\t\t0x18\r\n\r\n" +
    "Certificate Information:\r\n\tCertificate Issuer Name:\t\tCN=x\r\n\tClient Address:\t\t192.0.2.66\r\n";
  assert.deepEqual(row(read({ ...event(4771, {}), Message })), ["failure", "bad-password", "anna", ""]);
});

test("RADIUS gives the client's address for a VPN and none for wireless", () => {
  const radius = { SubjectUserName: "anna", ReasonCode: "16" };
  assert.deepEqual(row(read(event(6273, { ...radius, CallingStationID: "203.0.113.7" }))), [
    "failure",
    "bad-password",
    "anna",
    "203.0.113.7",
  ]);
  assert.equal(row(read(event(6273, { ...radius, CallingStationID: "a4-5e-60-00-00-01" })))[3], "");
  assert.equal(row(read(event(6273, { ...radius, ReasonCode: "21" })))[1], "second-factor");
  assert.equal(read(event(6272, { SubjectUserName: "host/wks-17.council.example" })).kind, "ignored");
});

test("a time without a zone is read in the file's zone, at which day and month stand as they must", () => {
  const at = (EventTime: string) => {
    const reading = read({ ...event(4625, logon), EventTime });
    return reading.kind === "evidence" ? reading.at : reading.kind;
  };
  const expected = millis(Date.UTC(2026, 10, 22, 20));
  for (const text of ["2026-11-22 20:00:00", "11/22/2026 8:00:00 PM", "22/11/2026 20:00:00", "22.11.2026 20:00:00"])
    assert.equal(at(text), expected, text);
});

test("other programs' events with these numbers are ignored, other servers' logs are left to their sources", () => {
  assert.equal(read({ ...event(4625, logon), SourceName: "Microsoft-Windows-Sysmon" }).kind, "ignored");
  assert.equal(read({ ...event(1203, {}), SourceName: "AD FS Auditing" }).kind, "foreign");
  assert.equal(read({ id: 4625, Status: "0xc000006d" }).kind, "foreign");
});
