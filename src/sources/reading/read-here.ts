// The reading itself, in whatever thread this is: the logs, each by its reader, merged.
import type { SignIn } from "#/signin/signin.ts";
import { chunkLengthMax } from "./bytes.ts";
import { chooseSources } from "./choose.ts";
import { Copies } from "./copies.ts";
import { type Log, findLogs } from "./inputs.ts";
import { type LogOptions, LogReader } from "./log-reader.ts";
import { merge } from "./merge.ts";
import { inOrder } from "./order.ts";
import { Overlaps } from "./overlaps.ts";
import { Pairing } from "./pairing.ts";
import type { FileReport } from "./report.ts";
import type { Advance, ThreadTask } from "./task.ts";

/** Bytes that all logs together have in memory, and one log at least. */
const CHUNKS_TOTAL = 32 << 20;
const CHUNK_LENGTH_MIN = 16_384;
/** Sign-ins of a batch, of one log's batch at least, and of all logs together that wait to be merged. */
const BATCH = 4_096;
const BATCH_MIN = 64;
const WAITING_TOTAL = 131_072;

/** @throws Failure for everything that whoever asked can mend. `reports` is filled when all is read. */
export async function* readHere(
  task: ThreadTask,
  onProgress: Advance,
  reports: FileReport[],
): AsyncGenerator<readonly SignIn[]> {
  const logs = findLogs(task.paths);
  const share = (total: number, min: number, max: number): number =>
    Math.min(max, Math.max(min, Math.floor(total / logs.length)));
  const overlaps = new Overlaps();
  // What one log says alone needs no better word.
  const weak = logs.length > 1 ? new Map<SignIn, FileReport>() : undefined;
  const options = {
    ...task,
    ...chooseSources(task),
    onProgress,
    chunkLength: share(CHUNKS_TOTAL, CHUNK_LENGTH_MIN, chunkLengthMax),
    batchLength: share(WAITING_TOTAL, BATCH_MIN, BATCH),
    weak,
  };
  const readers = logs.map((log) => new LogReader(log, options));
  const orders = readers.map((reader) => inOrder(reader.batches()));
  const copies = new Copies((signIn, count, log, original) => {
    weak?.delete(signIn);
    overlaps.count(log, original, count);
  });
  const merged = merge(
    orders.map(({ batches }) => batches),
    BATCH,
    copies,
  );
  yield* weak === undefined ? merged : withoutWeak(merged, weak);
  for (const [index, reader] of readers.entries()) reader.finish(orders[index]?.note() ?? "");
  overlaps.tell(readers.map((reader) => reader.reports));
  reports.push(...readers.flatMap((reader) => reader.reports));
  const isNothing = reports.every(({ signIns, leftOut }) => signIns + leftOut === 0);
  if (task.format !== undefined && isNothing) await noteLooks(logs, reports, { ...options, only: undefined });
}

/** None of it was of the format that was named: what is it, then? Its first batch of sign-ins tells. */
async function noteLooks(logs: readonly Log[], reports: readonly FileReport[], options: LogOptions): Promise<void> {
  const log = logs.find(([file]) => file !== undefined && file.path !== "-");
  const [report] = reports;
  if (log === undefined || report === undefined) return;
  const reader = new LogReader(log, { ...options, since: undefined, until: undefined, onProgress: () => {} });
  const formats = new Set<string>();
  for await (const batch of reader.batches()) {
    for (const { source } of batch) formats.add(source);
    break;
  }
  report.looksLike = [...formats].join("+");
}

/** Without the attempts of which another log has a better word. */
async function* withoutWeak(
  merged: AsyncGenerator<readonly SignIn[]>,
  weak: Map<SignIn, FileReport>,
): AsyncGenerator<readonly SignIn[]> {
  const pairing = new Pairing(weak, (signIn) => {
    const report = weak.get(signIn);
    if (report !== undefined) report.toldBetter += signIn.count;
  });
  for await (const batch of merged) {
    const known = pairing.next(batch);
    if (known.length > 0) yield known;
  }
  const rest = pairing.end();
  if (rest.length > 0) yield rest;
}
