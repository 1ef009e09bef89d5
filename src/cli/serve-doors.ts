/** Where servers ask the gate: each protocol at its desk, the desks behind their listeners. */
import type { Control } from "#/gate/control.ts";
import { Fingerprints } from "#/gate/fingerprint.ts";
import type { Gate } from "#/gate/gate.ts";
import { listenHttp } from "#/gate/http-reader/listen.ts";
import { Credentials } from "#/gate/protocols/credentials.ts";
import { Desk, type Protocol, protocols } from "#/gate/protocols/desk.ts";
import { dovecotPolicy } from "#/gate/protocols/dovecot-policy.ts";
import { type Endpoint, endpointText, listenAt } from "#/gate/protocols/endpoint.ts";
import type { Handler, Routes } from "#/gate/protocols/exchange.ts";
import { forwardAuth, forwardAuthResult } from "#/gate/protocols/forward-auth.ts";
import { healthz, readyz } from "#/gate/protocols/health.ts";
import { jsonAllow, jsonReport } from "#/gate/protocols/json-api.ts";
import { jsonOpenapi } from "#/gate/protocols/json-openapi.ts";
import { type Listener, listenerLimits } from "#/gate/protocols/listener.ts";
import { type GateMetrics, gateMetrics } from "#/gate/protocols/metrics.ts";
import { postfixServer } from "#/gate/protocols/postfix-policy.ts";
import { Telling } from "#/gate/protocols/telling.ts";
import { VerdictRecorder } from "#/gate/protocols/verdict-recorder.ts";
import { type BlockEntry, type Blocks, wforce } from "#/gate/protocols/wforce.ts";
import { inForce } from "#/gate/posture.ts";
import { networkText, rangesOf } from "#/gate/ranges.ts";
import type { DeskState } from "#/gate/service-state.ts";
import { Failure } from "#/platform/failure.ts";
import type { Remote } from "#/platform/thread-calls.ts";
import { type Duration, type Millis, millis } from "#/platform/units.ts";
import type { WatchCalls } from "#/watch/calls.ts";
import type { ServeParts } from "./serve.ts";
import { endpointOf, tlsOf, tokensIn } from "./serve-settings.ts";

export type Desks = {
  readonly of: (protocol: Protocol) => Desk;
  readonly recorder: VerdictRecorder;
  readonly state: () => readonly DeskState[];
};

/** One for each protocol. What they are told goes to the watch, and so do verdicts, later. */
export function createDesks({ gate, settings, clock, timers }: ServeParts, watch: Remote<WatchCalls>): Desks {
  const recorder = new VerdictRecorder((batch) => watch.keepVerdicts(batch), timers);
  const fingerprints = new Fingerprints(settings.gate.fingerprintKeyFor, clock.now());
  const desks = new Map<Protocol, Desk>(
    protocols.map((protocol) => {
      const telling = new Telling(protocol, (batch) => watch.take(batch), timers);
      const ports = {
        gate,
        tell: (...told: Parameters<Telling["tell"]>) => telling.tell(...told),
        record: recorder.record.bind(recorder),
        fingerprints,
        clock,
        run: String(clock.now()),
      };
      return [protocol, new Desk(protocol, ports)];
    }),
  );
  return {
    of: (protocol) => desks.get(protocol) ?? missing(protocol),
    recorder,
    state: () =>
      [...desks.values()].map((desk) => {
        const { verdicts, ...report } = desk.report();
        return { ...report, verdicts: [...verdicts] };
      }),
  };
}

export type Doors = AsyncDisposable & {
  /** Where it listens, in words. */
  readonly places: readonly string[];
  /** Reads key and certificate again. */
  readonly reload: () => void;
};

