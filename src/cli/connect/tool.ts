// Runs a tool of a server's, for as long as a person waits.
import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";
import type { Output } from "./server.ts";

const ANSWERS_WITHIN_MS = 20_000;
const OUTPUT_BYTES_MAX = 16 * 1_048_576;

/** undefined where it is not installed. Debian keeps servers' tools where only root's shell looks. */
export function runTool(command: string, args: readonly string[]): Output | undefined {
  const path = [process.env["PATH"] ?? "", "/usr/sbin", "/usr/local/sbin", "/sbin"].join(delimiter);
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    timeout: ANSWERS_WITHIN_MS,
    maxBuffer: OUTPUT_BYTES_MAX,
    env: { ...process.env, PATH: path, LC_ALL: "C" },
  });
  if (error !== undefined && "code" in error && error.code === "ENOENT") return undefined;
  return { status: status ?? -1, text: `${stdout}${status === 0 && stdout !== "" ? "" : stderr}` };
}
