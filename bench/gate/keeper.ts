/** The second thread of a measured gate: keeps what is told in the real store, in a folder that is given, and judges it, as `serve` does. */
import { parentPort, workerData } from "node:worker_threads";
import { Judge } from "#/incidents/judge.ts";
import type { Batch } from "#/inputs/input.ts";
import { connect } from "#/platform/thread-calls.ts";
import { defaults } from "#/store/settings.ts";
import { openStore } from "#/store/sqlite/open.ts";

export type Keeper = { readonly take: (batch: Batch) => void };

if (parentPort !== null) {
  const store = openStore(String(workerData), defaults);
  const judge = new Judge();
  const keeper: Keeper = {
    take(batch) {
      judge.add(store.signIns.append([batch]).map(({ signIn }) => signIn));
    },
  };
  connect(parentPort, keeper);
}
