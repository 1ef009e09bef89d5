/**
 * A log read as `scan` reads it, by the recogniser over all sources, with what was said of each entry kept beside the entry: the
 * conformance tests compare line by line. It knows nothing of what anybody expects.
 */
import { LocalTime } from "#/sources/local-time.ts";
import { sources } from "#/sources/all.ts";
import { Join } from "#/sources/reading/join.ts";
import { Recogniser } from "#/sources/reading/recogniser.ts";
import { sniff } from "#/sources/reading/sniff.ts";
import { createEventXml } from "#/sources/reading/xml.ts";
import type { Evidence, JsonObject, Source } from "#/sources/source.ts";
import type { Millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";

export type Told =
  | { readonly kind: "evidence"; readonly evidence: Evidence; readonly source: Source }
  | { readonly kind: "ended"; readonly key: string }
  | { readonly kind: "placed"; readonly key: string; readonly address: string }
  | { readonly kind: "malformed"; readonly why: string };

/** An entry of a log (a line, a record) and what the sources said of it. */
export type ReadEntry = { readonly text: string; readonly told: readonly Told[] };

export type ReadOptions = {
  readonly zone: string;
  /** The file's date, from which years are inferred. */
  readonly latest: Millis;
  /** As `--format` does it. */
  readonly only: Source | undefined;
};

/** Reads lines as one log, in their order. */
export function readLines(lines: readonly string[], options: ReadOptions): ReadEntry[] {
  const { recogniser, take } = createReader(options);
  return lines.map((text) => {
    recogniser.line(text);
    return { text, told: take() };
  });
}

/** Reads a whole file: lines, or event XML where its beginning says so. */
export function readText(text: string, options: ReadOptions): ReadEntry[] {
  if (sniff(text).kind !== "event-xml")
    return readLines(
      text.split("\n").filter((line) => line !== ""),
      options,
    );
  const { recogniser, take } = createReader(options);
  const entries: ReadEntry[] = [];
  const record = (value: JsonObject): void => {
    recogniser.object(value);
    entries.push({ text: JSON.stringify(value), told: take() });
  };
  const xml = createEventXml(record, (why) => entries.push({ text: "", told: [{ kind: "malformed", why }] }));
  xml.write(text);
  xml.end();
  return entries;
}

function createReader({ zone, latest, only }: ReadOptions): { recogniser: Recogniser; take: () => Told[] } {
  let told: Told[] = [];
  const recogniser = new Recogniser(
    { time: new LocalTime(zone, latest) },
    {
      evidence: (evidence, source) => told.push({ kind: "evidence", evidence: { ...evidence }, source }),
      ended: (key) => told.push({ kind: "ended", key }),
      placed: (key, address) => told.push({ kind: "placed", key, address }),
      malformed: (why) => told.push({ kind: "malformed", why }),
    },
    { sources, only, guess: () => undefined },
  );
  const take = (): Told[] => {
    const taken = told;
    told = [];
    return taken;
  };
  return { recogniser, take };
}

/** The sign-ins that these entries are, each counted once. */
export function joined(entries: readonly ReadEntry[]): SignIn[] {
  const signIns: SignIn[] = [];
  const join = new Join((signIn) => signIns.push(signIn));
  for (const told of entries.flatMap((entry) => entry.told)) {
    if (told.kind === "evidence") join.add({ ...told.evidence }, told.source);
    else if (told.kind === "ended") join.ended(told.key);
    else if (told.kind === "placed") join.placed(told.key, told.address);
  }
  join.end();
  return signIns;
}
