/**
 * What is odd about Dovecot, each on a real one with Portcullis as its auth policy: what it says that is not so, what it does not say, and what it
 * does when nobody answers.
 */
import assert from "node:assert/strict";
import { chmodSync, cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import type { SignIn } from "#/signin/signin.ts";
import { defaults } from "#/store/settings.ts";
import { openStore } from "#/store/sqlite/open.ts";

import { Dialogue } from "../support/servers/dialogue.ts";
import { freshFolder } from "../support/folders.ts";
import { dovecotPackages, startDovecot } from "../support/servers/dovecot.ts";
import { imapSignIn, isOpenedBy } from "../support/servers/imap.ts";
import { eventually } from "../support/servers/process.ts";
import { lacks } from "../support/servers/packages.ts";
import { type Portcullis, startPortcullis } from "../support/servers/portcullis.ts";
import { kick } from "#/gate/dovecot-kick.ts";

const options = { skip: lacks(...dovecotPackages), timeout: 120_000 };
const accounts = new Map([
  ["anna", "right"],
  ["bob", "right"],
  ["closed", "right::::::nologin=y"],
]);
const HOME = "127.50.1.7";
const STRANGE = "127.94.1.9";
const WEBMAIL = "127.60.0.1";

/** Ends Portcullis once so many reports are kept, and reads what they were. Dovecot answers a member before it reports. */
async function kept({ dataFolder, url, kill }: Portcullis, reports: number): Promise<SignIn[]> {
  const count = new RegExp(`^portcullis_gate_reports_total\\{protocol="dovecot",result="kept"\\} ${reports}$`, "m");
  await eventually(`${reports} reports are kept`, async () => count.test(await (await fetch(`${url}metrics`)).text()));
  await kill();
  const folder = join(freshFolder(), "copy");
  cpSync(dataFolder, folder, { recursive: true });
  using store = openStore(folder, defaults);
  return [...store.signIns.readAfter(0)].flat().map(({ signIn }) => signIn);
}

const told = ({ account, outcome, reason, address }: SignIn): string =>
  `${account} ${address} ${outcome} ${reason}`.trim();

const enforce = async (portcullis: Portcullis): Promise<void> =>
  assert.equal((await portcullis.run("gate", "enforce", "--yes", "--reason", "a drill")).status, 0);

const block = async (portcullis: Portcullis, network: string): Promise<void> =>
  assert.equal((await portcullis.run("gate", "block", network, "--yes", "--reason", "a drill")).status, 0);

test(
  "what is reported is what happened: refusals, accounts without a session, trials by an operator",
  options,
  async () => {
    await using portcullis = await startPortcullis();
    {
      await using dovecot = await startDovecot({ accounts, policyUrl: portcullis.url });
      const at = (user: string, password: string, from: string) =>
        isOpenedBy(dovecot.imapPort, { user, password, from });
      assert.equal(await at("anna", "right", HOME), true);
      assert.equal(await at("anna", "wrong", STRANGE), false);
      assert.equal(await at("closed", "right", HOME), false);
      const tried = spawnSync("doveadm", ["-c", dovecot.configFile, "auth", "test", "anna", "right"], {
        encoding: "utf8",
      });
      assert.match(tried.stdout, /auth succeeded/);
      await enforce(portcullis);
      await block(portcullis, STRANGE);
      // The password is right, and nobody looked: with the check before, Dovecot says policy_reject whatever it is.
      assert.equal(await at("anna", "right", STRANGE), false);
    }
    assert.deepEqual((await kept(portcullis, 4)).map(told), [
      `anna ${HOME} success`,
      `anna ${STRANGE} failure bad-password`,
      // The password succeeded; that no session came of it, Dovecot does not say.
      `closed ${HOME} success`,
      `anna ${STRANGE} failure policy`,
    ]);
  },
);

test("checked after the password only, a refusal says that strangers know it", options, async () => {
  await using portcullis = await startPortcullis();
  await enforce(portcullis);
  await block(portcullis, STRANGE);
  const more = "auth_policy_check_before_auth = no";
  await using dovecot = await startDovecot({ accounts, policyUrl: portcullis.url, more });
  assert.equal(await isOpenedBy(dovecot.imapPort, { user: "anna", password: "right", from: STRANGE }), false);
  assert.equal(await isOpenedBy(dovecot.imapPort, { user: "anna", password: "wrong", from: STRANGE }), false);
  assert.deepEqual((await kept(portcullis, 2)).map(told), [
    `anna ${STRANGE} failure policy`,
    `anna ${STRANGE} failure bad-password`,
  ]);
});

test("guesses at a master account are its own, not those of the account that it would open", options, async () => {
  await using portcullis = await startPortcullis();
  const folder = freshFolder();
  // Dovecot is another user.
  chmodSync(folder, 0o755);
  const masters = join(folder, "masters");
  writeFileSync(masters, "adm:{PLAIN}of-adm\n");
  const more = `auth_master_user_separator = *\npassdb {\n  driver = passwd-file\n  master = yes\n  args = ${masters}\n}\n`;
  await using dovecot = await startDovecot({ accounts, policyUrl: portcullis.url, more });
  assert.equal(await isOpenedBy(dovecot.imapPort, { user: "bob*adm", password: "wrong", from: STRANGE }), false);
  assert.equal(await isOpenedBy(dovecot.imapPort, { user: "bob*adm", password: "of-adm", from: HOME }), true);
  assert.deepEqual(
    (await kept(portcullis, 2)).map(({ account, accountGiven, outcome }) => [account, accountGiven, outcome]),
    [
      ["adm", "bob*adm", "failure"],
      ["adm", "bob*adm", "success"],
    ],
  );
});

test("webmail's users are where it says, where Dovecot trusts it; nobody else is believed", options, async () => {
  await using portcullis = await startPortcullis();
  const more = `login_trusted_networks = ${WEBMAIL}`;
  await using dovecot = await startDovecot({ accounts, policyUrl: portcullis.url, more });
  for (const [from, said] of [
    [WEBMAIL, "192.0.2.7"],
    [STRANGE, "192.0.2.8"],
  ] as const) {
    const id = `"name" "Webmail" "version" "1.6" "x-originating-ip" "${said}"`;
    const result = await imapSignIn(dovecot.imapPort, { user: "anna", password: "right", from }, id);
    assert.ok(result.is === "in");
    result.session[Symbol.dispose]();
  }
  assert.deepEqual(
    (await kept(portcullis, 2)).map(({ account, address, client }) => [account, address, client]),
    [
      ["anna", "192.0.2.7", "Webmail 1.6"],
      ["anna", STRANGE, "Webmail 1.6"],
    ],
  );
});

test(
  "several failures and a success on one connection, of which the log tells one, are all reported",
  options,
  async () => {
    await using portcullis = await startPortcullis();

    await using dovecot = await startDovecot({ accounts, policyUrl: portcullis.url });
    using line = new Dialogue(dovecot.imapPort, HOME);
    await line.expect(/^\* OK.*\r\n/);
    for (const [index, password] of ["wrong", "wrong too", "right"].entries()) {
      line.send(`a${index} LOGIN anna "${password}"`);
      await line.expect(new RegExp(`^a${index} (?:OK|NO).*\\r\\n`, "m"));
    }
    assert.deepEqual(
      (await kept(portcullis, 3)).map(({ outcome }) => outcome),
      ["failure", "failure", "success"],
    );
  },
);

test("while nobody answers, members get in; where the site has set otherwise, nobody does", options, async () => {
  const portcullis = await startPortcullis();
  await portcullis.kill();
  const anna = { user: "anna", password: "right", from: HOME };
  await using open = await startDovecot({ accounts, policyUrl: portcullis.url });
  assert.equal(await isOpenedBy(open.imapPort, anna), true);
  const more = "auth_policy_reject_on_fail = yes";
  await using closed = await startDovecot({ accounts, policyUrl: portcullis.url, more });
  assert.equal(await isOpenedBy(closed.imapPort, anna), false);
});

test("a thief who is refused first and kicked then does not come back", options, async () => {
  await using portcullis = await startPortcullis();
  await using dovecot = await startDovecot({ accounts, policyUrl: portcullis.url });
  const thief = { user: "anna", password: "right", from: STRANGE };
  await enforce(portcullis);
  const result = await imapSignIn(dovecot.imapPort, thief);
  assert.ok(result.is === "in");
  using session = result.session;
  await block(portcullis, STRANGE);
  const doveadm = { url: `http://127.0.0.1:${dovecot.doveadmPort}`, key: dovecot.doveadmKey };
  assert.deepEqual((await kick(doveadm, "anna", STRANGE)).remaining, []);
  await session.farewell();
  assert.equal(await isOpenedBy(dovecot.imapPort, thief), false);
  assert.equal(await isOpenedBy(dovecot.imapPort, { ...thief, from: HOME }), true);
});
