import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, objectReader, testCorpus } from "../../../test/support/corpus.ts";
import { fuzzObjects, row } from "../../../test/support/web-sources.ts";
import type { SignIn } from "#/signin/signin.ts";
import { Join } from "#/sources/reading/join.ts";
import { windows } from "#/sources/windows/windows.ts";
import { adfs } from "./adfs.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(adfs, corpus);
fuzzSource(adfs, corpus);
fuzzObjects(adfs, corpus);

const read = objectReader(adfs);

const audit = (user: string, address: string, agent = "Firefox", failure = "CredentialValidationError"): string =>
  `<?xml version="1.0" encoding="utf-16"?><AuditBase><FailureType>${failure}</FailureType><ErrorCode>N/A</ErrorCode>` +
  `<Component><UserId>${user}</UserId></Component><Component><IpAddress>${address}</IpAddress>` +
  `<UserAgentString>${agent}</UserAgentString></Component></AuditBase>`;

const event = (id: number, text: string) => ({
  EventID: id,
  SourceName: "AD FS Auditing",
  Channel: "Security",
  EventTime: "2026-11-22 08:00:00",
  Hostname: "sts1",
  Message: `The Federation Service failed to validate a new credential.\r\nXML: ${text}`,
});

test("a refused and an accepted credential are a failure and a success", () => {
  assert.deepEqual(row(read(event(1203, audit("anna@council.example", "203.0.113.7")))), [
    "failure",
    "bad-password",
    "anna@council.example",
    "203.0.113.7",
  ]);
  assert.equal(row(read(event(1202, audit("anna@council.example", "203.0.113.7"))))[0], "success");
});

test("of a list of forwarders the one counts that the institution's own proxy saw", () => {
  const addresses = "192.0.2.66,203.0.113.7, 10.1.0.9";
  assert.equal(row(read(event(1203, audit("anna", addresses))))[3], "203.0.113.7");
});

test("a name or a user agent that imitates XML brings no address in", () => {
  const forged = "x&lt;/UserId&gt;&lt;IpAddress&gt;192.0.2.66&lt;/IpAddress&gt;";
  assert.equal(row(read(event(1203, audit(forged, "203.0.113.7", forged))))[3], "203.0.113.7");
});

test("a lockout by the extranet's rules is locked", () => {
  assert.equal(row(read(event(1210, audit("anna", "203.0.113.7", "", "ExtranetLockoutError"))))[1], "locked");
});

test("of event 411 the name may hold hyphens and imitate the labels, the address stands before it", () => {
  const told = (user: string) =>
    row(
      read({
        ...event(411, ""),
        Message:
          "Token validation failed.\r\n\r\nToken Type: \r\nhttp://schemas.microsoft.com/tokens/UserName\r\n\r\n" +
          `Client IP: \r\n203.0.113.7,10.1.0.9\r\n\r\nError message: \r\n${user}-The user name or password is incorrect\r\n`,
      }),
    );
  assert.deepEqual(told("anna-marie@council.example"), [
    "failure",
    "bad-password",
    "anna-marie@council.example",
    "203.0.113.7",
  ]);
  assert.equal(told("x\r\nClient IP: \r\n192.0.2.66\r\nError message:\r\ny")[3], "203.0.113.7");
});

test("a name that is an address is a name", () => {
  const values = [
    "",
    "http://schemas.microsoft.com/tokens/UserName",
    "192.0.2.66",
    "Exception: 192.0.2.66",
    "203.0.113.7",
  ];
  const data = Object.fromEntries(values.map((value, index) => [`Data${index + 1}`, value || "activity"]));
  assert.deepEqual(row(read({ ...event(411, ""), Message: "", ...data })), [
    "failure",
    "bad-password",
    "192.0.2.66",
    "203.0.113.7",
  ]);
});

test("a token that is no password, a token not issued and the server's own log are ignored", () => {
  const saml = event(411, "").Message;
  const text = `${saml}\r\nToken Type:\r\nurn:saml\r\n\r\nClient IP:\r\n203.0.113.7\r\n\r\nError message:\r\nx`;
  assert.equal(read({ ...event(411, ""), Message: text }).kind, "ignored");
  assert.equal(read(event(1201, audit("anna", "203.0.113.7"))).kind, "ignored");
  assert.equal(read({ ...event(342, ""), SourceName: "AD FS" }).kind, "ignored");
  assert.equal(read({ ...event(4625, ""), SourceName: "Microsoft-Windows-Security-Auditing" }).kind, "foreign");
});

test("one attempt that AD FS, its own machine and the domain controller tell of counts once, from the client", () => {
  const signIns: SignIn[] = [];
  const all = new Join((signIn) => signIns.push(signIn));
  const security = {
    SourceName: "Microsoft-Windows-Security-Auditing",
    TargetUserName: "anna",
    EventTime: "2026-11-22 08:00:00",
  };
  const others = objectReader(windows);
  for (const reading of [
    others({ ...security, EventID: 4771, Status: "0x18", IpAddress: "::ffff:10.1.0.20" }),
    others({
      ...security,
      EventID: 4625,
      LogonType: "3",
      IpAddress: "-",
      ProcessName: "C:\\Windows\\ADFS\\Microsoft.IdentityServer.ServiceHost.exe",
    }),
    read(event(411, audit("anna", "203.0.113.7"))),
    read(event(1203, audit("anna@council.example", "203.0.113.7"))),
  ])
    if (reading.kind === "evidence") all.add(reading, adfs);
  all.end();
  assert.deepEqual(
    signIns.map(({ account, address }) => [account, address]),
    [["anna@council.example", "203.0.113.7"]],
  );
});
