/** Posture changes as they are kept and sent, checked before anything is made of them. */
import * as z from "zod";
import { Failure } from "#/platform/failure.ts";
import { services } from "#/signin/signin.ts";
import type { PostureChange } from "./ports.ts";
import { type Decision, type PostureEntry, postures } from "./posture.ts";

const scope = z.strictObject({ accounts: z.string().max(256), service: z.enum(["", ...services]) });
const network = z.string().max(64);

export const decisionSchema: z.ZodType<Decision> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("enforce") }),
  z.strictObject({ kind: z.literal("watch") }),
  z.strictObject({ kind: z.literal("posture"), posture: z.enum(postures), scope }),
  z.strictObject({ kind: z.literal("block"), network }),
  z.strictObject({ kind: z.literal("unblock"), network }),
  z.strictObject({ kind: z.literal("undo"), number: z.int().min(0) }),
]);

/** @throws Failure gate-change-invalid: to leave a change out could let in whom somebody shut out */
export function entriesOf(log: readonly PostureChange[]): PostureEntry[] {
  return log.map(({ change, ...entry }, index) => {
    const read = decisionSchema.safeParse(change);
    if (read.success) return { ...entry, change: read.data };
    throw new Failure(
      "gate-change-invalid",
      `change ${index + 1} of the gate's log, by ${entry.author}, cannot be read by this version. A newer one wrote it: start that one.`,
    );
  });
}
