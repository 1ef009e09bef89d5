import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Endpoint } from "#/gate/protocols/endpoint.ts";
import { listenerLimits } from "#/gate/protocols/listener.ts";
import { Failure } from "#/platform/failure.ts";
import { systemTimers } from "#/platform/timers.ts";
import type { Duration } from "#/platform/units.ts";
import { listenHttp } from "./listen.ts";
import { type Listen, admitted, ask, open, raw, token } from "../../../test/support/listener.ts";

const hasOpenssl = spawnSync("openssl", ["version"], { stdio: "ignore" }).status === 0;

const listen: Listen = (options) => listenHttp(options, systemTimers);

test("a question reaches its route with its body; what is at no path is not found", async () => {
  const { listener, asked, answered } = await open(listen);
  await using _ = listener;
  const { port } = listener;
  assert.deepEqual(await ask({ port, path: "/?command=allow", headers: admitted, body: "äb" }), {
    status: 200,
    body: "2",
  });
  const [first] = asked;
  assert.deepEqual(
    [first?.path, first?.query, first?.body, first?.peer],
    ["/", "command=allow", "äb", { address: "127.0.0.1", isSafe: true }],
  );
  assert.equal((await ask({ port, path: "/?later", headers: admitted, body: "x" })).body, '"x"');
  assert.equal((await ask({ port, path: "/nowhere" })).status, 404);
  assert.deepEqual(answered, ["echo 200", "echo 200", "none 404"]);
});

test("who shows no token is turned away before anything is read, except where everybody may ask", async () => {
  const { listener, asked } = await open(listen);
  await using _ = listener;
  const { port } = listener;
  assert.equal((await ask({ port, path: "/" })).status, 401);
  assert.equal((await ask({ port, path: "/", headers: { authorization: "Bearer wrong" } })).status, 401);
  assert.equal((await ask({ port, path: "/free" })).status, 204);
  assert.equal(asked.length, 0);
});

test("a handler that breaks is told to those who run the site, and to nobody else", async () => {
  const { listener, troubles } = await open(listen);
  await using _ = listener;
  assert.deepEqual(await ask({ port: listener.port, path: "/?break", headers: admitted }), { status: 500, body: "" });
  assert.match(troubles[0] ?? "", /echo: Error: broken/);
});

test("a body is read to its limit and not one byte past it", async () => {
  const { listener } = await open(listen, { limits: { ...listenerLimits, bodyBytesMax: 10 } });
  await using _ = listener;
  const { port } = listener;
  assert.equal((await ask({ port, path: "/", headers: admitted, body: "x".repeat(10) })).status, 200);
  assert.equal((await ask({ port, path: "/", headers: admitted, body: "x".repeat(11) })).status, 413);
});

test("heads that are too long, broken or slow end their connection", async () => {
  const limits = { ...listenerLimits, headWait: 300 as Duration, requestWait: 600 as Duration };
  const { listener } = await open(listen, { limits });
  await using _ = listener;
  const { port } = listener;
  const head = `POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`;
  const answers = await Promise.all([
    raw({ port }, `${head}X: ${"x".repeat(20_000)}\r\n\r\n`),
    raw({ port }, "\0\0\0\0\r\n\r\n"),
    raw({ port }, `${head}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
    raw({ port }, head),
    raw({ port }, `${head}Content-Length: 5\r\n\r\n12`),
    raw({ port }, ""),
  ]);
  for (const answer of answers) assert.ok(answer === "" || /^HTTP\/1\.1 [45]\d\d /.test(answer), answer);
});

test("several hundred idle connections keep nobody from being answered; one past the maximum is turned away", async () => {
  const { listener } = await open(listen, { limits: { ...listenerLimits, connectionsMax: 301 } });
  await using _ = listener;
  const { port } = listener;
  const idle = await Promise.all(
    Array.from(
      { length: 300 },
      () =>
        new Promise<ReturnType<typeof connect>>((resolve) => {
          const socket = connect({ port }, () => resolve(socket));
          socket.on("error", () => undefined);
        }),
    ),
  );
  // So that all of them have been accepted.
  while ((await listener.connections()) < 300) await new Promise(setImmediate);
  assert.equal((await ask({ port, path: "/", headers: admitted, body: "x" })).status, 200);
  while ((await listener.connections()) > 300) await new Promise(setImmediate);
  const last = connect({ port });
  last.on("error", () => undefined);
  while ((await listener.connections()) < 301) await new Promise(setImmediate);
  assert.equal(await raw({ port }, ""), "");
  assert.equal(listener.dropped(), 1);
  for (const socket of [...idle, last]) socket.destroy();
});

test("a Unix socket is whose mode says it is, may lie about from a process that was killed, and not be taken from one that lives", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gate-"));
  const path = join(folder, "gate.sock");
  const endpoint: Endpoint = { kind: "unix", path, mode: 0o660 };
  try {
    execFileSync(
      process.execPath,
      [
        "-e",
        `require("node:net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`,
      ],
      { stdio: "ignore" },
    );
  } catch {
    assert.ok(existsSync(path));
  }
  {
    const { listener, asked } = await open(listen, { endpoint });
    await using _ = listener;
    assert.equal(statSync(path).mode & 0o777, 0o660);
    assert.equal((await ask({ socketPath: path, path: "/", headers: admitted })).status, 200);
    assert.deepEqual(asked[0]?.peer, { address: "", isSafe: true });
    await assert.rejects(
      open(listen, { endpoint }),
      (error) => error instanceof Failure && error.code === "listening-failed",
    );
  }
  rmSync(folder, { recursive: true });
});

test(
  "TLS takes a renewed certificate without a restart, keeps the old where the new is of no use, and client certificates for tokens",
  { skip: hasOpenssl ? false : "openssl is not installed" },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "gate-"));
    for (const name of ["first", "second", "client"]) certify(folder, name);
    const file = (name: string): string => join(folder, name);
    const use = (name: string): void => {
      copyFileSync(file(`${name}.pem`), file("used.pem"));
      copyFileSync(file(`${name}.key`), file("used.key"));
    };
    use("first");
    const tls = { certificate: file("used.pem"), key: file("used.key"), clientAuthorities: file("client.pem") };
    const { listener, troubles, asked } = await open(listen, { tls });
    await using _ = listener;
    const { port } = listener;
    const by = (name: string, more = {}) =>
      ask({ host: "127.0.0.1", port, path: "/", ca: readFileSync(file(`${name}.pem`)), ...more });
    assert.equal((await by("first", { headers: admitted })).status, 200);
    assert.equal(asked[0]?.peer.isSafe, true);
    assert.equal((await by("first")).status, 401);
    const own = { cert: readFileSync(file("client.pem")), key: readFileSync(file("client.key")) };
    assert.equal((await by("first", own)).status, 200);
    const others = { cert: readFileSync(file("second.pem")), key: readFileSync(file("second.key")) };
    assert.equal((await by("first", others)).status, 401);
    use("second");
    listener.reload();
    assert.equal((await by("second", { headers: admitted })).status, 200);
    copyFileSync(file("first.key"), file("used.key"));
    listener.reload();
    assert.match(troubles[0] ?? "", /stays in use/);
    assert.equal((await by("second", { headers: admitted })).status, 200);
    rmSync(folder, { recursive: true });
  },
);
function certify(folder: string, name: string): void {
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj"].concat(
      `/CN=${name}`,
      ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", join(folder, `${name}.key`)],
      ["-out", join(folder, `${name}.pem`)],
    ),
    { stdio: "ignore" },
  );
}
