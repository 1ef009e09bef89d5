/** Joins lines that a container runtime cut into parts (Docker after 16 KiB, CRI likewise), for each output stream. */

/** A joined line is not made longer than this; the rest of it is dropped. Longer ones are no sign-ins. */
export const joinedLengthMax = 65_536;

export class Partials {
  #out = "";
  #err = "";

  /** Takes one part. The whole line when this was its last, undefined while more is to come. */
  add(stream: string, text: string, last: boolean): string | undefined {
    const error = stream === "stderr";
    const before = error ? this.#err : this.#out;
    if (last && before === "") return text;
    const joined = before.length < joinedLengthMax ? (before + text).slice(0, joinedLengthMax) : before;
    if (error) this.#err = last ? "" : joined;
    else this.#out = last ? "" : joined;
    return last ? joined : undefined;
  }
}
