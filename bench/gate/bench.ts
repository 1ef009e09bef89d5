/**
 * node24 bench/gate/bench.ts [--rounds N] [--seconds N] [--accounts N] [--idle N] [--out FILE]
 * Measures how fast the gate answers beside a bare node:http server that parses the same bodies, in turns, under the same load (wrk), and writes
 * docs/bench-gate.md. It asserts nothing: machines differ; the ratios are what to look at.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type Socket, connect } from "node:net";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Kind, type Measured, type Running, measure, start, stop } from "./running.ts";

const root = join(import.meta.dirname, "..", "..");
const kinds: readonly Kind[] = ["bare", "node-http", "gate"];
const commands = ["allow", "report"] as const;
const connectionCounts = [1, 16, 64] as const;

type Options = {
  readonly rounds: number;
  readonly seconds: number;
  readonly accounts: number;
  readonly idle: number;
};

type Cell = { readonly kind: Kind; readonly command: string; readonly connections: number; readonly taken: Measured[] };

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    accounts: { type: "string", default: "1000000" },
    idle: { type: "string", default: "10000" },
    out: { type: "string", default: join(root, "docs", "bench-gate.md") },
  },
});
const options: Options = {
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  accounts: Number(values.accounts),
  idle: Number(values.idle),
};

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function withServers<Result>(
  cores: string,
  use: (servers: readonly Running[]) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "bench-gate-"));
  const servers: Running[] = [];
  try {
    for (const kind of kinds) servers.push(await start(kind, join(folder, kind), options.accounts, cores));
    return await use(servers);
  } finally {
    for (const server of servers) await stop(server);
    rmSync(folder, { recursive: true });
  }
}

/** All kinds in turns, so that a busy minute of the machine hits everybody. The first round only warms up. */
async function measureAll(servers: readonly Running[]): Promise<Cell[]> {
  const cells: Cell[] = commands.flatMap((command) =>
    connectionCounts.flatMap((connections) => kinds.map((kind) => ({ kind, command, connections, taken: [] }))),
  );
  for (let round = 0; round <= options.rounds; round += 1) {
    for (const { kind, command, connections, taken } of cells) {
      const server = servers.find((one) => one.kind === kind);
      if (server === undefined) continue;
      const measured = await measure(server, command, connections, options.seconds);
      say(
        `round ${round} ${kind} ${command} at ${connections}: ${Math.round(measured.rate)}/s, ${measured.cpu.toFixed(1)} us`,
      );
      if (round > 0) taken.push(measured);
    }
  }
  return cells;
}

/** How fast it answers while so many connections are open that have asked once and ask nothing more. */
async function measureIdle(server: Running, count: number): Promise<Measured> {
  const sockets: Socket[] = [];
  for (let index = 0; index < count; index += 1) {
    sockets.push(
      await new Promise<Socket>((resolve, reject) => {
        const socket = connect(server.port, "127.0.0.1", () =>
          socket.write("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"),
        );
        socket.once("data", () => resolve(socket));
        socket.once("error", reject);
      }),
    );
    if (index % 2_000 === 1_999) say(`${index + 1} connections are open`);
  }
  const measured = await measure(server, "allow", 16, options.seconds);
  for (const socket of sockets) socket.destroy();
  return measured;
}

function median(cell: Cell | undefined, pick: (one: Measured) => number): number {
  const sorted = (cell?.taken ?? []).map(pick).sort((one, other) => one - other);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

const number = (value: number): string => value.toLocaleString("en", { maximumSignificantDigits: 3 });

function table(cells: readonly Cell[], command: string): string {
  const header = ["connections", "server", "requests/s", "of bare", "p50 ms", "p99 ms", "of bare", "CPU us", "of bare"];
  const rows = cells
    .filter((cell) => cell.command === command)
    .map((cell) => {
      const bare = cells.find(
        (one) => one.kind === "bare" && one.command === command && one.connections === cell.connections,
      );
      const of = (pick: (one: Measured) => number): string => (median(cell, pick) / median(bare, pick)).toFixed(2);
      return [
        String(cell.connections),
        cell.kind,
        number(median(cell, ({ rate }) => rate)),
        of(({ rate }) => rate),
        number(median(cell, ({ p50 }) => p50)),
        number(median(cell, ({ p99 }) => p99)),
        of(({ p99 }) => p99),
        number(median(cell, ({ cpu }) => cpu)),
        of(({ cpu }) => cpu),
      ];
    });
  const rule = header.map((_, index) => (index === 1 ? "---" : "---:"));
  return [header, rule, ...rows].map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function page(one: readonly Cell[], two: readonly Cell[], servers: readonly Running[], idle: Measured): string {
  const memory = (kind: Kind, of: "rss" | "used"): number =>
    Math.round((servers.find((server) => server.kind === kind)?.[of] ?? 0) / 2 ** 20);
  const [cpu] = cpus();
  return [
    "# How fast the gate answers",
    "",
    "Written by `node bench/gate/bench.ts`; run it again to measure your own machine.",
    "",
    `- Medians of ${options.rounds} runs of ${options.seconds} s each, in turns, by wrk with Dovecot's bodies (password hash included) for 1,000 accounts.`,
    "- bare: node:http that reads and parses the same body and answers with an empty object. node-http: the gate as it would be on node:http. gate: the gate as it",
    "  is, on its own reader (docs/decisions/0011). Both with token, limits, metrics, fingerprints and verdicts from memory.",
    "- allow asks before the password. report tells afterwards, and is answered when the sign-in is in the store (SQLite) and has gone to all detectors.",
    "- CPU is that of all the server's threads for each request. On a machine that others use, too, it says more than the rate and the percentiles:",
    "  with a load average above 1 (see below), read that column.",
    "- The aim is 0.8 of the bare server's rate (1.25 of its CPU) and 1.5 of its p99, for both.",
    `- Machine: ${cpus().length} × ${cpu?.model.trim() ?? "?"}, Node ${process.versions.node}; load average at the end ${loadavg()[0]?.toFixed(1)}.`,
    `- Memory with ${number(options.accounts)} accounts in networks of their own and as many addresses that attack (of which threatsMax are kept):`,
    `  ${memory("gate", "used")} MB in use, ${memory("gate", "rss")} MB resident right after it was filled; the bare server has ${memory("bare", "used")} and ${memory("bare", "rss")} MB.`,
    `- With ${number(options.idle)} idle connections open: allow at 16 connections ${number(idle.rate)}/s, p99 ${number(idle.p99)} ms.`,
    "- weakforced 3.0 on such a machine, with its default policy and on one and a half cores: allow 11,000-14,000/s at 16 connections with p99 of",
    "  6-8 ms; 1.2 and 0.9 times a bare node:http server in the same run. It takes 3.1 GB for a million accounts and addresses.",
    "",
    "## Both threads on one core",
    "",
    "### allow",
    "",
    table(one, "allow"),
    "",
    "### report",
    "",
    table(one, "report"),
    "",
    "## A core for each thread (shared with wrk)",
    "",
    "### report",
    "",
    table(two, "report"),
    "",
  ].join("\n");
}

if (import.meta.main) {
  const [one, servers, idle] = await withServers("0", async (running) => {
    const cells = await measureAll(running);
    const gate = running.find(({ kind }) => kind === "gate");
    if (gate === undefined) throw new Error("no gate");
    return [cells, running, await measureIdle(gate, options.idle)] as const;
  });
  const two = await withServers("0,1", measureAll);
  writeFileSync(values.out, page(one, two, servers, idle));
}
