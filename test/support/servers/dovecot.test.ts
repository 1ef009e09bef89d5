// The real Dovecot of the tests does what the tests of the gate rely on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dovecotPackages, startDovecot } from "./dovecot.ts";
import { imapSignIn, isOpenedBy } from "./imap.ts";
import { lacks } from "./packages.ts";

const skip = lacks(...dovecotPackages);

test(
  "a real Dovecot lets members read their mail, from addresses of their own, and nobody else",
  { skip },
  async () => {
    await using dovecot = await startDovecot({
      accounts: new Map([
        ["anna", "right"],
        ["bob", "right too"],
      ]),
      policyUrl: "",
    });
    const signedIn = await imapSignIn(dovecot.imapPort, { user: "anna", password: "right", from: "127.0.0.21" });
    assert.ok(signedIn.is === "in");
    assert.match(await signedIn.session.read(), /for anna/);
    assert.equal(await isOpenedBy(dovecot.imapPort, { user: "bob", password: "right too", from: "127.0.0.22" }), true);
    assert.equal(await isOpenedBy(dovecot.imapPort, { user: "bob", password: "wrong", from: "127.0.0.23" }), false);
    signedIn.session[Symbol.dispose]();
    assert.match(dovecot.log(), /Login: user=<anna>, method=PLAIN, rip=127\.0\.0\.21,/);
    assert.match(dovecot.log(), /passwd-file\(bob,127\.0\.0\.23,<[^>]+>\): Password mismatch/);
  },
);
