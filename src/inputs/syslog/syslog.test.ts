import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { type Socket, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type TLSSocket, connect as connectTls } from "node:tls";
import type { Batch } from "#/inputs/input.ts";
import { minutes } from "#/platform/units.ts";
import { Kept, allSources, contextOf, failure, until, weakFailure } from "../../../test/support/inputs.ts";
import { MovedTime } from "../../../test/support/timers.ts";
import { createAllowed } from "./allowed.ts";
import { dropsIn } from "./kernel-drops.ts";
import { type StreamOptions, SyslogStream } from "./stream.ts";
import { SyslogUdp } from "./udp.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-syslog-"));
after(() => rmSync(folder, { recursive: true }));

const rfc3164 = (account: string): string =>
  `<38>Nov 23 10:00:00 mx1 sshd[4711]: Failed password for ${account} from 192.0.2.7 port 50022 ssh2`;
const rfc5424 = (account: string): string =>
  `<38>1 2026-11-23T10:00:00.123Z mx1 sshd 4711 - [x@1 a="]\\"b"] \uFEFFFailed password for ${account} from 2001:db8::7 port 50022 ssh2`;
const counted = (message: string): string => `${Buffer.byteLength(message)} ${message}`;

const anybody = createAllowed([]);
const streamDefaults: StreamOptions = {
  endpoint: "127.0.0.1:0",
  tls: undefined,
  allowed: anybody,
  sources: allSources,
  messageMax: 65_536,
  connectionsMax: 4,
  idle: minutes(10),
};

type Scene = { readonly kept: Kept; readonly time: MovedTime; readonly input: SyslogStream };

async function tcp(options: Partial<StreamOptions>, run: (scene: Scene) => Promise<void>): Promise<void> {
  const [kept, time] = [new Kept(), new MovedTime()];
  const input = await SyslogStream.listen({ ...streamDefaults, ...options }, contextOf(kept, time));
  try {
    await run({ kept, time, input });
  } finally {
    await input[Symbol.asyncDispose]();
  }
}

function client(port: number): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  return socket;
}

/** However it came to its end. */
const closed = async (socket: Socket): Promise<void> =>
  new Promise((resolve) => void socket.once("close", () => resolve()));

test("UDP: a datagram of either RFC is a message", async () => {
  const [kept, time] = [new Kept(), new MovedTime()];
  const options = { endpoint: "127.0.0.1:0", allowed: anybody, sources: allSources, waitingMax: 1 << 20 };
  const input = await SyslogUdp.listen(options, contextOf(kept, time));
  const socket = createSocket("udp4");
  const send = (text: string): void => socket.send(text, input.port, "127.0.0.1");
  send(rfc3164("anna"));
  await until(time, () => kept.accounts.length === 1, "anna");
  send(`${rfc5424("bert")}\n`);
  await until(time, () => kept.accounts.length === 2, "bert");
  send("\0\n");
  send(rfc3164("carl").replace("Nov 23", "\nNov 23"));
  send(rfc3164("dora"));
  await until(time, () => kept.accounts.includes("dora"), "dora");
  assert.deepEqual(kept.accounts.slice(0, 2), ["anna", "bert"]);
  assert.deepEqual(
    kept.signIns.slice(0, 2).map(({ address, server }) => [address, server]),
    [
      ["192.0.2.7", "mx1"],
      ["2001:db8::7", "mx1"],
    ],
  );
  socket.close();
  await input[Symbol.asyncDispose]();
});

test("UDP: what comes faster than it can be kept is dropped and counted, and the rest is kept", async () => {
  const [kept, time] = [new Kept(), new MovedTime()];
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const context = {
    ...contextOf(kept, time),
    take: async (batch: Batch) => {
      await held;
      await kept.take(batch);
    },
  };
  const message = rfc3164("anna");
  const options = { endpoint: "127.0.0.1:0", allowed: anybody, sources: allSources, waitingMax: message.length * 3 };
  const input = await SyslogUdp.listen(options, context);
  const socket = createSocket("udp4");
  for (let index = 0; index < 10; index += 1) socket.send(message, input.port, "127.0.0.1");
  await until(time, () => input.report().dropped === 7, "7 dropped");
  release();
  await until(time, () => kept.signIns.length === 3, "3 kept");
  socket.close();
  await input[Symbol.asyncDispose]();
});

test("the kernel's own drops are read from its table of sockets", () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops",
    " 4321: 0100007F:0202 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12345 2 0000000000000000 17",
    " 4322: 00000000:0203 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12346 2 0000000000000000 99",
  ].join("\n");
  assert.equal(dropsIn(table, 514), 17);
  assert.equal(dropsIn("", 514), 0);
});

