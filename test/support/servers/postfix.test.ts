// The real Postfix of the tests has the real Dovecot check its passwords.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dovecotPackages, startDovecot } from "./dovecot.ts";
import { lacks } from "./packages.ts";
import { postfixPackages, startPostfix, submit } from "./postfix.ts";

const skip = lacks(...dovecotPackages, ...postfixPackages);

test("a real Postfix takes mail from members only, and says in its log who was turned away", { skip }, async () => {
  await using dovecot = await startDovecot({ accounts: new Map([["anna", "right"]]), policyUrl: "" });
  await using postfix = await startPostfix({ authSocket: dovecot.authSocket, policyAt: "" });
  assert.deepEqual(await submit(postfix.port, "anna", "right", "127.0.0.31"), {
    auth: 235,
    recipient: 250,
    said: "250 2.1.5 Ok",
  });
  assert.equal((await submit(postfix.port, "anna", "wrong", "127.0.0.32")).auth, 535);
  assert.match(postfix.log(), /\[127\.0\.0\.32\]: SASL PLAIN authentication failed/);
});
