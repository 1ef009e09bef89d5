/**
 * What is measured, one kind per process: `node24 bench/gate/server.ts KIND FOLDER [ACCOUNTS]`. Writes its port and memory as JSON when it is ready.
 *
 *   bare      node:http that reads the same body, parses it, and answers with an empty object
 *   node-http the gate on node:http (node-http.ts)
 *   gate      the gate on its own reader: token, routes, limits, metrics, verdict from memory, reports kept and judged by a second thread
 */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { Worker } from "node:worker_threads";
import { areaOf, networkKey } from "#/familiarity/networks.ts";
import { Fingerprints } from "#/gate/fingerprint.ts";
import { Gate } from "#/gate/gate.ts";
import { Credentials } from "#/gate/protocols/credentials.ts";
import { Desk } from "#/gate/protocols/desk.ts";
import { dovecotPolicy } from "#/gate/protocols/dovecot-policy.ts";
import { listenHttp } from "#/gate/http-reader/listen.ts";
import { type Listener, type ListenerOptions, listenerLimits } from "#/gate/protocols/listener.ts";
import { gateMetrics } from "#/gate/protocols/metrics.ts";
import { Telling } from "#/gate/protocols/telling.ts";
import { VerdictRecorder } from "#/gate/protocols/verdict-recorder.ts";
import { defaults } from "#/gate/settings.ts";
import { systemClock } from "#/platform/clock.ts";
import { connect } from "#/platform/thread-calls.ts";
import { systemTimers } from "#/platform/timers.ts";
import { days, later } from "#/platform/units.ts";
import type { Keeper } from "./keeper.ts";
import { listenNodeHttp } from "./node-http.ts";

const token = "a-long-token";

function bare(): void {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      JSON.parse(Buffer.concat(pieces).toString("utf8"));
      response.writeHead(200, { "content-type": "application/json", "content-length": 2 });
      response.end("{}");
    });
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    ready(typeof address === "object" && address !== null ? address.port : 0);
  });
}

/** A gate that knows so many accounts in networks of their own, and as many addresses that are up to no good as it keeps. */
function filled(accounts: number): Gate {
  const now = systemClock.now();
  const gate = new Gate(defaults, { accountsMax: 1_000_000, familiarFor: days(90) });
  for (let index = 0; index < accounts; index += 1) {
    const address = `${11 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}.7`;
    const [network, area] = [networkKey(address), areaOf(address)];
    gate.apply({
      kind: "familiar",
      account: `member${index}@example.org`,
      network,
      area,
      client: "",
      first: now,
      at: now,
    });
    gate.apply({
      kind: "threat",
      threat: "attacking-address",
      subject: `${100 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}.9`,
      since: now,
      until: later(now, days(1)),
      why: "12 guesses at 9 accounts within 4 min",
    });
  }
  gate.setPosture([{ at: now, author: "bench", reason: "", until: undefined, change: { kind: "enforce" } }]);
  gate.setReady();
  return gate;
}

async function gate(isFast: boolean, folder: string, accounts: number): Promise<Listener> {
  const keeper = connect<Keeper>(new Worker(new URL("keeper.ts", import.meta.url), { workerData: folder }), {});
  const recorder = new VerdictRecorder(() => undefined, systemTimers);
  const telling = new Telling("dovecot", (batch) => keeper.remote.take(batch), systemTimers);
  const desk = new Desk("dovecot", {
    gate: filled(accounts),
    tell: (signIn, id) => telling.tell(signIn, id),
    record: (verdict) => recorder.record(verdict),
    fingerprints: new Fingerprints(days(21), systemClock.now()),
    clock: systemClock,
    run: String(systemClock.now()),
  });
  const metrics = gateMetrics({
    desks: () => [desk.report()],
    recorder: () => recorder.report(),
    connections: async () => 0,
    connectionsDropped: () => 0,
  });
  const options: ListenerOptions = {
    endpoint: { kind: "tcp", host: "127.0.0.1", port: 0 },
    tls: undefined,
    routes: new Map([
      ["/", { protocol: "dovecot", guard: "token", handle: dovecotPolicy(desk, () => false) }],
      ["/metrics", { protocol: "metrics", guard: "none", handle: metrics.handle }],
    ]),
    credentials: new Credentials([{ name: "bench", sha256: createHash("sha256").update(token).digest("hex") }]),
    clock: systemClock,
    answered: metrics.answered,
    trouble: (what) => process.stderr.write(`${what}\n`),
    limits: listenerLimits,
  };
  return isFast ? listenHttp(options, systemTimers) : listenNodeHttp(options);
}

function ready(port: number): void {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.stdout.write(`${JSON.stringify({ port, rss, used: heapUsed + external })}\n`);
}

process.once("SIGINT", () => setTimeout(() => process.exit(0), 300));

const [kind = "", folder = "", accounts = "0"] = process.argv.slice(2);
if (kind === "bare") bare();
else ready((await gate(kind === "gate", folder, Number(accounts))).port);
