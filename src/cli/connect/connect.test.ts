// What cannot be had from the servers that are installed here: Dovecot 2.4, other places to listen at, nothing installed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "#/platform/failure.ts";
import { defaults as gate } from "#/gate/settings.ts";
import { type Settings, defaults as serve } from "../serve-settings.ts";
import { connectTo, placesOf } from "./connect.ts";
import { dovecot } from "./dovecot.ts";
import { nginx } from "./nginx.ts";
import { postfix } from "./postfix.ts";
import { syslog } from "./syslog.ts";
import type { Probe } from "./server.ts";

const nothing: Probe = () => undefined;
const places = (more: Partial<Settings> = {}) => placesOf({ ...serve, ...more }, gate, "127.0.0.1:1514");

/** doveconf and dovecot of 2.4, with this configuration. */
const dovecot24 =
  (config: string): Probe =>
  (command) => ({ status: 0, text: command === "doveconf" ? config : "2.4.1-4 (7d8c0e5759)\n" });

test("for Dovecot 2.4 the attributes are a block in its words, and the check reads them there", () => {
  const [part] = dovecot.page(places(), "2.4.1", nothing, "").parts;
  assert.ok(part !== undefined);
  assert.match(part.text, /^auth_policy_request_attributes \{\n {2}login = %\{requested_username\}$/m);
  assert.match(part.text, /^ {2}fp = %\{password \| sha256 \| hexlify\}$/m);
  assert.match(part.text, /^ {2}fail_type = %\{fail_type\}$/m);
  assert.doesNotMatch(part.text, /timeout_msecs|%\{rip\}/);
  const found = dovecot.check(places(), dovecot24(part.text), "") ?? [];
  assert.deepEqual(
    found.filter(({ is }) => is !== "right").map(({ is, what }) => `${is}: ${what.slice(0, 18)}`),
    ["note: its own penalty is"],
  );
  const without = part.text.replace(/^ {2}fp.*\n/m, "");
  const missing = (dovecot.check(places(), dovecot24(without), "") ?? []).find(({ is }) => is === "missing");
  assert.equal(missing?.mend, "to auth_policy_request_attributes add: fp = %{password | sha256 | hexlify}");
});

test("hashes of passwords go nowhere where others could read them", () => {
  const open = places({ http: "192.0.2.7:4001", tokens: "tokens" });
  assert.equal(open.isSafe, false);
  const [part] = dovecot.page(open, "2.3.19", nothing, "").parts;
  assert.doesNotMatch(part?.text ?? "", /fp=/);
  assert.match(part?.text ?? "", /^auth_policy_server_api_header = Authorization: Bearer TOKEN$/m);
  const tls = places({ http: "192.0.2.7:4001", certificate: "c.pem", key: "k.pem" });
  assert.deepEqual([tls.url, tls.isSafe], ["https://192.0.2.7:4001/", true]);
  assert.match(dovecot.page(tls, "2.3.19", nothing, "").parts[0]?.text ?? "", / fp=%\{sha256:password\}$/m);
});

test("options inside the fingerprint of Dovecot 2.3, which break every request, are wrong", () => {
  const text = dovecot.page(places(), "2.3.19", nothing, "").parts[0]?.text ?? "";
  const probe: Probe = (command) => ({
    status: 0,
    text: command === "doveconf" ? text.replace("%{sha256:", "%{sha256;rounds=5:") : "2.3.19.1 (9b53102964)",
  });
  const bad = (dovecot.check(places(), probe, "") ?? []).filter(({ is }) => is === "wrong");
  assert.equal(bad.length, 1);
  assert.match(bad[0]?.what ?? "", /options with "=" break every request/);
});

test("a penalty that is switched off is right", () => {
  const off = "service anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 00\n  }\n}\n";
  const text = `${dovecot.page(places(), "2.4.1", nothing, "").parts[0]?.text ?? ""}${off}`;
  assert.ok((dovecot.check(places(), dovecot24(text), "") ?? []).every(({ is }) => is === "right"));
});

test("Unix sockets and addresses of IPv6 are written as each server writes them", () => {
  const unix = places({ http: "unix:/run/portcullis/http.sock", postfix: "unix:/run/portcullis/postfix.sock" });
  assert.match(
    nginx.page(unix, "1.22.1", nothing, "").parts[1]?.text ?? "",
    /proxy_pass http:\/\/unix:\/run\/portcullis\/http\.sock:\/forward-auth;/,
  );
  assert.match(
    postfix.page(unix, "3.7.11", nothing, "").parts[0]?.text ?? "",
    /check_policy_service unix:\/run\/portcullis\/postfix\.sock'/,
  );
  const six = places({ http: "[::1]:4001", postfix: "[::]:4002" });
  assert.deepEqual([six.url, six.postfix, six.isSafe], ["http://[::1]:4001/", "inet:[::1]:4002", true]);
});

test("Postfix's own list is kept behind the question, and an empty one turns no incoming mail away", () => {
  const withList: Probe = () => ({
    status: 0,
    text: "smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination\n",
  });
  const page = postfix.page(places(), "3.7.11", withList, "");
  assert.match(
    page.parts[0]?.text ?? "",
    /check_policy_service inet:127\.0\.0\.1:4002, permit_mynetworks, reject_unauth_destination'/,
  );
  assert.match(
    page.undo,
    /^postconf -e 'smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination' /,
  );
  assert.match(
    postfix.page(places(), "3.7.11", nothing, "").parts[0]?.text ?? "",
    /check_policy_service inet:127\.0\.0\.1:4002'/,
  );
});

test("what is not installed, and what serve does not listen for, is said with what to do", () => {
  const screen = {
    width: 80,
    color: false,
    unicode: true,
    outputIsTerminal: false,
    errorIsTerminal: false,
    error: () => undefined,
  };
  let told = "";
  const parts = {
    serve,
    gate,
    syslogTcp: "",
    probe: nothing,
    screen: { ...screen, print: (text: string) => void (told += text) },
  };
  const choice = { check: false, json: false, config: "" };
  assert.equal(connectTo("dovecot", choice, parts), 0);
  assert.match(told, /^Dovecot is not installed here; this is for its newest version\n/);
  const throws = (run: () => unknown, code: string): void =>
    assert.throws(run, (error: unknown) => error instanceof Failure && error.code === code);
  throws(() => connectTo("dovecot", { ...choice, check: true }, parts), "server-unreadable");
  throws(() => connectTo("syslog", choice, parts), "settings-invalid");
  throws(() => connectTo("postfix", choice, { ...parts, serve: { ...serve, postfix: "" } }), "settings-invalid");
  throws(
    () => connectTo("dovecot", choice, { ...parts, serve: { ...serve, http: "unix:/run/p.sock" } }),
    "settings-invalid",
  );
});

test("rsyslog is told where to send, and the check finds it there", () => {
  const text = syslog.page(places(), "8.2302.0", nothing, "").parts[0]?.text ?? "";
  assert.match(text, /target="127\.0\.0\.1" port="1514" protocol="tcp"/);
  const isOf = (status: number, given: string): string | undefined =>
    syslog.check(places(), () => ({ status, text: given }), "")?.[0]?.is;
  assert.deepEqual(
    [isOf(0, text), isOf(0, `# ${text}`.replaceAll("\n", "\n# ")), isOf(1, "")],
    ["right", "missing", "missing"],
  );
});
