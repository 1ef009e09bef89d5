import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { type Socket, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { type Played, allow, delay, play, refuse, watched } from "../../../test/support/desk.ts";
import { listenAt } from "./endpoint.ts";
import { answerPostfix, postfixServer } from "./postfix-policy.ts";

/** As Postfix sends it, some of its attributes left out. */
const block = (more: Record<string, string> = {}): string =>
  Object.entries({
    request: "smtpd_access_policy",
    protocol_state: "RCPT",
    protocol_name: "ESMTP",
    client_address: "198.51.100.7",
    client_name: "unknown",
    sender: "anna@example.org",
    recipient: "bea@example.net",
    instance: "1a2b.5e0.0",
    sasl_method: "PLAIN",
    sasl_username: "Anna@example.org",
    ...more,
  })
    .map(([name, value]) => `${name}=${value}`)
    .join("\n");

test("who has signed in is let through, refused or deferred", () => {
  for (const [verdict, expected] of [
    [allow, "action=DUNNO\n\n"],
    [watched, "action=DUNNO\n\n"],
    [refuse, "action=REJECT\n\n"],
    [delay, "action=DEFER\n\n"],
  ] as const) {
    const played = play("postfix", verdict);
    assert.equal(answerPostfix(played.desk, block()), expected);
    const [attempt] = played.asked;
    assert.deepEqual(
      [attempt?.account, attempt?.address, attempt?.service],
      ["anna@example.org", "198.51.100.7", "submission"],
    );
  }
});

test("mail of nobody who signed in, and other requests, are none of the gate's", () => {
  const played = play("postfix", refuse);
  for (const more of [{ sasl_username: "" }, { request: "junk_policy" }])
    assert.equal(answerPostfix(played.desk, block(more)), "action=DUNNO\n\n");
  assert.equal(answerPostfix(played.desk, ""), "action=DUNNO\n\n");
  assert.equal(played.asked.length, 0);
});

test("one message to many recipients is one verdict on record", () => {
  const played = play("postfix", refuse);
  for (const recipient of ["bea@example.net", "carl@example.net"]) answerPostfix(played.desk, block({ recipient }));
  answerPostfix(played.desk, block({ instance: "1a2c.5e0.1" }));
  assert.equal(played.recorded.length, 2);
});

async function withServer(played: Played, use: (socket: Socket) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gate-"));
  const path = join(folder, "policy");
  const server = postfixServer(played.desk);
  await listenAt(server, { kind: "unix", path, mode: 0o660 });
  const socket = connect(path);
  socket.setEncoding("utf8");
  try {
    await use(socket);
  } finally {
    socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  }
}

/** Everything up to the text's end, or to the connection's. */
function readUntil(socket: Socket, end: string): Promise<string> {
  return new Promise((resolve) => {
    let all = "";
    socket.on("data", (piece: string) => {
      all += piece;
      if (all.endsWith(end)) resolve(all);
    });
    socket.on("error", () => resolve(all));
    socket.on("close", () => resolve(all));
  });
}

test("blocks may come in pieces and several at once, on one connection", async () => {
  const played = play("postfix", refuse);
  await withServer(played, async (socket) => {
    const both = `${block()}\n\n${block({ sasl_username: "" })}\r\n\r\n`;
    const read = readUntil(socket, "DUNNO\n\n");
    for (const piece of both.match(/.{1,70}/gs) ?? []) socket.write(piece);
    assert.equal(await read, "action=REJECT\n\naction=DUNNO\n\n");
  });
});

test("a block longer than any ends its connection, and is counted", async () => {
  const played = play("postfix", refuse);
  await withServer(played, async (socket) => {
    const read = readUntil(socket, "never");
    socket.write(`sender=${"x".repeat(20_000)}`);
    assert.equal(await read, "");
    assert.equal(played.desk.report().malformed, 1);
  });
});

test("whatever stands in a block, the answer is one action", () => {
  const value = fc.string({ unit: "binary", maxLength: 80 });
  fc.assert(
    fc.property(value, value, value, fc.string({ unit: "binary" }), (name, address, instance, rest) => {
      const text = `${block({ sasl_username: name, client_address: address, instance })}\n${rest}`;
      assert.match(answerPostfix(play("postfix").desk, text), /^action=DUNNO\n\n$/);
    }),
    { numRuns: 500 },
  );
});
