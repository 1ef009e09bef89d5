// What a file is by its first bytes, and what to do about one that is no text.
import { Failure } from "#/platform/failure.ts";

type Refused = "bzip2" | "xz" | "lz4" | "compress" | "zip" | "tar" | "evtx" | "journal" | "sqlite";
export type Kind = "text" | "gzip" | "zstd" | Refused;

const beginnings: readonly (readonly [kind: Kind, offset: number, bytes: string])[] = [
  ["gzip", 0, "\x1f\x8b"],
  ["zstd", 0, "\x28\xb5\x2f\xfd"],
  ["bzip2", 0, "BZh"],
  ["xz", 0, "\xfd7zXZ\0"],
  ["lz4", 0, "\x04\x22\x4d\x18"],
  ["compress", 0, "\x1f\x9d"],
  ["zip", 0, "PK\x03\x04"],
  ["tar", 257, "ustar"],
  ["evtx", 0, "ElfFile\0"],
  ["journal", 0, "LPKSHHRH"],
  ["sqlite", 0, "SQLite format 3\0"],
];

/** @param start the first 512 bytes or more, or all there are. */
export function kindOf(start: Buffer): Kind {
  for (const [kind, offset, bytes] of beginnings) {
    if (start.toString("latin1", offset, offset + bytes.length) !== bytes) continue;
    // A log may begin with these three letters; an archive goes on with its block size and the digits of pi.
    if (kind === "bzip2" && !/^[1-9]1AY&SY/.test(start.toString("latin1", 3, 10))) continue;
    return kind;
  }
  return "text";
}

/** Says why such a file is not read, and which command makes text of it. */
export function refusal(path: string, kind: Refused): Failure {
  const pipe = (command: string): string => `${command} ${quoted(path)} | portcullis scan -`;
  switch (kind) {
    case "bzip2":
      return compressed(path, "bzip2", pipe("bzip2 -dc"));
    case "xz":
      return compressed(path, "xz", pipe("xz -dc"));
    case "lz4":
      return compressed(path, "lz4", pipe("lz4 -dc"));
    case "compress":
      return compressed(path, "compress (.Z)", pipe("zcat"));
    case "zip":
      return compressed(path, "zip", pipe("unzip -p"));
    case "tar":
      return compressed(path, "tar", `tar xf ${quoted(path)}, then name the files that were in it`);
    case "evtx":
      return noText(
        path,
        "a Windows event log in its binary form",
        `on Windows: wevtutil qe ${quoted(path)} /lf /f:xml > events.xml`,
      );
    case "journal":
      return noText(
        path,
        "a systemd journal in its binary form",
        `journalctl --file ${quoted(path)} -o json | portcullis scan -`,
      );
    case "sqlite":
      return noText(
        path,
        "an SQLite database",
        "export its table of sign-ins as CSV, then say which column is which with --map",
      );
    default:
      return kind satisfies never;
  }
}

const compressed = (path: string, name: string, command: string): Failure =>
  new Failure("compression-broken", `${path}: ${name} is not read. Decompress it first: ${command}`);

const noText = (path: string, what: string, command: string): Failure =>
  new Failure("file-unreadable", `${path}: this is ${what}. Make text of it first: ${command}`);

/** As a shell takes it. */
const quoted = (path: string): string =>
  /^[\w./+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
