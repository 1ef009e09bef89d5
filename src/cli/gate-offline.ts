/** `portcullis gate` while serve is down: on the store itself, which no other process has open then. */
import { existsSync } from "node:fs";
import { type Control, createOfflineControl } from "#/gate/control.ts";
import { Gate } from "#/gate/gate.ts";
import type { Clock } from "#/platform/clock.ts";
import { Failure } from "#/platform/failure.ts";
import type { Store } from "#/store/store.ts";
import type { defaults } from "./settings.ts";

const DATA_FOLDER = "portcullis-data";

/** Where serve keeps everything: as said, or in PORTCULLIS_DATA, or in this folder. */
export const dataFolder = (given: string | undefined, environment: NodeJS.ProcessEnv): string =>
  given ?? environment["PORTCULLIS_DATA"] ?? DATA_FOLDER;

/** @throws Failure gate-unreachable where nothing is kept there; what the store throws */
export function openOffline(
  folder: string,
  settings: typeof defaults,
  openStore: () => Store,
  clock: Clock,
): Disposable & { readonly control: Control } {
  if (!existsSync(folder)) {
    throw new Failure(
      "gate-unreachable",
      `${folder}: no Portcullis has run on this data folder. Say which folder serve uses (--data FOLDER), or start it: portcullis serve`,
    );
  }
  const gate = new Gate(settings.gate, settings.familiarity);
  const store = openStore();
  const control = createOfflineControl(gate, store, clock);
  return { control, [Symbol.dispose]: () => store[Symbol.dispose]() };
}
