// `portcullis formats`: what can be read, by the names that --format takes.
import type { Source } from "#/sources/source.ts";
import type { Screen } from "./screen.ts";

export function listFormats(sources: readonly Source[], screen: Screen): void {
  const width = Math.max(...sources.map(({ id }) => id.length)) + 2;
  for (const { id, title } of sources) screen.print(`${id.padEnd(width)}${title}\n`);
  screen.print("\nAnything else that is CSV or JSON lines: --map time=...,account=...,address=...,outcome=...\n");
}
