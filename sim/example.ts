/** The example that `npm start` offers: the attack of June 2017, on an invented parliament of its size, as its Dovecot would log it. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SimulationOptions } from "./simulate.ts";
import { writeLog } from "./write.ts";

/** Writes the log into a temporary folder and answers its path. The same log every time. */
export function writeExample(onProgress: SimulationOptions["onProgress"]): string {
  const file = join(mkdtempSync(join(tmpdir(), "portcullis-example-")), "mail.log");
  writeLog("june-2017", "dovecot-2.3", file, { seed: 2017, isoTimes: true, onProgress });
  return file;
}
