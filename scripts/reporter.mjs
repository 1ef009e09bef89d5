// The test reporter: one line per file that passed, failures in full, and a closing summary that names what was skipped and why.
import { relative } from "node:path";

// oxlint-disable-next-line import/no-default-export -- node:test takes a reporter's default export
export default async function* reporter(source) {
  const skipped = [];
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const perFile = new Map();
  for await (const { type, data } of source) {
    if (type === "test:stdout" || type === "test:stderr") yield data.message;
    if (type === "test:diagnostic" && data.level === "error") yield `${data.message}\n`;
    if ((type !== "test:pass" && type !== "test:fail") || data.details?.type === "suite") continue;
    const file = data.file === undefined ? "" : relative(process.cwd(), data.file);
    if (data.skip !== undefined) {
      counts.skipped += 1;
      skipped.push(`${file}: ${data.name} (${data.skip === true ? "no reason given" : data.skip})`);
    } else if (type === "test:pass") {
      counts.passed += 1;
      perFile.set(file, (perFile.get(file) ?? 0) + 1);
    } else {
      counts.failed += 1;
      const error = data.details?.error?.cause ?? data.details?.error;
      yield `\nFAILED ${file}: ${data.name}\n${error?.stack ?? error}\n`;
    }
  }
  for (const [file, count] of [...perFile].sort(([left], [right]) => (left < right ? -1 : 1)))
    yield `ok ${String(count).padStart(4)}  ${file}\n`;
  if (skipped.length > 0) yield `\nskipped:\n${skipped.map((line) => `  ${line}\n`).join("")}`;
  yield `\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`;
}
