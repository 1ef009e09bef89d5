// Ending sessions, on a real Dovecot.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "#/platform/failure.ts";
import { type Dovecot, dovecotPackages, startDovecot } from "../../test/support/servers/dovecot.ts";
import { type ImapSession, imapSignIn } from "../../test/support/servers/imap.ts";
import { lacks } from "../../test/support/servers/packages.ts";
import { type Doveadm, kick, sessions } from "./dovecot-kick.ts";

const skip = lacks(...dovecotPackages);
const accounts = new Map([
  ["anna", "right"],
  ["bob", "right"],
]);

async function signIn({ imapPort }: Dovecot, user: string, from: string): Promise<ImapSession> {
  const signedIn = await imapSignIn(imapPort, { user, password: "right", from });
  assert.ok(signedIn.is === "in");
  return signedIn.session;
}

const doveadmOf = ({ doveadmPort, doveadmKey }: Dovecot): Doveadm => ({
  url: `http://127.0.0.1:${doveadmPort}`,
  key: doveadmKey,
});

test("a thief's session is ended, the owner's and everybody else's go on", { skip, timeout: 60_000 }, async () => {
  await using dovecot = await startDovecot({ accounts, policyUrl: "" });
  const doveadm = doveadmOf(dovecot);
  using owner = await signIn(dovecot, "anna", "127.40.1.7");
  using thief = await signIn(dovecot, "anna", "127.93.1.9");
  using neighbour = await signIn(dovecot, "bob", "127.93.1.9");
  assert.equal((await sessions(doveadm, "anna")).length, 2);

  const { ended, remaining } = await kick(doveadm, "anna", "127.93.1.9");
  assert.deepEqual(ended, [{ account: "anna", service: "imap", address: "127.93.1.9" }]);
  assert.match(await thief.farewell(), /^\* BYE/);
  assert.deepEqual(remaining, []);
  assert.match(await owner.read(), /for anna/);
  assert.match(await neighbour.read(), /for bob/);
  assert.deepEqual(await kick(doveadm, "anna", "127.93.1.9"), { ended: [], remaining: [] });
});

test("what keeps it from ending a session is said, with what to do instead", { skip, timeout: 60_000 }, async () => {
  await using dovecot = await startDovecot({ accounts, policyUrl: "" });
  const doveadm = doveadmOf(dovecot);
  const failsWith = (given: Doveadm, words: RegExp): Promise<void> =>
    assert.rejects(
      () => kick(given, "anna", "127.93.1.9"),
      (error: unknown) => error instanceof Failure && error.code === "doveadm-refused" && words.test(error.message),
    );
  await failsWith({ ...doveadm, key: "another" }, /does not take this key[\s\S]*doveadm kick ACCOUNT ADDRESS/);
  await failsWith({ ...doveadm, url: "http://127.0.0.1:9" }, /ECONNREFUSED/);
});
