/** What `portcullis gate` asks the running gate, and what it is told: values that go through a socket as JSON. */
import * as z from "zod";
import type { Millis } from "#/platform/units.ts";
import { services } from "#/signin/signin.ts";
import type { Code } from "./attempt.ts";
import type { Explanation } from "./explanation.ts";
import { decisionSchema } from "./posture-log.ts";
import type { Numbered } from "./posture.ts";
import type { Reach } from "./reach.ts";
import type { ServiceState } from "./service-state.ts";
import type { ThreatKind } from "./threat.ts";
import type { WouldHave } from "./would-have.ts";

const change = {
  change: decisionSchema,
  author: z.string().min(1).max(200),
  reason: z.string().max(300),
  /** In ms; 0 for what is usual. */
  lasts: z.number().min(0),
};

export const requestSchema = z.discriminatedUnion("ask", [
  z.strictObject({ ask: z.literal("status") }),
  z.strictObject({ ask: z.literal("log") }),
  /** How the service is, beyond the gate. */
  z.strictObject({ ask: z.literal("service") }),
  /** Whom a change would hit, and what is wrong with it, without making it. */
  z.strictObject({ ask: z.literal("preview"), ...change }),
  z.strictObject({ ask: z.literal("change"), ...change }),
  z.strictObject({
    ask: z.literal("why"),
    account: z.string().max(1_024),
    address: z.string().max(256),
    service: z.enum(services),
  }),
]);
export type Request = z.infer<typeof requestSchema>;

export type Status = {
  readonly is: "status";
  readonly at: Millis;
  readonly isReady: boolean;
  readonly isEnforcing: boolean;
  /** The change that says so; undefined where nobody ever said. */
  readonly mode: Numbered | undefined;
  /** Postures that run, the most specific first, and blocks. */
  readonly postures: readonly Numbered[];
  readonly blocks: readonly Numbered[];
  readonly accounts: number;
  readonly threats: readonly (readonly [kind: ThreatKind, count: number])[];
  /** What is said of the campaign that is under way; "" for none. */
  readonly campaign: string;
  /** Verdicts other than "allow", carried out or not, of the last day and of the last seven; undefined where they cannot be read now. */
  readonly lastDay: readonly (readonly [code: Code, count: number])[] | undefined;
  readonly lastWeek: readonly (readonly [code: Code, count: number])[] | undefined;
  /** Why the last changes could not be kept; "" where they are. */
  readonly unkept: string;
  /** Why verdicts cannot be read; "" where they can. */
  readonly unread: string;
};

/** overtaken: a later change says otherwise for the same. done: an undo or unblock, which has no state of its own. */
export type LogLine = Numbered & { readonly state: "in force" | "ended" | "undone" | "overtaken" | "done" };

export type Preview = {
  readonly is: "preview";
  readonly at: Millis;
  readonly isEnforcing: boolean;
  readonly isReady: boolean;
  readonly reach: Reach | undefined;
  /** For enforce: the last day and the last seven. */
  readonly wouldHave: readonly WouldHave[];
  /** Why that is not known; "" where it is. */
  readonly unread: string;
};

export type Changed = {
  readonly is: "changed";
  readonly entry: Numbered;
  /** What an undo took back. */
  readonly undone: Numbered | undefined;
  readonly isEnforcing: boolean;
  /** Postures that still run, where others were opened. */
  readonly remaining: readonly Numbered[];
  /** Why it is in force and yet not kept; "" where it is kept. */
  readonly trouble: string;
};

export type Reply =
  | Status
  | Preview
  | Changed
  | { readonly is: "log"; readonly at: Millis; readonly lines: readonly LogLine[] }
  | { readonly is: "why"; readonly explanation: Explanation }
  | { readonly is: "service"; readonly at: Millis; readonly state: ServiceState }
  | { readonly is: "failure"; readonly message: string };
