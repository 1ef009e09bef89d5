/**
 * Metrics for Prometheus, by its conventions of names and units. Counting costs an answer next to nothing: what the desks count anyway is asked for
 * when somebody reads. No account, address or anything else that a stranger chooses is a label, so that nobody can make them grow.
 */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { DeskReport } from "./desk.ts";
import type { Handler } from "./exchange.ts";
import type { Answered } from "./front.ts";
import type { RecorderReport } from "./verdict-recorder.ts";

export type Counted = {
  readonly desks: () => readonly DeskReport[];
  readonly recorder: () => RecorderReport;
  /** Listeners' connections, and those turned away. */
  readonly connections: () => Promise<number>;
  readonly connectionsDropped: () => number;
};

export type GateMetrics = {
  readonly answered: Answered;
  /** The text that Prometheus reads. */
  readonly text: () => Promise<string>;
  /** For a route at /metrics. */
  readonly handle: Handler;
  /** For what others want to show beside. */
  readonly registry: Registry;
};

/** From 0.1 ms to 2.5 s, which is past Dovecot's patience. */
const BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5];

export function gateMetrics(counted: Counted): GateMetrics {
  const registry = new Registry();
  const took = new Histogram({
    name: "portcullis_gate_request_duration_seconds",
    help: "From a request's head to its answer, by protocol.",
    labelNames: ["protocol"],
    buckets: BUCKETS,
    registers: [registry],
  });
  const statuses = new Map<string, number>();
  const durations = new Map<string, Histogram.Internal<"protocol">>();
  addRequests(registry, statuses);
  addDesks(registry, counted.desks);
  addQueues(registry, counted);
  const text = (): Promise<string> => registry.metrics();
  return {
    answered(protocol, status, milliseconds) {
      const key = `${protocol} ${status}`;
      statuses.set(key, (statuses.get(key) ?? 0) + 1);
      let duration = durations.get(protocol);
      if (duration === undefined) durations.set(protocol, (duration = took.labels({ protocol })));
      duration.observe(milliseconds / 1_000);
    },
    text,
    handle: async () => ({ status: 200, type: registry.contentType, body: await text() }),
    registry,
  };
}

/** A counter of what is counted elsewhere: read when somebody asks. */
function counter(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly string[],
  read: () => Iterable<readonly [Readonly<Record<string, string>>, number]>,
): void {
  const metric = new Counter({
    name,
    help,
    labelNames,
    registers: [],
    collect() {
      this.reset();
      for (const [labels, value] of read()) this.inc(labels, value);
    },
  });
  registry.registerMetric(metric);
}

function gauge(registry: Registry, name: string, help: string, read: () => number | Promise<number>): void {
  const metric = new Gauge({
    name,
    help,
    registers: [],
    async collect() {
      this.set(await read());
    },
  });
  registry.registerMetric(metric);
}

function addRequests(registry: Registry, statuses: ReadonlyMap<string, number>): void {
  counter(
    registry,
    "portcullis_gate_requests_total",
    "Requests answered, by protocol and HTTP status.",
    ["protocol", "status"],
    () =>
      [...statuses].map(([key, count]) => {
        const [protocol = "", status = ""] = key.split(" ");
        return [{ protocol, status }, count] as const;
      }),
  );
}

function addDesks(registry: Registry, desks: Counted["desks"]): void {
  counter(
    registry,
    "portcullis_gate_verdicts_total",
    "Verdicts, by protocol, reason code and what was answered.",
    ["protocol", "code", "answer"],
    () =>
      desks().flatMap(({ protocol, verdicts }) =>
        [...verdicts].map(([key, count]) => {
          const [code = "", answer = ""] = key.split(" ");
          return [{ protocol, code, answer }, count] as const;
        }),
      ),
  );
  counter(
    registry,
    "portcullis_gate_reports_total",
    "Sign-ins told: kept, turned away because too many waited (busy), or not kept by the store (unkept).",
    ["protocol", "result"],
    () =>
      desks().flatMap(({ protocol, told }) =>
        Object.entries(told).map(([result, count]) => [{ protocol, result }, count] as const),
      ),
  );
  const each = (pick: (desk: DeskReport) => number) => () =>
    desks().map((desk) => [{ protocol: desk.protocol }, pick(desk)] as const);
  const byProtocol = ["protocol"];
  counter(
    registry,
    "portcullis_gate_failures_total",
    "Attempts that the gate could not decide: it failed open or closed, as set.",
    byProtocol,
    each(({ failures }) => failures),
  );
  counter(
    registry,
    "portcullis_gate_malformed_total",
    "Requests that could not be read.",
    byProtocol,
    each(({ malformed }) => malformed),
  );
  counter(
    registry,
    "portcullis_gate_fingerprints_refused_total",
    "Hashes of passwords that came over a connection which others may read, and were not taken.",
    byProtocol,
    each(({ fingerprintsRefused }) => fingerprintsRefused),
  );
}

function addQueues(registry: Registry, { desks, recorder, connections, connectionsDropped }: Counted): void {
  gauge(registry, "portcullis_gate_reports_waiting", "Reports that wait to become durable.", () =>
    desks().reduce((sum, { waiting }) => sum + waiting, 0),
  );
  gauge(registry, "portcullis_gate_verdicts_waiting", "Verdicts that wait to be kept.", () => recorder().waiting);
  counter(registry, "portcullis_gate_verdicts_dropped_total", "Verdicts left out, since too many waited.", [], () => [
    [{}, recorder().dropped],
  ]);
  gauge(registry, "portcullis_gate_connections", "Connections that are open.", connections);
  counter(
    registry,
    "portcullis_gate_connections_dropped_total",
    "Connections turned away, since too many were open.",
    [],
    () => [[{}, connectionsDropped()]],
  );
}
