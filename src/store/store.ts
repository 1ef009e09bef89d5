/**
 * The store: what each room needs kept, behind the ports that those rooms declare. It knows nothing of what any of it means. Two adapters:
 * SQLite (one folder, one process that writes) and memory (tests and simulation); test/contract/store.ts holds both, and any further one, to the same.
 */
import type { PostureLog, VerdictLog } from "#/gate/ports.ts";
import type { SignInLog, Snapshots } from "#/watch/ports.ts";
import type { SignInSearch } from "./search.ts";

export type Store = Disposable & {
  readonly signIns: SignInLog & SignInSearch;
  readonly snapshots: Snapshots;
  readonly postures: PostureLog;
  readonly verdicts: VerdictLog;
};
