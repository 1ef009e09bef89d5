/** Where the reading of the journal was, as text that is kept with the sign-ins. Cursors are the journal's own names for its entries. */
import * as z from "zod";

const schema = z.object({
  version: z.literal(1),
  /** Up to this entry what was said has been handed on. */
  read: z.string().max(1_024),
  /** After this entry it is read again after a restart, for what later entries belong to; "" for all that is read of a journal at first. */
  from: z.string().max(1_024),
});

export type JournalPosition = z.infer<typeof schema>;

export const writeJournalPosition = (position: JournalPosition): string => JSON.stringify(position);

/** Undefined for "" and for what nobody can have written. */
export function readJournalPosition(text: string): JournalPosition | undefined {
  try {
    return text === "" ? undefined : schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Microseconds since the epoch, as the cursor has them ("...;t=660eea828e800;..."); 0 where it does not say. */
export function timeOfCursor(cursor: string): number {
  const found = /(?:^|;)t=([0-9a-f]{1,14})(?:;|$)/.exec(cursor)?.[1];
  return found === undefined ? 0 : Number.parseInt(found, 16);
}
