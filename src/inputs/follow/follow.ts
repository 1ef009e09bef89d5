/**
 * Follows log files: those that are named, those that a pattern fits, and all logs of a directory. New ones are found as they appear. The
 * system tells of changes where it can, and it is looked after them in any case.
 */
import { type FSWatcher, globSync, readdirSync, statSync, watch } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { InputContext } from "#/inputs/context.ts";
import type { InputReport } from "#/inputs/input.ts";
import { type Duration, seconds } from "#/platform/units.ts";
import type { RecogniserOptions } from "#/sources/reading/recogniser.ts";
import { FollowedLog } from "./followed-log.ts";
import { isPutAway, logNameOf } from "./siblings.ts";

export type FollowOptions = {
  /** Paths, patterns and directories. */
  readonly follow: readonly string[];
  /** Where rotation puts logs away, if not beside them. */
  readonly rotatedIn: readonly string[];
  readonly sources: RecogniserOptions;
  /** How often files are looked at where the system does not tell of changes. */
  readonly every: Duration;
};

/** Logs that are followed at a time: each has a join of its own, of some MB. Further ones are told, and not followed. */
const LOGS_MAX = 64;
const SEARCH_EVERY = seconds(10);

export class Follow implements AsyncDisposable {
  readonly #options: FollowOptions;
  readonly #context: InputContext;
  readonly #logs = new Map<string, FollowedLog>();
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #timers: readonly Disposable[];
  readonly #ended: (error: unknown) => void;
  #leftOut = 0;

  /** @param ended told where following ended by a defect. */
  constructor(options: FollowOptions, context: InputContext, ended: (error: unknown) => void) {
    this.#options = options;
    this.#context = context;
    this.#ended = ended;
    this.#search();
    this.#timers = [
      context.timers.every(options.every, () => this.#wake()),
      context.timers.every(SEARCH_EVERY, () => this.#search()),
    ];
  }

  reports(): readonly InputReport[] {
    const reports = [...this.#logs.values()].map((log) => log.report());
    if (this.#leftOut === 0) return reports;
    const trouble = `${this.#leftOut} more logs fit what is to be followed than the ${LOGS_MAX} that can be: name fewer`;
    return [...reports, { input: "follow", signIns: 0, ignored: 0, malformed: 0, dropped: 0, trouble }];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) timer[Symbol.dispose]();
    for (const watcher of this.#watchers.values()) watcher.close();
    await Promise.all([...this.#logs.values()].map(async (log) => log[Symbol.asyncDispose]()));
  }

  #wake(): void {
    for (const log of this.#logs.values()) log.wake();
  }

  #search(): void {
    this.#leftOut = 0;
    for (const path of this.#options.follow.flatMap((entry) => pathsOf(entry))) this.#add(path);
  }

  #add(path: string): void {
    const folder = dirname(path);
    const log = join(folder, logNameOf(path));
    if (this.#logs.has(log)) return;
    if (this.#logs.size >= LOGS_MAX) {
      this.#leftOut += 1;
      return;
    }
    const name = { folders: [folder, ...this.#options.rotatedIn], name: basename(log) };
    const followed = new FollowedLog(name, `follow:${log}`, this.#options.sources, this.#context);
    followed.running.catch(this.#ended);
    this.#logs.set(log, followed);
    this.#watch(folder);
  }

  #watch(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#wake());
      this.#watchers.set(folder, watcher);
      // Too many watches, a network's file system, a folder that went away: looking after it does as well.
      watcher.on("error", () => {
        watcher.close();
        this.#watchers.delete(folder);
      });
    } catch {
      // It may come later; the next search tries again where a log in it is new.
    }
  }
}

/** What an entry of the settings stands for now. A path stands for itself, there or not. */
function pathsOf(entry: string): readonly string[] {
  if (/[*?[\]{}]/.test(entry)) return globSync(entry).filter((path) => isLog(path));
  try {
    if (!statSync(entry).isDirectory()) return [entry];
    return readdirSync(entry)
      .map((name) => join(entry, name))
      .filter((path) => isLog(path));
  } catch {
    return [entry];
  }
}

function isLog(path: string): boolean {
  try {
    return !isPutAway(path) && statSync(path).isFile();
  } catch {
    return false;
  }
}
