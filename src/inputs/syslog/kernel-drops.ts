/** What the kernel threw away because nobody fetched it in time: UDP knows no waiting, and only Linux tells. */
import { readFileSync } from "node:fs";

/** Datagrams dropped so far by the sockets on this port; 0 where that is not told. */
export function kernelDrops(port: number): number {
  return ["/proc/net/udp", "/proc/net/udp6"].reduce((sum, path) => sum + dropsIn(textOf(path), port), 0);
}

/** @param table as /proc/net/udp has it: the local address second, what was dropped last. */
export function dropsIn(table: string, port: number): number {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  let drops = 0;
  for (const line of table.split("\n").slice(1)) {
    const fields = line.trim().split(/\s+/);
    if (fields[1]?.endsWith(suffix) === true) drops += Number(fields.at(-1)) || 0;
  }
  return drops;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
