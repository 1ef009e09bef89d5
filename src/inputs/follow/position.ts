/** Where the following of a log was, as text that is kept with the sign-ins. */
import * as z from "zod";

const spot = z.object({
  dev: z.string(),
  ino: z.string(),
  head: z.string(),
  length: z.int().min(0),
  /** Everything before has been read. */
  offset: z.int().min(0),
});

const schema = z.object({
  version: z.literal(1),
  /** Up to here what was said has been handed on. */
  read: spot,
  /** From here on it is read again after a restart, for what lines further on belong to; absent where it is the same place. */
  from: spot.optional(),
  /** When that was, for when the file is found no more. */
  at: z.number(),
});

export type Spot = z.infer<typeof spot>;
export type Position = z.infer<typeof schema>;

export const writePosition = (position: Position): string => JSON.stringify(position);

/** Undefined for "" and for what nobody can have written: it is then begun from the beginning, and what was read counts once all the same. */
export function readPosition(text: string): Position | undefined {
  if (text === "") return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
