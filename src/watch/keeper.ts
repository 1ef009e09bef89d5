/**
 * Keeps snapshots of the state, and finds the one to go on from: the newest that this very program has written with these very settings. Any
 * other says nothing reliable, and then everything that was kept is judged again: slower, and never different.
 */
import { createHash } from "node:crypto";
import { defaults } from "#/incidents/settings.ts";
import { Failure } from "#/platform/failure.ts";
import type { Snapshots } from "./ports.ts";
import { type State, type StateSettings, stateBytes, stateFrom } from "./state.ts";
import type { Threat } from "./threats.ts";

export type Found = {
  readonly state: State;
  /** The last of the kept sign-ins that it has judged. */
  readonly sequence: number;
};

export class StateKeeper {
  readonly #snapshots: Snapshots;
  readonly #settings: StateSettings;
  readonly #version: string;
  readonly #say: (sentence: string) => void;
  #sequence = 0;

  /** @param program differs for every program: platform/program-digest.ts. */
  constructor(snapshots: Snapshots, program: string, settings: StateSettings, say: (sentence: string) => void) {
    this.#snapshots = snapshots;
    this.#settings = settings;
    this.#version = versionOf(program, settings);
    this.#say = say;
  }

  /** Undefined where all that was kept has to be judged. */
  newest(changed: (threat: Threat) => void): Found | undefined {
    const found = this.#snapshots.newest(this.#version);
    if (found === undefined) return undefined;
    const state = this.#restore(found.body, changed);
    if (state === undefined) return undefined;
    this.#sequence = found.sequence;
    return { state, sequence: found.sequence };
  }

  /** Nothing may be judged meanwhile. @param sequence the last that the state has judged. */
  save(state: State, sequence: number): void {
    if (sequence === this.#sequence) return;
    try {
      this.#snapshots.save(sequence, this.#version, stateBytes(state));
      this.#sequence = sequence;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // Only the next start becomes slower.
      this.#say(`No snapshot could be kept: ${error.message}`);
    }
  }

  /** Whatever is wrong with it, a start from the beginning is right: better than a service that does not start. */
  #restore(body: Uint8Array, changed: (threat: Threat) => void): State | undefined {
    let why = "it is damaged, or of another version";
    try {
      const state = stateFrom(body, this.#settings, changed);
      if (state !== undefined) return state;
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
    this.#say(`The snapshot is of no use, so all sign-ins that were kept are judged again: ${why}`);
    return undefined;
  }
}

/** What a state depends on besides the sign-ins: on no other section of the settings than detection's and the watch's. */
function versionOf(program: string, { judge, watch }: StateSettings): string {
  const sections = Object.entries(judge)
    .filter(([name]) => Object.hasOwn(defaults, name))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([program, sections, watch]))
    .digest("hex");
}
