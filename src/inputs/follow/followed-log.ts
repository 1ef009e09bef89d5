/**
 * One log as it is being written, through rotation by renaming or copying, restarts and silence. The old file is read to its end before the
 * new one is begun; what was read is durable before more is read, and only then does the position move.
 *
 * It leaves a renamed file when the next one has something in it and nothing more has come for `LINGER`: a server that goes on
 * writing to its old file after that is not heard there.
 */
import type { InputContext } from "#/inputs/context.ts";
import type { Input, InputReport } from "#/inputs/input.ts";
import { Outbox } from "#/inputs/outbox.ts";
import { LiveLog } from "#/inputs/reading/live-log.ts";
import { Failure } from "#/platform/failure.ts";
import { type Duration, minutes, seconds } from "#/platform/units.ts";
import { fileFailure } from "#/sources/reading/inputs.ts";
import type { Tally } from "#/sources/reading/framer.ts";
import type { RecogniserOptions } from "#/sources/reading/recogniser.ts";
import { Signal } from "#/sources/reading/signal.ts";
import { type FilePlace, FollowedFile } from "./followed-file.ts";
import { type Found, find } from "./identity.ts";
import { type Planned, planAfter, planCut, youngerThan } from "./plan.ts";
import { type Position, type Spot, readPosition, writePosition } from "./position.ts";
import { type LogName, isPutAway, siblingsOf } from "./siblings.ts";

/** How long a renamed file is watched after its last line, and at most. */
const LINGER = seconds(2);
const LINGER_MAX = minutes(1);
/** Where nobody signs in, the position still moves so often. */
const POSITION_EVERY = seconds(5);
/** So much is read again after a restart at most, for connections that were open then. */
const AGAIN_MAX = 32 << 20;

export class FollowedLog implements Input {
  readonly name: string;
  readonly #logName: LogName;
  readonly #context: InputContext;
  readonly #log: LiveLog<FilePlace>;
  readonly #outbox: Outbox;
  readonly #signal = new Signal();
  readonly #tally: Tally;
  readonly #running: Promise<void>;
  #file: FollowedFile | undefined;
  /** The file that was read before, and how far. */
  #previous: { readonly found: Found; readonly spot: Spot } | undefined;
  /** What is to be read next, where that is known. */
  #next: Planned | undefined;
  /** Where it was when it was ended, until it is there again. */
  #resuming: Position | undefined;
  #isClosing = false;
  #passed = 0;
  #ignored = 0;
  #malformed = 0;
  #trouble = "";
  #lastGrowth = 0;
  /** When the next file was seen to have something in it. */
  #nextSince: number | undefined;
  #lastTicks: number;
  #lastHanded = Number.NEGATIVE_INFINITY;
  #lastPlace = "";

  constructor(logName: LogName, name: string, options: RecogniserOptions, context: InputContext) {
    this.name = name;
    this.#logName = logName;
    this.#context = context;
    this.#outbox = new Outbox(context);
    this.#lastTicks = context.clock.ticks();
    this.#tally = tallyOf(() => (this.#malformed += 1));
    const nowhere: FilePlace = { file: undefined, start: 0, passed: 0, id: () => "" };
    this.#log = new LiveLog(options, nowhere, () => (this.#malformed += 1));
    this.#running = this.#run();
  }

  /** Something may have happened. */
  wake(): void {
    this.#signal.wake();
  }

  /** Resolves when it has ended by itself, which it never does; rejects where something is wrong with the program. */
  get running(): Promise<void> {
    return this.#running;
  }

