/**
 * The SQLite file: opened, locked and migrated, its transactions, and what becomes of it when its disk is in trouble. After any trouble the
 * connection is given up and the next call opens a new one, so that whoever holds this object goes on as soon as the trouble ends.
 * It knows no table.
 */
import { closeSync, mkdirSync, openSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { Failure } from "#/platform/failure.ts";
import type { Flush } from "#/store/settings.ts";
import { troubleOf, unwritable } from "#/store/trouble.ts";
import { takeLock } from "./lock.ts";
import { migrate } from "./migrations.ts";

const fileName = "portcullis.db";
const lockName = "portcullis.lock";

/** The write-ahead log goes into the database once it has so many pages (of 4 KB), and is cut to that size. */
const CHECKPOINT_PAGES = 4_096;

/** Pages kept in memory, in KB. */
const CACHE_KB = 65_536;

/** For who else reads or copies the file while we write; only we write. */
const BUSY_MS = 2_000;

type Open = {
  readonly connection: DatabaseSync;
  readonly lock: Disposable;
  readonly statements: Map<string, StatementSync>;
  readonly inode: string;
};

export class Database implements Disposable {
  readonly path: string;
  readonly #folder: string;
  readonly #flush: Flush;
  #open: Open | undefined;
  #epoch = 0;

  /** Makes the folder where it is missing. @throws Failure store-full, -unwritable, -locked, -newer, -damaged */
  constructor(folder: string, flush: Flush) {
    this.#folder = folder;
    this.#flush = flush;
    this.path = join(folder, fileName);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw troubleOf(error, this.path);
    }
    this.#reopened();
  }

  /** Grows whenever what was read or written before may not be there any more: whoever remembers ids forgets them then. */
  get epoch(): number {
    return this.#epoch;
  }

  /** A statement, prepared once per connection; to be used inside `read` or `write` only. */
  prepare(sql: string): StatementSync {
    const { connection, statements } = this.#reopened();
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const made = connection.prepare(sql);
    statements.set(sql, made);
    return made;
  }

  /** @throws Failure */
  read<T>(work: () => T): T {
    try {
      this.#stillThere();
      return work();
    } catch (error) {
      throw this.#givenUp(error);
    }
  }

  /** All of it or nothing. When it returns, it is durable as `flush` says. @throws Failure */
  write<T>(work: () => T): T {
    try {
      this.#stillThere();
      const { connection } = this.#reopened();
      connection.exec("BEGIN IMMEDIATE");
      const result = work();
      connection.exec("COMMIT");
      return result;
    } catch (error) {
      throw this.#givenUp(error);
    }
  }

  /**
   * Moves the write-ahead log into the database and empties it: what was deleted is then in neither. Where another program is reading just
   * now, that has to wait for the next time.
   */
  emptyLog(): void {
    this.read(() => this.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get());
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  #reopened(): Open {
    this.#open ??= this.#opened();
    return this.#open;
  }

  #opened(): Open {
    let lock: Disposable | undefined;
    let connection: DatabaseSync | undefined;
    try {
      statSync(this.#folder);
      const lockPath = join(this.#folder, lockName);
      for (const path of [lockPath, this.path]) makePrivate(path);
      lock = takeLock(lockPath);
      connection = new DatabaseSync(this.path, { timeout: BUSY_MS });
      connection.exec(`
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = ${this.#flush === "power" ? "FULL" : "NORMAL"};
        PRAGMA secure_delete = ON;
        PRAGMA cache_size = -${CACHE_KB};
        PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
        PRAGMA journal_size_limit = ${CHECKPOINT_PAGES * 4_096};
        PRAGMA temp_store = MEMORY;
      `);
      migrate(connection, this.path);
      return { connection, lock, statements: new Map(), inode: inodeOf(this.path) };
    } catch (error) {
      connection?.close();
      lock?.[Symbol.dispose]();
      throw troubleOf(error, this.path);
    }
  }

  /** A file that was deleted or replaced can still be written to, and all of it would be lost. */
  #stillThere(): void {
    if (this.#open !== undefined && inodeOf(this.path) !== this.#open.inode) {
      throw unwritable(this.path, "it was deleted or replaced while Portcullis ran");
    }
  }

  #givenUp(error: unknown): unknown {
    const trouble = troubleOf(error, this.path);
    const connection = this.#open?.connection;
    this.#epoch += 1;
    // For want of room alone nothing has to be opened anew, which would need room: what is kept can be read meanwhile.
    const isSound = !(trouble instanceof Failure) || trouble.code === "store-full";
    if (!isSound || !rolledBack(connection)) this.#close();
    return trouble;
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    this.#epoch += 1;
    // Closing rolls back what was begun. It may fail as all else did; the connection is gone nevertheless.
    try {
      open?.connection.close();
    } catch (error) {
      if (!(troubleOf(error, this.path) instanceof Failure)) throw error;
    } finally {
      open?.lock[Symbol.dispose]();
    }
  }
}

/**
 * Made before SQLite makes it, for all to read where the folder lets them: who signs in from where is nobody else's business, and whoever can read the
 * lock can hold it. Its other files get the same mode from SQLite. One that is there keeps the mode that somebody gave it, and is not even opened: closing
 * it would let go of locks that this process has on it.
 */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

function rolledBack(connection: DatabaseSync | undefined): boolean {
  try {
    if (connection?.isTransaction === true) connection.exec("ROLLBACK");
    return true;
  } catch {
    return false;
  }
}

function inodeOf(path: string): string {
  const { dev, ino } = statSync(path, { throwIfNoEntry: false }) ?? { dev: 0, ino: 0 };
  return `${dev}:${ino}`;
}
