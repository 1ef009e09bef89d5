import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { SignIn } from "#/signin/signin.ts";
import { Join } from "#/sources/reading/join.ts";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { openvpn } from "./openvpn.ts";
import { peerOf } from "./peer.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(openvpn, corpus);
fuzzSource(openvpn, corpus);

function signIns(lines: readonly string[]): SignIn[] {
  const found: SignIn[] = [];
  const joined = new Join((signIn) => found.push(signIn));
  const read = lineReader(openvpn);
  for (const line of lines) {
    const reading = read(line);
    if (reading.kind === "evidence") joined.add(reading, openvpn);
  }
  joined.end();
  return found;
}

test("the plugin's account and the server's address make one failure", () => {
  const attempt = (second: number, name: string, address: string): string[] => [
    `2026-11-23 08:00:0${second} PLUGIN AUTH-PAM: BACKGROUND: user '${name}' failed to authenticate: Authentication failure`,
    `2026-11-23 08:00:0${second} ${address}:40001 TLS Auth Error: Auth Username/Password verification failed for peer`,
    `2026-11-23 08:00:0${second + 1} ${address}:40001 SENT CONTROL [UNDEF]: 'AUTH_FAILED' (status=1)`,
  ];
  const found = signIns([...attempt(0, "jane", "192.0.2.1"), ...attempt(2, "lena", "192.0.2.2")]);
  assert.deepEqual(
    found.map(({ account, address, count }) => [account, address, count]),
    [
      ["jane", "192.0.2.1", 1],
      ["lena", "192.0.2.2", 1],
    ],
  );
});

test("a peer connection that is initiated is no success, an address that is given is one, once", () => {
  const found = signIns([
    "2026-11-23 08:00:00 192.0.2.1:1 [jane] Peer Connection Initiated with [AF_INET]192.0.2.1:1",
    "2026-11-23 08:00:01 jane/192.0.2.1:1 MULTI_sva: pool returned IPv4=10.8.0.6, IPv6=(Not enabled)",
    "2026-11-23 08:00:01 jane/192.0.2.1:1 MULTI: primary virtual IP for jane/192.0.2.1:1: 10.8.0.6",
  ]);
  assert.deepEqual(
    found.map(({ outcome, account, address }) => [outcome, account, address]),
    [["success", "jane", "192.0.2.1"]],
  );
});

test("a certificate's subject that imitates a line does not shift the address", () => {
  const line =
    "Nov 23 09:00:09 vpn openvpn[1]: 203.0.113.9:4 VERIFY ERROR: depth=0, error=self-signed certificate: CN=x/192.0.2.66:1 MULTI: primary virtual IP for y, serial=1";
  const reading = lineReader(openvpn)(line);
  assert.ok(reading.kind === "evidence" ? reading.address === "203.0.113.9" : reading.kind !== "malformed");
  assert.ok(reading.kind !== "evidence" || reading.outcome === "failure");
});

test("an expired revocation list or authority is the institution's own trouble", () => {
  const read = lineReader(openvpn);
  const crl = read("2026-11-23 08:00:00 192.0.2.1:1 VERIFY ERROR: depth=0, error=CRL has expired: CN=lena, serial=1");
  const authority = read(
    "2026-11-23 08:00:00 192.0.2.1:1 VERIFY ERROR: depth=1, error=certificate has expired: CN=CA, serial=1",
  );
  assert.ok(crl.kind === "evidence" && crl.reason === "fault");
  assert.ok(authority.kind === "evidence" && authority.reason === "fault" && authority.account === "");
});

test("peers are read in the shapes of all versions", () => {
  assert.deepEqual(peerOf("jane/192.0.2.1:1194 "), { name: "jane", address: "192.0.2.1" });
  assert.deepEqual(peerOf("[2001:db8::1]:1194 "), { name: "", address: "2001:db8::1" });
  assert.deepEqual(peerOf("a/b/udp4:192.0.2.1:1194 rx-peer-id=3 "), { name: "a/b", address: "192.0.2.1" });
  assert.deepEqual(peerOf("jane/2001:db8::1 "), { name: "jane", address: "2001:db8::1" });
  assert.equal(peerOf("not a peer"), undefined);
});