/** @throws Failure settings-invalid, gate-unguarded, listening-failed, certificate-unusable, tokens-invalid */
export async function openDoors(parts: ServeParts, desks: Desks, control: Control): Promise<Doors> {
  const { gate, settings, clock, timers, log } = parts;
  const listeners: Listener[] = [];
  const metrics = gateMetrics({
    desks: () => protocols.map((protocol) => desks.of(protocol).report()),
    recorder: () => desks.recorder.report(),
    connections: async () => {
      const counts = await Promise.all(listeners.map((listener) => listener.connections()));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    connectionsDropped: () => listeners.reduce((sum, listener) => sum + listener.dropped(), 0),
  });
  const front = {
    credentials: new Credentials(tokensIn(settings.serve.tokens)),
    clock,
    answered: metrics.answered,
    trouble: (what: string) => log.error(what),
    limits: listenerLimits,
    tls: tlsOf(settings.serve),
  };
  const isForwarder = forwarderTest(settings.gate.forwarders);
  await using opening = new AsyncDisposableStack();
  const places: string[] = [];
  const listen = async (endpoint: Endpoint | undefined, name: string, routes: Routes): Promise<void> => {
    if (endpoint === undefined) return;
    const listener = opening.use(await listenHttp({ ...front, endpoint, routes }, timers));
    listeners.push(listener);
    places.push(`${listener.place} (${name})`);
  };
  await listen(endpointOf(settings.serve.http, "http"), "HTTP", routesOf(parts, desks, metrics, isForwarder));
  const blocks = blocksOf(gate, control, () => clock.now());
  const forWforce = wforceRoutes(wforce(desks.of("wforce"), blocks, isForwarder));
  await listen(endpointOf(settings.serve.wforce, "wforce"), "weakforced's API", forWforce);
  const postfix = endpointOf(settings.serve.postfix, "postfix");
  if (postfix !== undefined) {
    opening.defer(await listenForPostfix(desks.of("postfix"), postfix));
    places.push(`${endpointText(postfix)} (Postfix)`);
  }
  const open = opening.move();
  const reload = (): void => {
    for (const listener of listeners) listener.reload();
  };
  return { places, reload, [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() };
}

function missing(protocol: Protocol): never {
  throw new Error(`there is no desk for ${protocol}`);
}

function forwarderTest(forwarders: readonly string[]): (address: string) => boolean {
  const ranges = rangesOf(forwarders, "gate.forwarders");
  return (address) => ranges.find(address) !== undefined;
}

function routesOf(
  { gate, timers, version }: ServeParts,
  { of: desk }: Desks,
  metrics: GateMetrics,
  isForwarder: (address: string) => boolean,
): Routes {
  const wait = (delay: Duration): Promise<void> => new Promise((resolve) => void timers.after(delay, resolve));
  const ports = { desk: desk("forward-auth"), isForwarder, wait };
  return new Map([
    ["/", { protocol: "dovecot", guard: "token", handle: dovecotPolicy(desk("dovecot"), isForwarder) }],
    ["/forward-auth", { protocol: "forward-auth", guard: "key", handle: forwardAuth(ports) }],
    ["/forward-auth/result", { protocol: "forward-auth", guard: "key", handle: forwardAuthResult(ports) }],
    ["/v1/allow", { protocol: "json", guard: "token", handle: jsonAllow(desk("json")) }],
    ["/v1/report", { protocol: "json", guard: "token", handle: jsonReport(desk("json")) }],
    ["/v1/openapi.json", { protocol: "json", guard: "none", handle: jsonOpenapi(version) }],
    ["/metrics", { protocol: "metrics", guard: "token", handle: metrics.handle }],
    ["/healthz", { protocol: "health", guard: "none", handle: healthz }],
    [
      "/readyz",
      {
        protocol: "health",
        guard: "none",
        handle: readyz(() => (gate.isReady ? [] : ["it is still reading what was kept"])),
      },
    ],
  ]);
}

/** weakforced answers under / with ?command=, and some of its clients ask under /command/. */
function wforceRoutes(handle: Handler): Routes {
  const commands = [
    "ping",
    "allow",
    "report",
    "reset",
    "getDBStats",
    "addBLEntry",
    "delBLEntry",
    "getBL",
    "addWLEntry",
    "delWLEntry",
    "getWL",
  ];
  const route = { protocol: "wforce", guard: "token", handle } as const;
  return new Map([["/", route], ...commands.map((name) => [`/command/${name}`, route] as const)]);
}

/** What weakforced calls a blacklist is blocks of the posture here: with an end, in the log, and undone like any other. */
function blocksOf(gate: Gate, control: Control, now: () => Millis): Blocks {
  const change = async (
    network: string,
    wanted: { kind: "block" | "unblock"; reason: string; lasts: number },
  ): Promise<void> => {
    const reply = await control({
      ask: "change",
      change: { kind: wanted.kind, network: networkText(network) },
      author: "weakforced's API",
      reason: wanted.reason,
      lasts: wanted.lasts,
    });
    if (reply.is === "failure") throw new Failure("gate-change-invalid", reply.message);
  };
  const addressOnly = (network: string): void => {
    if (network === "") {
      throw new Failure(
        "gate-change-invalid",
        "accounts are not blocked here: guard them, or end what they have open.",
      );
    }
  };
  return {
    block: async ({ network, until, reason }) => {
      addressOnly(network);
      await change(network, { kind: "block", reason, lasts: until - now() });
    },
    unblock: async ({ network }) => {
      addressOnly(network);
      await change(network, { kind: "unblock", reason: "", lasts: 0 });
    },
    blocked: () =>
      inForce(gate.stance, now()).flatMap(({ change: what, until, reason }): BlockEntry[] =>
        what.kind === "block" ? [{ network: what.network, account: "", until: until ?? millis(NEVER), reason }] : [],
      ),
    trusted: () => gate.settings.trustedNetworks,
  };
}

/** The end of year 9999, for those who have to be told an end. */
const NEVER = 253_402_300_799_000;

async function listenForPostfix(desk: Desk, endpoint: Endpoint): Promise<() => Promise<void>> {
  const server = postfixServer(desk);
  await listenAt(server, endpoint);
  const sockets = new Set<{ destroy: () => unknown }>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      // Postfix keeps its connections for later questions, and asks anew where one has ended.
      for (const socket of sockets) socket.destroy();
    });
}
