// `portcullis serve` as people run it: a process of its own, killed and started again.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { appendFileSync, closeSync, existsSync, openSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { connect } from "node:tls";
import { createCommand } from "../support/command.ts";
import { type Served, startServe } from "../support/serving.ts";

const command = createCommand();

const HOME = "192.0.2.7";
const SPRAYED = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8";

const attempt = (login: string, remote: string, more: object = {}): object => ({
  login,
  remote,
  protocol: "imap",
  pwhash: "0fc9",
  device_id: "",
  session_id: `${login}${remote}`,
  tls: false,
  ...more,
});

const allow = async (served: Served, login: string, remote: string, more: object = {}): Promise<unknown> =>
  (await served.ask("/?command=allow", attempt(login, remote, more)))["status"];

const report = async (served: Served, login: string, remote: string, success: boolean, more = {}): Promise<void> => {
  await served.ask("/?command=report", attempt(login, remote, { success, policy_reject: false, ...more }));
};

const gate = (folder: string, ...args: readonly string[]): string => {
  const { status, out, error } = command.run(["gate", ...args, "--data", join(command.folder, folder)]);
  assert.equal(status, 0, error);
  return out;
};

/** The newest snapshot, with its version at its head. */
function snapshotOf(folder: string): string {
  const snapshots = join(command.folder, folder, "snapshots");
  const newest = readdirSync(snapshots).sort().at(-1) ?? "none";
  return readFileSync(join(snapshots, newest), "latin1");
}

/** Ends the program itself, not the one that started it: as a crash would. */
function killAtOnce({ child }: Served): void {
  const pids = execFileSync("pgrep", ["-P", String(child.pid)], { encoding: "utf8" })
    .trim()
    .split("\n");
  for (const pid of pids) process.kill(Number(pid), "SIGKILL");
}

test("a spray with one password is held from its sixth guess on, members work on, and a crash forgets nothing", async (t) => {
  let served = await startServe(t, command);
  for (let index = 0; index < 30; index += 1) await report(served, `member${index}`, `192.0.2.${index}`, true);
  gate("data", "enforce", "--yes", "--reason", "the test begins");
  const answers: unknown[] = [];
  const guess = async (index: number): Promise<void> => {
    const [login, remote] = [`member${index}`, `198.18.${index}.9`];
    const answer = await allow(served, login, remote, { fp: SPRAYED });
    answers.push(answer);
    await report(served, login, remote, false, { fp: SPRAYED, policy_reject: answer === -1 });
  };
  for (let index = 0; index < 12; index += 1) await guess(index);
  assert.deepEqual(answers.slice(0, 3), [0, 0, 0]);
  assert.deepEqual([...new Set(answers.slice(5))], [-1], answers.join(" "));
  assert.equal(await allow(served, "member3", "192.0.2.3", { fp: SPRAYED }), 0, "its owner is at home");

  killAtOnce(served);
  await served.end();
  served = await startServe(t, command);
  assert.equal(await allow(served, "member3", "192.0.2.3"), 0);
  assert.match(gate("data", "why", "member3", "192.0.2.99"), /familiar/);
  assert.match(gate("data", "status"), /30 accounts/);
  assert.match(gate("data", "status"), /The gate enforces/);
  await served.end();
  const files = readdirSync(join(command.folder, "data"), { recursive: true, withFileTypes: true });
  const kept = files
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "latin1"));
  assert.ok(files.some(({ name }) => name.endsWith(".snapshot")));
  assert.ok(kept.every((text) => !text.includes(SPRAYED) && !text.includes(SPRAYED.toUpperCase())));
  assert.ok(served.said.every((line) => !line.includes(SPRAYED)));
});

test("whoever stops what was started stops the service, which says so, leaves nothing running, and goes on from there", async (t) => {
  const served = await startServe(t, command, "", "stopped");
  await report(served, "ana", HOME, true);
  await served.end("SIGTERM");
  assert.match(served.said.at(-1) ?? "", /Stopping: SIGTERM/);
  await assert.rejects(allow(served, "ana", HOME));

  const before = snapshotOf("stopped");
  const again = await startServe(t, command, "", "stopped");
  assert.match(gate("stopped", "why", "ana", HOME), /familiar/);
  await again.end("SIGHUP");
  assert.match(again.said.at(-1) ?? "", /Stopping: SIGHUP/, "there is no certificate to read again");
  assert.ok(before.length > 1_000);
  assert.equal(snapshotOf("stopped"), before, "it was good, although the service listens elsewhere now");
});

