/**
 * A plain JSON API for whatever has no protocol of its own: /v1/allow asks before the password is checked, /v1/report tells how it went. Its
 * description for programs (OpenAPI 3.1) is made of the same schemas that check what comes in, and is served at /v1/openapi.json.
 */
import * as z from "zod";
import { normaliseAccount } from "#/signin/account.ts";
import { canonicalAddress } from "#/signin/address.ts";
import { reasons, services } from "#/signin/signin.ts";
import type { Attempt } from "../attempt.ts";
import type { Desk } from "./desk.ts";
import { type Asked, type Handler, type Reply, json } from "./exchange.ts";

const question = {
  account: z.string().max(256).describe("The account as it was typed; empty where it is not known."),
  address: z.string().min(1).max(253).describe("The address of whoever signs in, not of a proxy: IPv4 or IPv6."),
  service: z.enum(services).default("other").describe("What is signed in to."),
  server: z.string().max(253).default("").describe("The server's own name."),
  client: z.string().max(1_024).default("").describe("The client's software, as it names itself: a user agent."),
  passwordHash: z
    .string()
    .max(256)
    .default("")
    .describe(
      "The SHA-256 of the password that was typed, in hexadecimal. Taken over loopback, a Unix socket or TLS only, turned into a keyed " +
        "fingerprint at once, and forgotten.",
    ),
};

export const questionSchema = z.strictObject(question);

export const reportSchema = z
  .strictObject({
    ...question,
    outcome: z.enum(["success", "failure"]).describe("How the sign-in went."),
    reason: z.enum(reasons).optional().describe("Why it failed; bad-password where nothing is said."),
    id: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe(
        "Your own name for this sign-in. Sent twice, it counts once; so a report may be repeated until it is answered.",
      ),
  })
  .refine(({ outcome, reason }) => outcome === "failure" || reason === undefined, {
    message: "a success has no reason",
    path: ["reason"],
  });

export const answerSchema = z.object({
  answer: z
    .enum(["allow", "refuse", "delay"])
    .describe("allow: go on and check the password. refuse: as for a wrong password."),
  delaySeconds: z.int().min(0).describe("For delay: how long to wait before the password is checked."),
  code: z.string().describe("Why, as a stable name, for your log. Never show it to whoever signs in."),
});

/** RFC 9457, with a JSON pointer (RFC 6901) to each field that is wrong. */
export const problemSchema = z.object({
  type: z.literal("about:blank"),
  title: z.string(),
  status: z.int(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});

export function jsonAllow(desk: Desk): Handler {
  return (asked) => {
    const read = readBody(desk, asked, questionSchema);
    if (!read.ok) return read.reply;
    const { answer, delay, code } = desk.ask(attemptOf(desk, asked, read.value), "");
    return json(200, { answer, delaySeconds: answer === "delay" ? Math.ceil(delay / 1_000) : 0, code });
  };
}

export function jsonReport(desk: Desk): Handler {
  return async (asked) => {
    const read = readBody(desk, asked, reportSchema);
    if (!read.ok) return read.reply;
    const { outcome, reason, id } = read.value;
    const told = await desk.tell(
      {
        ...attemptOf(desk, asked, read.value),
        outcome,
        reason: outcome === "success" ? "" : (reason ?? "bad-password"),
        count: 1,
        source: "gate:json",
      },
      id,
    );
    // The store is full, gone, or behind. Nothing was kept: whoever sends it again loses nothing.
    if (told === "kept") return { status: 204, type: "", body: "" };
    return { ...problem(503, "The report could not be kept. Send it again."), headers: { "retry-after": "5" } };
  };
}

type BodyRead<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly reply: Reply };

function readBody<Value>(desk: Desk, asked: Asked, schema: z.ZodType<Value>): BodyRead<Value> {
  if (asked.method !== "POST") {
    return { ok: false, reply: { ...problem(405, "Use POST."), headers: { allow: "POST" } } };
  }
  const given = parse(asked.body);
  const checked = schema.safeParse(given);
  if (checked.success) return { ok: true, value: checked.data };
  desk.malformed();
  if (given === undefined) return { ok: false, reply: problem(400, "The body is not JSON.") };
  const errors = checked.error.issues
    .slice(0, ERRORS_MAX)
    .map(({ path, message }) => ({ pointer: pointerOf(path), detail: message.slice(0, DETAIL_LENGTH_MAX) }));
  return { ok: false, reply: problem(422, "The body is not as it should be.", errors) };
}

const ERRORS_MAX = 10;
const DETAIL_LENGTH_MAX = 300;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

function problem(
  status: number,
  title: string,
  errors?: readonly { readonly pointer: string; readonly detail: string }[],
): Reply {
  return {
    status,
    type: "application/problem+json",
    body: JSON.stringify({ type: "about:blank", title, status, ...(errors === undefined ? {} : { errors }) }),
  };
}

function attemptOf(desk: Desk, { peer }: Asked, value: z.infer<typeof questionSchema>): Attempt {
  return {
    at: desk.clock.now(),
    account: normaliseAccount(value.account),
    accountGiven: value.account,
    address: canonicalAddress(value.address),
    service: value.service,
    server: value.server,
    client: value.client.slice(0, CLIENT_LENGTH_MAX),
    passwordFingerprint: desk.fingerprint(value.passwordHash, peer.isSafe),
  };
}

const CLIENT_LENGTH_MAX = 256;
