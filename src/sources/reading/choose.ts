// Which sources read: all of them, the one that --format names, or the one that --map describes.
import { Failure } from "#/platform/failure.ts";
import { sources } from "#/sources/all.ts";
import { guessMap, parseMap } from "#/sources/mapped/mapped.ts";
import type { RecogniserOptions } from "./recogniser.ts";

export type Choice = { readonly format: string | undefined; readonly map: string | undefined };

/** @throws Failure format-unknown, map-invalid. */
export function chooseSources({ format, map }: Choice): RecogniserOptions {
  const guess = (fields: readonly string[]): ReturnType<typeof parseMap> | undefined => {
    const guessed = guessMap(fields);
    return guessed === undefined ? undefined : parseMap(guessed);
  };
  if (map !== undefined) return { sources, only: parseMap(map), guess };
  if (format === undefined) return { sources, only: undefined, guess };
  const only = sources.find(({ id }) => id === format);
  if (only === undefined) {
    throw new Failure(
      "format-unknown",
      `--format ${format}: there is no such format. There are: ${sources.map(({ id }) => id).join(", ")}.`,
    );
  }
  return { sources, only, guess };
}
