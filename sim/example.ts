/** The example that `npm start` offers: the attack of June 2017, on an invented parliament of 900 accounts, as its Dovecot would log it. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeLog } from "./write.ts";

/** Writes the log into a temporary folder and answers its path. The same log every time. */
export function writeExample(): string {
  const file = join(mkdtempSync(join(tmpdir(), "portcullis-example-")), "mail.log");
  writeLog("june-2017", "dovecot-2.3", file, { seed: 2017, accounts: 900, days: 14, isoTimes: true, reserved: false });
  return file;
}
