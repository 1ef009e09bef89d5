/**
 * The gate's other doors before real servers, in small: Postfix, which has Dovecot check its passwords and asks before it takes a message; nginx, which
 * asks about every request. Addresses are those of 127.0.0.0/8, each member and each guesser in a /24 of its own.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dovecotPackages, startDovecot } from "../support/servers/dovecot.ts";
import { nginxPackages, startNginx, visit } from "../support/servers/nginx.ts";
import { lacks } from "../support/servers/packages.ts";
import { startPortcullis } from "../support/servers/portcullis.ts";
import { postfixPackages, startPostfix, submit } from "../support/servers/postfix.ts";

const SPRAYED = "Summer2026!";
/** Whose password it is that all are tried with. */
const WEAK = 15;
const all = Array.from({ length: 20 }, (_, index) => index);
const nameOf = (index: number): string => `member${String(index).padStart(2, "0")}`;
const passwordOf = (index: number): string => (index === WEAK ? SPRAYED : `own-${index}`);
const homeOf = (index: number): string => `127.30.${index}.7`;
const guesserOf = (index: number): string => `127.91.${index}.9`;
const accounts = new Map(all.map((index) => [nameOf(index), passwordOf(index)]));

const SETTINGS = `gate:\n  delay: 1s\n  forwarders: ["127.0.0.1"]\n`;

test(
  "a spray through Postfix's submission is held, and who is inside already sends nothing once his network is blocked",
  { skip: lacks(...dovecotPackages, ...postfixPackages), timeout: 120_000 },
  async () => {
    await using portcullis = await startPortcullis(SETTINGS);
    await using dovecot = await startDovecot({ accounts, policyUrl: portcullis.url });
    const policyAt = `127.0.0.1:${portcullis.postfixPort}`;
    await using postfix = await startPostfix({ authSocket: dovecot.authSocket, policyAt });
    const send = (index: number, password: string, from: string) => submit(postfix.port, nameOf(index), password, from);
    for (const index of all) assert.equal((await send(index, passwordOf(index), homeOf(index))).recipient, 250);
    assert.equal((await portcullis.run("gate", "enforce", "--yes", "--reason", "a drill")).status, 0);
    const answers = [];
    for (const index of all) answers.push((await send(index, SPRAYED, guesserOf(index))).auth);
    assert.deepEqual(new Set(answers), new Set([535]), "as for a wrong password, to the last");
    const checked = dovecot.log().match(/Password mismatch/g)?.length ?? 0;
    assert.ok(checked <= 6, `${checked} of 20 guesses came as far as a password check`);
    for (const index of all) assert.equal((await send(index, passwordOf(index), homeOf(index))).recipient, 250);

    // A thief who has the password, and signed in before anybody knew of him.
    const stolen = await submit(postfix.port, nameOf(0), passwordOf(0), "127.92.0.9", async () => {
      assert.equal((await portcullis.run("gate", "block", "127.92.0.9", "--yes", "--reason", "a drill")).status, 0);
    });
    assert.deepEqual([stolen.auth, stolen.recipient], [235, 554], stolen.said);
  },
);

test("a spray through nginx is held", { skip: lacks(...nginxPackages), timeout: 120_000 }, async () => {
  await using portcullis = await startPortcullis(SETTINGS);
  await using nginx = await startNginx({
    accounts,
    asking: `auth_request /portcullis;\npost_action /portcullis-result;`,
    locations: `
location = /portcullis {
  internal;
  proxy_pass ${portcullis.url}forward-auth;
  proxy_pass_request_body off;
  proxy_set_header Content-Length "";
  proxy_set_header X-Forwarded-For $remote_addr;
}
location = /portcullis-result {
  internal;
  proxy_method POST;
  proxy_pass http://127.0.0.1:${portcullis.httpPort}/forward-auth/result;
  proxy_pass_request_body off;
  proxy_set_header Content-Length 0;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Original-Status $status;
}`,
  });
  const open = (index: number, password: string, from: string) => visit(nginx.port, nameOf(index), password, from);
  for (const index of all) assert.equal(await open(index, passwordOf(index), homeOf(index)), 200);
  assert.equal((await portcullis.run("gate", "enforce", "--yes", "--reason", "a drill")).status, 0);
  const answers = [];
  for (const index of all) answers.push(await open(index, SPRAYED, guesserOf(index)));
  assert.deepEqual(new Set(answers), new Set([401]), "as for a wrong password, to the last");
  const checked = nginx.log().match(/password mismatch/g)?.length ?? 0;
  assert.ok(checked <= 8, `${checked} of 20 guesses came as far as a password check`);
  for (const index of all) assert.equal(await open(index, passwordOf(index), homeOf(index)), 200);
});
