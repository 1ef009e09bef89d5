// Which sources read the messages of which program, looked up once for each name.
import type { Source } from "#/sources/source.ts";

export type Program = {
  /** Lower case. */
  readonly name: string;
  /** The sources that claim it and read messages. */
  readonly sources: readonly Source[];
};

/** Names that are remembered; a log has a few dozen. With more, all are looked up anew. */
const PROGRAMS_MAX = 4_096;

export class Programs {
  readonly #sources: readonly Source[];
  readonly #only: Source | undefined;
  #programs = new Map<string, Program>();
  #last: Program = { name: "", sources: [] };

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
    const program = { name: name.toLowerCase(), sources: this.#claiming(name.toLowerCase()) };
    this.#programs.set(name, program);
    return program;
  }

  #claiming(name: string): readonly Source[] {
    if (name === "") return [];
    const only = this.#only;
    if (only !== undefined) return only.message === undefined ? [] : [only];
    return this.#sources.filter((source) => source.message !== undefined && claims(source, name));
  }
}

function claims({ programs }: Source, name: string): boolean {
  return programs.some((one) => (one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : name === one));
}
