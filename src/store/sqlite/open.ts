/** Opens a data folder: the database in it, and the snapshots beside it. */
import { join } from "node:path";
import { SnapshotFiles } from "#/store/snapshot-files.ts";
import { type Settings, flushOf } from "#/store/settings.ts";
import type { Store } from "#/store/store.ts";
import { Database } from "./database.ts";
import { SqlitePostures } from "./postures.ts";
import { SqliteSignIns } from "./sign-ins.ts";
import { SqliteVerdicts } from "./verdicts.ts";

/**
 * Makes what is missing; one process per folder.
 * @throws Failure store-locked, -newer, -damaged, -full, -unwritable, settings-invalid
 */
export function openStore(folder: string, settings: Settings): Store {
  const database = new Database(folder, flushOf(settings));
  try {
    const signIns = new SqliteSignIns(database);
    const snapshots = new SnapshotFiles(join(folder, "snapshots"));
    snapshots.dropAfter(signIns.lastSequence);
    return {
      signIns,
      snapshots,
      postures: new SqlitePostures(database),
      verdicts: new SqliteVerdicts(database),
      [Symbol.dispose]: () => database[Symbol.dispose](),
    };
  } catch (error) {
    database[Symbol.dispose]();
    throw error;
  }
}