test("TCP: counted messages and lines, in pieces of any size, over several connections", async () =>
  tcp({}, async ({ kept, time, input }) => {
    const [one, other] = [client(input.port), client(input.port)];
    const stream = `${counted(rfc5424("anna"))}${rfc3164("bert")}\n${counted(rfc3164("carl"))}\n`;
    for (const part of stream.match(/[^]{1,50}/g) ?? []) one.write(part);
    other.end(`${rfc3164("dora")}\n${rfc3164("emil")}`);
    await until(time, () => kept.accounts.length === 5, kept.accounts.join(" "));
    assert.deepEqual(kept.accounts.toSorted(), ["anna", "bert", "carl", "dora", "emil"]);
    one.destroy();
  }));

test("TCP: nobody is read from while what he sent is not durable", async () => {
  const [kept, time] = [new Kept(), new MovedTime()];
  let release = (): void => {};
  let batches = 0;
  const held = new Promise<void>((resolve) => (release = resolve));
  const take = async (batch: Batch): Promise<void> => {
    batches += 1;
    await held;
    await kept.take(batch);
  };
  const input = await SyslogStream.listen(streamDefaults, { ...contextOf(kept, time), take });
  const socket = client(input.port);
  const lines = `${rfc3164("anna")}\n`.repeat(2_000);
  let isHeldBack = false;
  for (let sent = 0; sent < 400 && !isHeldBack; sent += 1) {
    isHeldBack = !socket.write(lines);
    if (isHeldBack && (await Promise.race([once(socket, "drain").then(() => true), pauseOf(60)]))) isHeldBack = false;
  }
  assert.ok(isHeldBack, "the sender was never held back");
  assert.equal(batches, 1);
  socket.destroy();
  release();
  await input[Symbol.asyncDispose]();
  assert.ok(kept.signIns.length > 0);
});

async function pauseOf(length: number): Promise<false> {
  const { setTimeout: pause } = await import("node:timers/promises");
  await pause(length);
  return false;
}

test("TCP: what is too long is passed over and counted, and the connection goes on", async () =>
  tcp({ messageMax: 200 }, async ({ kept, time, input }) => {
    const socket = client(input.port);
    socket.write(`${"x".repeat(5_000)}\n${counted(`<1>${"y".repeat(5_000)}`)}${rfc3164("anna")}\n`);
    await until(time, () => kept.accounts.length === 1, "anna");
    assert.equal(input.report().malformed, 2);
    socket.destroy();
  }));

test("TCP: one connection more than allowed is closed, and an idle one makes room", async () =>
  tcp({ connectionsMax: 1 }, async ({ kept, time, input }) => {
    const first = client(input.port);
    first.write(`${rfc3164("anna")}\n`);
    await until(time, () => kept.accounts.length === 1, "anna");
    const second = client(input.port);
    await closed(second);
    assert.match(input.report().trouble, /^1 connections beyond/);
    const isClosed = closed(first);
    time.move(minutes(11));
    await isClosed;
    const third = client(input.port);
    third.write(`${rfc3164("bert")}\n`);
    await until(time, () => kept.accounts.length === 2, "bert");
    third.destroy();
  }));

test("only who may send is heard", async () => {
  await tcp({ allowed: createAllowed(["192.0.2.0/24", "2001:db8::/32"]) }, async ({ input, kept }) => {
    const socket = client(input.port);
    socket.write(`${rfc3164("anna")}\n`);
    await closed(socket);
    assert.deepEqual(kept.accounts, []);
    assert.match(input.report().trouble, /^1 connections from addresses that are not in inputs.syslogFrom/);
  });
  const allowed = createAllowed(["192.0.2.0/24", "198.51.100.7", "2001:db8::/32"]);
  const asked = ["192.0.2.9", "::ffff:192.0.2.9", "198.51.100.7", "198.51.100.8", "2001:db8::1", "2001:db9::1"];
  assert.deepEqual(asked.map(allowed), [true, true, true, false, true, false]);
  for (const wrong of ["host", "192.0.2.0/33", "192.0.2.0/x", "192.0.2.0/24/1"])
    assert.throws(() => createAllowed([wrong]), { code: "settings-invalid" });
});

test("two lines of one attempt count once, and a weak witness speaks when nothing more comes", async () =>
  tcp({}, async ({ kept, time, input }) => {
    const socket = client(input.port);
    socket.write(weakFailure("anna") + failure("anna") + weakFailure("bert", 1, 5_000));
    await until(time, () => kept.accounts.length === 2, "bert");
    assert.deepEqual(kept.accounts, ["anna", "bert"]);
    socket.destroy();
  }));

test("at the end what was taken is handed on, with those who wait", async () => {
  const [kept, time] = [new Kept(), new MovedTime()];
  const input = await SyslogStream.listen(streamDefaults, contextOf(kept, time));
  const socket = client(input.port);
  socket.write(failure("anna") + weakFailure("bert", 1, 5_000));
  await until(time, () => kept.accounts.length === 1, "anna");
  await input[Symbol.asyncDispose]();
  assert.deepEqual(kept.accounts, ["anna", "bert"]);
});

