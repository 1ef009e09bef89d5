/** The example that `npm start` offers: the attack of June 2017, on an invented parliament of its size, as its Dovecot would log it. */
import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SimulationOptions } from "./simulate.ts";
import { writeLog } from "./write.ts";

const FOLDER = "portcullis-example-";

/** Writes the log into a temporary folder and answers its path. The same log every time; it is large, and those of earlier times go. */
export function writeExample(onProgress: SimulationOptions["onProgress"]): string {
  for (const name of readdirSync(tmpdir())) if (name.startsWith(FOLDER)) removeOwn(join(tmpdir(), name));
  const file = join(mkdtempSync(join(tmpdir(), FOLDER)), "mail.log");
  writeLog("june-2017", "dovecot-2.3", file, { seed: 2017, isoTimes: true, onProgress });
  return file;
}

/** Others may have played it, too, in the same temporary folder. */
function removeOwn(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory() === true && found.uid === process.getuid?.()) rmSync(folder, { recursive: true });
}
