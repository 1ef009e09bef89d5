/** What `portcullis connect` prints is put into real servers; they then ask, and `--check` finds it right; and it says what is not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dovecotPackages, startDovecot } from "../support/servers/dovecot.ts";
import { imapSignIn } from "../support/servers/imap.ts";
import { nginxPackages, startNginx, visit } from "../support/servers/nginx.ts";
import { lacks } from "../support/servers/packages.ts";
import { type Portcullis, runCommand, startPortcullis } from "../support/servers/portcullis.ts";
import { postfixPackages, startPostfix, submit } from "../support/servers/postfix.ts";
import { eventually } from "../support/servers/process.ts";

const accounts = new Map([["anna", "right"]]);
const anna = { user: "anna", password: "right", from: "127.30.1.7" };
const SETTINGS = 'gate:\n  delay: 1s\n  forwarders: ["127.0.0.1"]\n';

type Printed = { readonly parts: readonly { readonly where: string; readonly text: string }[] };

async function printed(name: string, { settingsFile }: Portcullis): Promise<string[]> {
  const { status, out, error } = await runCommand("connect", name, "--json", "--settings", settingsFile);
  assert.deepEqual([status, error], [0, ""]);
  const { parts } = JSON.parse(out) as Printed;
  return parts.map(({ text }) => text);
}

const check = (name: string, config: string, { settingsFile }: Portcullis) =>
  runCommand("connect", name, "--check", "--config", config, "--settings", settingsFile);

const knows = async (portcullis: Portcullis, accountsKnown: number): Promise<boolean> =>
  new RegExp(`^Knows +${accountsKnown} account`, "m").test((await portcullis.run("gate", "status")).out);

test("a Dovecot with what connect prints", { skip: lacks(...dovecotPackages), timeout: 120_000 }, async (context) => {
  await using portcullis = await startPortcullis(SETTINGS);
  const [lines = ""] = await printed("dovecot", portcullis);

  await context.test("asks and tells, and the check finds nothing to mend", async () => {
    await using dovecot = await startDovecot({ accounts, policyUrl: "", more: lines });
    const signedIn = await imapSignIn(dovecot.imapPort, anna, '"name" "Thunderbird" "version" "128.0"');
    assert.equal(signedIn.is, "in");
    if (signedIn.is === "in") signedIn.session[Symbol.dispose]();
    await eventually("anna is known", () => knows(portcullis, 1));
    assert.doesNotMatch(dovecot.log(), /Error/);
    const { status, out } = await check("dovecot", dovecot.configFile, portcullis);
    assert.equal(status, 0, out);
    assert.match(out, /^ok +it asks Portcullis at http/m);
    assert.match(out, /^ok +it sends a hash of the password/m);
    assert.match(out, /^note +its own penalty is on/m);
    assert.match(out, /All that counts is right\.\n$/);
  });

  await context.test("and one that lacks some of it is told line by line", async () => {
    const less = lines
      .replace(" fp=%{sha256:password}", "")
      .replace(portcullis.url, "http://127.0.0.1:9/")
      .replace("imap_id_retain = yes", "auth_policy_log_only = yes");
    await using dovecot = await startDovecot({ accounts, policyUrl: "", more: less });
    const { status, out } = await check("dovecot", dovecot.configFile, portcullis);
    assert.equal(status, 1);
    for (const line of [
      /^WRONG +it asks http:\/\/127\.0\.0\.1:9\/, and Portcullis listens at/m,
      /^MISSING no fp: .*\n +-> to auth_policy_request_attributes add: fp=%\{sha256:password\}$/m,
      /^MISSING imap_id_retain is off/m,
      /^WRONG +it only logs/m,
      /^To mend: 4\./m,
    ])
      assert.match(out, line);
  });
});

const allOfPostfix = { skip: lacks(...dovecotPackages, ...postfixPackages), timeout: 120_000 };

test(
  "a Postfix with what connect prints asks before it takes a message, and goes on without Portcullis",
  allOfPostfix,
  async () => {
    const portcullis = await startPortcullis(SETTINGS);
    await using _ended = portcullis;
    const [commands = ""] = await printed("postfix", portcullis);
    await using dovecot = await startDovecot({ accounts, policyUrl: "" });
    const settings = [...commands.matchAll(/^postconf -e '([^']*)'$/gm)].map(([, line = ""]) => line);
    assert.equal(settings.length, 3);
    await using postfix = await startPostfix({
      authSocket: dovecot.authSocket,
      policyAt: "",
      more: settings.join("\n"),
    });
    const { status, out } = await check("postfix", postfix.configFolder, portcullis);
    assert.equal(status, 0, out);
    assert.match(out, /^ok +smtpd_recipient_restrictions: it asks Portcullis at inet:/m);
    assert.equal((await portcullis.run("gate", "enforce", "--yes", "--reason", "a drill")).status, 0);
    assert.equal((await portcullis.run("gate", "block", "127.30.9.9", "--yes", "--reason", "a drill")).status, 0);
    assert.equal((await submit(postfix.port, "anna", "right", anna.from)).recipient, 250);
    assert.equal((await submit(postfix.port, "anna", "right", "127.30.9.9")).recipient, 554);
    await portcullis.kill();
    assert.equal((await submit(postfix.port, "anna", "right", "127.30.9.9")).recipient, 250);
  },
);

test("a Postfix that asks nobody, or would stop without Portcullis, is told so", allOfPostfix, async () => {
  await using portcullis = await startPortcullis(SETTINGS);
  await using dovecot = await startDovecot({ accounts, policyUrl: "" });
  await using silent = await startPostfix({ authSocket: dovecot.authSocket, policyAt: "" });
  assert.match((await check("postfix", silent.configFolder, portcullis)).out, /^MISSING it asks nobody before/m);
  const policyAt = `127.0.0.1:${portcullis.postfixPort}`;
  await using strict = await startPostfix({ authSocket: dovecot.authSocket, policyAt });
  const { status, out } = await check("postfix", strict.configFolder, portcullis);
  assert.equal(status, 1);
  assert.match(out, /^WRONG +while Portcullis does not answer, it defers all mail/m);
});

const allOfNginx = { skip: lacks(...nginxPackages), timeout: 120_000 };

test("an nginx with what connect prints asks and tells, and goes on without Portcullis", allOfNginx, async () => {
  const portcullis = await startPortcullis(SETTINGS);
  await using _ended = portcullis;
  const [asking = "", locations = ""] = await printed("nginx", portcullis);
  await using nginx = await startNginx({ accounts, asking, locations });
  assert.equal(await visit(nginx.port, "anna", "right", anna.from), 200);
  await eventually("anna is known", () => knows(portcullis, 1));
  const { status, out } = await check("nginx", nginx.configFile, portcullis);
  assert.equal(status, 0, out);
  assert.equal((await portcullis.run("gate", "enforce", "--yes", "--reason", "a drill")).status, 0);
  assert.equal((await portcullis.run("gate", "block", "127.30.9.9", "--yes", "--reason", "a drill")).status, 0);
  assert.equal(await visit(nginx.port, "anna", "right", "127.30.9.9"), 401);
  await portcullis.kill();
  assert.equal(await visit(nginx.port, "anna", "right", "127.30.9.9"), 200);
});

test("an nginx that asks nobody is told so", allOfNginx, async () => {
  await using portcullis = await startPortcullis("");
  await using nginx = await startNginx({ accounts, asking: "", locations: "" });
  const { status, out } = await check("nginx", nginx.configFile, portcullis);
  assert.equal(status, 1);
  assert.match(out, /^MISSING auth_request is nowhere/m);
});
