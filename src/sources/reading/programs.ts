// Which sources read the messages of which program, looked up once for each name.
import { type Context, type Entry, type Reading, type Source, foreign } from "#/sources/source.ts";

/**
 * A source by what it reads entries with, taken out of it: the sources differ in shape, and to find a function in one of
 * many shapes takes longer than most of them need to say no.
 */
export type EntryReader = { readonly source: Source; readonly read: (entry: Entry, context: Context) => Reading };

export type Program = {
  /** Lower case. */
  readonly name: string;
  /** Those of the sources that claim it and read messages. */
  readonly readers: readonly EntryReader[];
  /** Whether nobody can sign in there, so that its lines need not be offered to anybody. */
  readonly isSilent: boolean;
};

/** Programs of every machine, that write much and where nobody signs in. Any other that nobody claims may be a container's. */
const silent = new Set([
  "anacron",
  "atd",
  "chronyd",
  "cron",
  "crond",
  "dhclient",
  "dhcpd",
  "kernel",
  "logrotate",
  "ntpd",
  "rsyslogd",
  "smartd",
  "snmpd",
  "syslogd",
  "systemd",
  "systemd-logind",
  "systemd-networkd",
  "systemd-resolved",
  "systemd-timesyncd",
  "systemd-udevd",
]);

/** Names that are remembered; a log has a few dozen. With more, all are looked up anew. */
const PROGRAMS_MAX = 4_096;

export class Programs {
  readonly #sources: readonly Source[];
  readonly #only: Source | undefined;
  #programs = new Map<string, Program>();
  #last: Program = { name: "", readers: [], isSilent: false };

  /** @param only the one source that reads, whatever the program. */
  constructor(sources: readonly Source[], only: Source | undefined) {
    this.#sources = sources;
    this.#only = only;
  }

  of(name: string): Program {
    if (name === this.#last.name) return this.#last;
    const found = this.#programs.get(name) ?? this.#find(name);
    this.#last = found;
    return found;
  }

  #find(name: string): Program {
    if (this.#programs.size >= PROGRAMS_MAX) this.#programs = new Map();
    const lower = name.toLowerCase();
    const readers = this.#readersOf(lower);
    const program = { name: lower, readers, isSilent: readers.length === 0 && silent.has(lower) };
    this.#programs.set(name, program);
    return program;
  }

  #readersOf(name: string): readonly EntryReader[] {
    const only = this.#only;
    if (name === "") return [];
    if (only === undefined) return messageReaders(this.#sources.filter((source) => claims(source, name)));
    const readers = messageReaders([only]);
    return claims(only, name) ? readers : readers.map((reader) => doubting(reader));
  }
}

/** Of a program that is not its own, a source that was named with --format cannot say that a message is none of its sign-ins. */
const doubting = ({ source, read }: EntryReader): EntryReader => ({
  source,
  read(entry, context) {
    const reading = read(entry, context);
    return reading.kind === "ignored" ? foreign : reading;
  },
});

const messageReaders = (sources: readonly Source[]): EntryReader[] =>
  sources.flatMap((source) => (source.message === undefined ? [] : [{ source, read: source.message }]));

export const lineReaders = (sources: readonly Source[]): EntryReader[] =>
  sources.flatMap((source) => (source.line === undefined ? [] : [{ source, read: source.line }]));

function claims({ programs }: Source, name: string): boolean {
  return programs.some((one) => (one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : name === one));
}