test("where nobody can listen it is said what to do", async () => {
  const [kept, time] = [new Kept(), new MovedTime()];
  await tcp({}, async ({ input }) => {
    const options = { ...streamDefaults, endpoint: `127.0.0.1:${input.port}` };
    await assert.rejects(SyslogStream.listen(options, contextOf(kept, time)), {
      code: "listening-failed",
      message: /another program listens there already/,
    });
  });
  for (const endpoint of ["514", "127.0.0.1", "127.0.0.1:70000", "a b:1"])
    await assert.rejects(SyslogStream.listen({ ...streamDefaults, endpoint }, contextOf(kept, time)), {
      code: "settings-invalid",
    });
});

const openssl = (...args: readonly string[]): boolean => spawnSync("openssl", args, { cwd: folder }).status === 0;

/** An authority, and a server and a client that it vouches for. */
function makeCertificates(): string | false {
  const made = ["authority", "stranger"].every((name) =>
    openssl(
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-days",
      "2",
      "-subj",
      `/CN=${name}`,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
    ),
  );
  const signed = ["localhost", "mx1", "renewed"].every(
    (name) =>
      openssl(
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        `/CN=${name}`,
        "-keyout",
        `${name}.key`,
        "-out",
        `${name}.csr`,
      ) &&
      openssl(
        "x509",
        "-req",
        "-in",
        `${name}.csr`,
        "-CA",
        "authority.pem",
        "-CAkey",
        "authority.key",
        "-CAcreateserial",
        "-days",
        "2",
        "-out",
        `${name}.pem`,
      ),
  );
  return made && signed ? false : "openssl is not there";
}

const skip = makeCertificates();
const file = (name: string): string => join(folder, name);
const read = (name: string): Buffer => readFileSync(file(name));

function tlsClient(port: number, certificate: string): TLSSocket {
  const own = certificate === "" ? {} : { key: read(`${certificate}.key`), cert: read(`${certificate}.pem`) };
  const socket = connectTls({
    port,
    host: "127.0.0.1",
    ca: read("authority.pem"),
    checkServerIdentity: () => undefined,
    ...own,
  });
  socket.on("error", () => undefined);
  return socket;
}

test("TLS: messages by octet counting (RFC 5425)", { skip }, async () =>
  tcp(
    { tls: { key: file("localhost.key"), certificate: file("localhost.pem"), clients: "" } },
    async ({ kept, time, input }) => {
      const socket = tlsClient(input.port, "");
      socket.write(counted(rfc5424("anna")) + counted(rfc5424("bert")));
      await until(time, () => kept.accounts.length === 2, "bert");
      assert.equal(socket.authorized, true);
      socket.destroy();
      const plain = client(input.port);
      plain.write(`${rfc3164("carl")}\n`);
      await closed(plain);
      await until(
        time,
        () => input.report().trouble.startsWith("1 connections failed in their TLS handshake"),
        "trouble",
      );
      assert.deepEqual(kept.accounts, ["anna", "bert"]);
    },
  ),
);

test("TLS: where clients must show a certificate, only theirs count", { skip }, async () =>
  tcp(
    { tls: { key: file("localhost.key"), certificate: file("localhost.pem"), clients: file("authority.pem") } },
    async ({ kept, time, input }) => {
      for (const certificate of ["", "stranger"]) {
        const refused = tlsClient(input.port, certificate);
        refused.write(counted(rfc5424("nobody")));
        await closed(refused);
      }
      const socket = tlsClient(input.port, "mx1");
      socket.write(counted(rfc5424("anna")));
      await until(time, () => kept.accounts.length === 1, "anna");
      assert.deepEqual(kept.accounts, ["anna"]);
      socket.destroy();
    },
  ),
);

test("TLS: a renewed certificate counts without a restart, and one that cannot be read is told", { skip }, async () => {
  for (const end of ["key", "pem"]) copyFileSync(file(`localhost.${end}`), file(`served.${end}`));
  await tcp(
    { tls: { key: file("served.key"), certificate: file("served.pem"), clients: "" } },
    async ({ time, input }) => {
      const nameSeen = async (): Promise<string> => {
        const socket = tlsClient(input.port, "");
        await once(socket, "secureConnect");
        const { CN } = socket.getPeerCertificate().subject;
        socket.destroy();
        return String(CN);
      };
      assert.equal(await nameSeen(), "localhost");
      for (const end of ["key", "pem"]) copyFileSync(file(`renewed.${end}`), file(`served.${end}`));
      utimesSync(file("served.pem"), 1, 1);
      time.move(minutes(1));
      assert.equal(await nameSeen(), "renewed");
      rmSync(file("served.key"));
      time.move(minutes(1));
      assert.match(input.report().trouble, /the certificate was not renewed: .*syslogTlsKey/);
      assert.equal(await nameSeen(), "renewed");
    },
  );
  const [kept, time] = [new Kept(), new MovedTime()];
  const tls = { key: file("none"), certificate: file("none"), clients: "" };
  await assert.rejects(SyslogStream.listen({ ...streamDefaults, tls }, contextOf(kept, time)), {
    code: "certificate-unusable",
  });
});
