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
import { find } from "./identity.ts";
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
  #plan: readonly Planned[] = [];
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
    const position = readPosition(this.#context.position(this.name));
    if (position !== undefined) this.#plan = await planAfter(position, await siblingsOf(this.#logName));
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
    const planned = this.#plan[0] ?? (await this.#live());
    if (planned === undefined) {
      this.#trouble = `${this.name.slice(this.name.indexOf(":") + 1)} is not there (yet)`;
      return undefined;
    }
    const { found, start, mutedUntil } = planned;
    const options = { log: this.#log, tally: this.#tally, timezone: this.#context.timezone, passed: this.#passed };
    try {
      this.#file = await FollowedFile.open(found, start, mutedUntil, options);
      this.#plan = this.#plan.slice(1);
      this.#lastGrowth = this.#context.clock.ticks();
      return this.#file;
    } catch (error) {
      this.#trouble = mendable(found.path, error).message;
      // Renamed meanwhile: it is the same file all the same.
      const there = (await siblingsOf(this.#logName)).find(({ dev, ino }) => dev === found.dev && ino === found.ino);
      if (there !== undefined) this.#plan = [{ ...planned, found: there }, ...this.#plan.slice(1)];
      else this.#plan = this.#plan.slice(1);
      return undefined;
    }
  }

  /** The file that is being written now. */
  async #live(): Promise<Planned | undefined> {
    const live = (await siblingsOf(this.#logName)).at(-1);
    return live === undefined || isPutAway(live.path) ? undefined : { found: live, start: 0, mutedUntil: 0 };
  }

  /** Nothing more is in it now: is it done with? Answers whether another is to be read. */
  async #leave(file: FollowedFile): Promise<boolean> {
    if (!(await this.#hasYounger(file))) {
      this.#nextSince = undefined;
      return false;
    }
    const now = this.#context.clock.ticks();
    this.#nextSince ??= now;
    const isQuiet = now - Math.max(this.#lastGrowth, this.#nextSince) >= LINGER;
    // Rotation has gone on since, or has compressed it: nobody writes to it any more.
    const isOld = this.#plan.length > 1 || file.found.isCompressed;
    if (!isQuiet && !isOld && now - this.#nextSince < LINGER_MAX) return false;
    await file.end();
    this.#dropFile(file);
    return true;
  }

  async #hasYounger(file: FollowedFile): Promise<boolean> {
    if (this.#plan.length > 0) return true;
    const { found } = file;
    const there = await find(found.path);
    // Where days are in the names of the files, a younger one has another name and this one keeps its own.
    const hasOwnName = this.#logName.name === found.path.slice(found.path.lastIndexOf("/") + 1);
    if (hasOwnName && there?.ino === found.ino && there.dev === found.dev) return false;
    const younger = await youngerThan(found, spotOf(file), await siblingsOf(this.#logName));
    // The server goes on in the old file until it has something for the new one.
    this.#plan = younger.filter((planned) => planned.found.size > 0);
    return this.#plan.length > 0;
  }

  /** It was cut off or written anew. */
  async #replace(file: FollowedFile): Promise<void> {
    const identity = spotOf(file);
    await file.close();
    this.#dropFile(file);
    this.#plan = [...(await planCut(file.found, identity, await siblingsOf(this.#logName))), ...this.#plan];
  }

  /** What cannot be read is tried again later, or passed over where rotation has gone on. */
  async #stumble(file: FollowedFile, error: Failure): Promise<boolean> {
    this.#trouble = error.message;
    const hasYounger = await this.#hasYounger(file);
    await file.close();
    const { found, offset, mutedUntil } = file;
    this.#dropFile(file);
    if (!hasYounger) this.#plan = [{ found, start: offset, mutedUntil }, ...this.#plan];
    return hasYounger;
  }

  #dropFile(file: FollowedFile): void {
    this.#passed += file.offset;
    this.#ignored += file.ignored;
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

  #isCatchingUp(): boolean {
    return this.#file?.isCatchingUp === true || this.#plan.some(({ start, mutedUntil }) => mutedUntil > start);
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

const spotOf = (file: FollowedFile): Spot => ({ ...file.identity, offset: file.offset });

const tallyOf = (malformed: () => void): Tally => ({ lines: 0, malformed, note() {} });
