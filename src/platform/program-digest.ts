/** Which program this is: differs whenever anything in it does, released or not. */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Of the files of the build that runs or, where the sources run, of all sources. */
export function programDigest(): string {
  const isBuilt = !import.meta.filename.endsWith(".ts");
  return digestOf(isBuilt ? import.meta.dirname : join(import.meta.dirname, ".."));
}

/** @param folder with everything that the program consists of. */
export function digestOf(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (!/\.(?:js|ts)$/.test(name) || name.endsWith(".test.ts")) continue;
    hash.update(`${name}\n`).update(readFileSync(join(folder, name)));
  }
  return hash.digest("hex");
}
