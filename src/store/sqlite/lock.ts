/**
 * One serve per data folder. The lock is SQLite's own on an empty database beside the real one: the kernel lets go of it when the process ends,
 * however it ends, so that none is ever left behind; and the real database stays open for others to read.
 */
import { DatabaseSync } from "node:sqlite";
import { Failure } from "#/platform/failure.ts";
import { troubleOf } from "#/store/trouble.ts";

/** @throws Failure store-locked where another process, or this one, has it. */
export function takeLock(path: string): Disposable {
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(path, { timeout: 0 });
    connection.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    connection?.close();
    if (error instanceof Error && "errcode" in error && error.errcode === 5) {
      throw new Failure(
        "store-locked",
        `Another Portcullis holds ${path}: only one runs on a data folder. Stop that one first (\`fuser ${path}\` says which it is), ` +
          "or give this one a folder of its own.",
        { cause: error },
      );
    }
    throw troubleOf(error, path);
  }
  const held = connection;
  return { [Symbol.dispose]: () => held.close() };
}