  report(): InputReport {
    return {
      input: this.name,
      signIns: this.#log.signIns,
      ignored: this.#ignored + (this.#file?.ignored ?? 0),
      malformed: this.#malformed,
      dropped: 0,
      trouble: this.#outbox.trouble || this.#trouble,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    this.#signal.wake();
    await this.#outbox.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    this.#resuming = readPosition(this.#context.position(this.name));
    while (!this.#isClosing) {
      const isMore = await this.#step();
      this.#pass(isMore);
      if (!(await this.#hand(false))) break;
      if (!isMore && !this.#isClosing) await this.#signal.wait();
    }
    await this.#hand(true);
    await this.#file?.close();
  }

  /** Reads on. Answers whether there may be more at once. */
  async #step(): Promise<boolean> {
    const file = this.#file ?? (await this.#open());
    if (file === undefined) return false;
    try {
      const change = await file.read();
      if (change === "cut") await this.#replace(file);
      else if (change === "more") this.#lastGrowth = this.#context.clock.ticks();
      else return await this.#leave(file);
      this.#trouble = "";
      return true;
    } catch (error) {
      return this.#stumble(file, mendable(file.found.path, error));
    }
  }

  async #open(): Promise<FollowedFile | undefined> {
    const planned = this.#next ?? (await this.#plan())[0];
    if (planned === undefined) {
      this.#trouble = `${this.name.slice(this.name.indexOf(":") + 1)} is not there (yet)`;
      return undefined;
    }
    const isKnown = this.#next !== undefined;
    this.#next = undefined;
    const options = { log: this.#log, tally: this.#tally, timezone: this.#context.timezone, passed: this.#passed };
    try {
      const file = await FollowedFile.open(planned, options);
      // Rotation may have put another before it, while it was being opened; what it does from now on the file notices.
      const [first] = isKnown ? [planned] : await this.#plan();
      if (first === undefined || isSameFile(first.found, planned.found)) this.#file = file;
      else await file.close();
    } catch (error) {
      // Renamed or written anew meanwhile: where it is now is looked for the next time.
      this.#trouble = mendable(planned.found.path, error).message;
    }
    this.#lastGrowth = this.#context.clock.ticks();
    return this.#file;
  }

  /** The files that are to be read, as they lie there now, the next one first. */
  async #plan(): Promise<readonly Planned[]> {
    const siblings = await siblingsOf(this.#logName);
    const resumed = this.#resuming === undefined ? [] : await planAfter(this.#resuming, siblings);
    if (this.#previous !== undefined) {
      const younger = await youngerThan(this.#previous.found, this.#previous.spot, siblings);
      // The server goes on in the old file until it has something for the new one.
      return younger
        .filter(({ found }) => found.size > 0)
        .map((planned) => resumed.find(({ found }) => isSameFile(found, planned.found)) ?? planned);
    }
    if (resumed.length > 0) return resumed;
    const live = siblings.at(-1);
    return live === undefined || isPutAway(live.path) ? [] : [{ found: live, start: 0, mutedUntil: 0 }];
  }

  /** Nothing more is in it now: is it done with? Answers whether another is to be read. */
  async #leave(file: FollowedFile): Promise<boolean> {
    const younger = await this.#younger(file);
    if (younger.length === 0) {
      this.#nextSince = undefined;
      return false;
    }
    const now = this.#context.clock.ticks();
    this.#nextSince ??= now;
    const isQuiet = now - Math.max(this.#lastGrowth, this.#nextSince) >= LINGER;
    // Rotation has gone on since, or has compressed it: nobody writes to it any more.
    const isOld = younger.length > 1 || file.found.isCompressed;
    if (!isQuiet && !isOld && now - this.#nextSince < LINGER_MAX) return false;
    await file.end();
    this.#dropFile(file);
    return true;
  }

  async #younger(file: FollowedFile): Promise<readonly Planned[]> {
    const { found } = file;
    // Where days are in the names of the files, a younger one has another name and this one keeps its own.
    const hasOwnName = this.#logName.name === found.path.slice(found.path.lastIndexOf("/") + 1);
    const there = hasOwnName ? await find(found.path) : undefined;
    if (there !== undefined && isSameFile(there, found)) return [];
    this.#previous = { found, spot: spotOf(file) };
    return this.#plan();
  }

  /** It was cut off or written anew. */
  async #replace(file: FollowedFile): Promise<void> {
    const spot = spotOf(file);
    await file.close();
    this.#dropFile(file);
    const [first, ...others] = await planCut(file.found, spot, await siblingsOf(this.#logName));
    this.#next = first;
    // Its copy is the file that was read; it itself is another now.
    if (first !== undefined && isSameFile(first.found, file.found) && others.length === 0) this.#previous = undefined;
  }

  /** What cannot be read is tried again later, or passed over where rotation has gone on. */
  async #stumble(file: FollowedFile, error: Failure): Promise<boolean> {
    this.#trouble = error.message;
    const younger = await this.#younger(file);
    await file.close();
    const { found, offset, mutedUntil } = file;
    this.#dropFile(file);
    if (younger.length === 0) this.#next = { found, start: offset, mutedUntil };
    return younger.length > 0;
  }

  #dropFile(file: FollowedFile): void {
    this.#passed += file.offset;
    this.#ignored += file.ignored;
    this.#previous = { found: file.found, spot: spotOf(file) };
    this.#file = undefined;
    this.#nextSince = undefined;
  }

  /** Real time passes for those who wait, too, but not while old lines are read. */
  #pass(isMore: boolean): void {
    const now = this.#context.clock.ticks();
    const length = (now - this.#lastTicks) as Duration;
    this.#lastTicks = now;
    if (!isMore && !this.#isCatchingUp()) {
      this.#log.isMuted = false;
      this.#log.silence(length);
    }
  }

  /** Whether it still reads what has been handed on before. */
  #isCatchingUp(): boolean {
    const file = this.#file;
    if (file !== undefined && file.offset >= file.mutedUntil) this.#resuming = undefined;
    return this.#resuming !== undefined;
  }

  /** Hands on what was completed. False where it could not be kept and everything ends. */
  async #hand(isLast: boolean): Promise<boolean> {
    const arrivals = this.#log.take();
    const now = this.#context.clock.ticks();
    const isDue = isLast || now - this.#lastHanded >= POSITION_EVERY;
    if (arrivals.length === 0 && !isDue) return true;
    const spots = this.#file === undefined || this.#isCatchingUp() ? undefined : this.#spots(this.#file);
    const place = spots === undefined ? this.#lastPlace : JSON.stringify(spots);
    if (arrivals.length === 0 && place === this.#lastPlace) return true;
    const position =
      spots === undefined ? undefined : writePosition({ version: 1, ...spots, at: this.#context.clock.now() });
    if (!(await this.#outbox.deliver({ input: this.name, arrivals, position }))) return false;
    this.#lastHanded = now;
    this.#lastPlace = place;
    return true;
  }

  #spots(file: FollowedFile): Pick<Position, "read" | "from"> {
    const read = spotOf(file);
    const oldest = this.#log.oldest(({ passed }) => this.#passed + file.offset - passed > AGAIN_MAX);
    if (oldest?.file === undefined) return { read };
    return { read, from: { ...oldest.file.identity, offset: oldest.start } };
  }
}

/** What whoever runs it can mend; anything else is a defect, and thrown on. */
function mendable(path: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof Error && "syscall" in error) return fileFailure(path, error);
  throw error;
}

const isSameFile = (one: Found, other: Found): boolean => one.dev === other.dev && one.ino === other.ino;

const spotOf = (file: FollowedFile): Spot => ({ ...file.identity, offset: file.offset });

const tallyOf = (malformed: () => void): Tally => ({ lines: 0, malformed, note() {} });