test("a second service on the same data folder, and a port that is taken, are errors that say what to do", async (t) => {
  const served = await startServe(t, command, "", "twice");
  const again = command.run([
    "serve",
    "--data",
    join(command.folder, "twice"),
    "--settings",
    join(command.folder, "twice.yaml"),
  ]);
  assert.equal(again.status, 1);
  assert.match(again.error, /another/i);
  const settings = join(command.folder, "taken.yaml");
  spawnSync("cp", [join(command.folder, "twice.yaml"), settings]);
  const taken = await startServe(t, command, `serve:\n  http: "127.0.0.1:${served.port}"\n`, "taken").catch(
    (error: unknown) => error,
  );
  assert.ok(taken instanceof Error);
  assert.match(taken.message, new RegExp(`127.0.0.1:${served.port}`));
  await served.end();
});

test("what a followed log, a push and a report tell is known to the gate", async (t) => {
  const log = join(command.folder, "mail.log");
  writeFileSync(log, dovecotLogin("ana"));
  const tokens = join(command.folder, "tokens");
  writeFileSync(tokens, `collector: ${createHash("sha256").update("a-long-token").digest("hex")}\n`);
  const place = join(command.folder, "push.sock");
  const settings = {
    serve: { http: "127.0.0.1:0", postfix: "", push: `unix:${place}` },
    inputs: { follow: [log], pushTokens: tokens },
  };
  const served = await startServe(t, command, JSON.stringify(settings), "inputs");
  appendFileSync(log, dovecotLogin("bea"));
  assert.equal(await push(place, dovecotLogin("cat")), 200);
  await report(served, "dan", HOME, true);
  let status = "";
  for (let round = 0; round < 40 && !status.includes("4 accounts"); round += 1) status = gate("inputs", "status");
  assert.match(status, /Knows +4 accounts/);
  for (const name of ["ana", "bea", "cat", "dan"]) assert.match(gate("inputs", "why", name, HOME), /familiar/);
});

const dovecotLogin = (name: string): string =>
  `${new Date().toISOString()} mx1 dovecot: imap-login: Login: user=<${name}>, method=PLAIN, rip=${HOME}, lip=198.51.100.1, mpid=1, TLS, session=<${name}>\n`;

/** Answers the status. */
async function push(socketPath: string, body: string): Promise<number | undefined> {
  const sent = request({ socketPath, method: "POST", path: "/", headers: { authorization: "Bearer a-long-token" } });
  sent.end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

test(
  "the gate goes on answering when what it says can be written nowhere, as on a full disk",
  { skip: existsSync("/dev/full") ? false : "there is no /dev/full" },
  async (t) => {
    const place = join(command.folder, "mute.sock");
    const settings = join(command.folder, "mute.yaml");
    writeFileSync(settings, JSON.stringify({ serve: { http: `unix:${place}`, postfix: "" } }));
    const [program, ...rest] = command.start;
    const full = openSync("/dev/full", "w");
    const child = spawn(program, [...rest, "serve", "--data", join(command.folder, "mute"), "--settings", settings], {
      cwd: command.folder,
      env: command.env,
      stdio: ["ignore", "ignore", full],
    });
    const ended = once(child, "exit");
    t.after(async () => {
      child.kill("SIGTERM");
      await ended;
      closeSync(full);
    });
    const isReady = async (): Promise<boolean> => {
      const asked = request({ socketPath: place, path: "/readyz" });
      asked.end();
      const answered = once(asked, "response") as Promise<[IncomingMessage]>;
      return answered.then(([{ statusCode }]) => statusCode === 200).catch(() => false);
    };
    // It has said three things by then, if it lives.
    while (child.exitCode === null && !(await isReady())) await new Promise(setImmediate);
    assert.equal(child.exitCode, null);
  },
);

const hasOpenssl = spawnSync("openssl", ["version"], { stdio: "ignore" }).status === 0;

test(
  "a renewed certificate is taken when the service is told to, and one of no use is not",
  { skip: hasOpenssl ? false : "openssl is not installed" },
  async (t) => {
    const [key, certificate] = [join(command.folder, "gate.key"), join(command.folder, "gate.pem")];
    const make = (name: string): void => {
      const options = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj"];
      execFileSync("openssl", ["req", "-x509", ...options, `/CN=${name}`, "-keyout", key, "-out", certificate], {
        stdio: "ignore",
      });
    };
    const nameShown = (port: number): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => {
          resolve(socket.getPeerCertificate().subject?.CN);
          socket.destroy();
        });
        socket.on("error", reject);
      });
    make("first");
    const serve = { http: '"127.0.0.1:0"', postfix: '""', key, certificate };
    const settings = Object.entries(serve).map(([name, value]) => `  ${name}: ${value}\n`);
    const served = await startServe(t, command, `serve:\n${settings.join("")}`, "renewed");
    assert.equal(await nameShown(served.port), "first");
    make("second");
    const reread = async (line: RegExp): Promise<void> => {
      served.child.kill("SIGHUP");
      while (!served.said.some((said) => line.test(said))) await new Promise(setImmediate);
    };
    await reread(/Told to read/);
    assert.equal(await nameShown(served.port), "second");
    writeFileSync(certificate, "none");
    await reread(/stays in use/);
    assert.equal(await nameShown(served.port), "second");
    await served.end();
  },
);
