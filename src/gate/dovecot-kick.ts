/**
 * Ends what a thief has open at Dovecot: asks its doveadm over HTTP who is inside, and has it end the sessions of one account from one address. The
 * owner's own, from elsewhere, go on.
 *
 * The gate must refuse that address at that account first: a client that is kicked is back at once. And where Dovecot caches passwords
 * (auth_cache_size), the cache still knows the old one: a changed password is asked for anew only once it is flushed, so it is.
 */
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { Failure } from "#/platform/failure.ts";

export type Doveadm = {
  /** "http://127.0.0.1:8080", where Dovecot's service doveadm has an inet_listener http. */
  readonly url: string;
  /** doveadm_api_key. */
  readonly key: string;
};

export type Session = {
  readonly account: string;
  readonly service: string;
  readonly address: string;
};

export type Kicked = {
  /** What was open before, from there. */
  readonly ended: readonly Session[];
  /** What is open all the same, read back afterwards: to be looked at. */
  readonly remaining: readonly Session[];
};

/** Ends the sessions of that account from that address. @throws Failure doveadm-refused */
export async function kick(doveadm: Doveadm, account: string, address: string): Promise<Kicked> {
  const before = await sessions(doveadm, account, address);
  if (before.length === 0) return { ended: [], remaining: [] };
  await ask(doveadm, "authCacheFlush", { user: [account] });
  // A mask of both ends only what has both. Without the address it would end the owner's sessions, too.
  await ask(doveadm, "kick", { mask: [account, `${address}/${address.includes(":") ? 128 : 32}`] });
  return { ended: before, remaining: await sessions(doveadm, account, address) };
}

/** Who is inside. @param address "" for from anywhere */
export async function sessions(doveadm: Doveadm, account: string, address = ""): Promise<readonly Session[]> {
  const answer = await ask(doveadm, "who", { mask: [account], separateConnections: true });
  return answer.flatMap((row): Session[] => {
    if (typeof row !== "object" || row === null) return [];
    const fields = row as Readonly<Record<string, unknown>>;
    const session = {
      account: text(fields["username"]),
      service: text(fields["service"]),
      address: text(fields["ip"]),
    };
    return session.account === account && (address === "" || session.address === address) ? [session] : [];
  });
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Nobody to kick is no error; it may have left by itself. */
const NOBODY = 68;

async function ask(doveadm: Doveadm, command: string, parameters: object): Promise<readonly unknown[]> {
  const [answer] = await post(doveadm, [[command, parameters, command]]);
  const [kind, value] = Array.isArray(answer) ? (answer as readonly unknown[]) : [];
  if (kind === "doveadmResponse" && Array.isArray(value)) return value as readonly unknown[];
  const { type, exitCode } = (typeof value === "object" && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  if (type === "exitCode" && exitCode === NOBODY) return [];
  throw refused(doveadm, `${command} failed: ${JSON.stringify(value ?? answer).slice(0, 200)}`);
}

const ANSWERS_WITHIN_MS = 10_000;
const ANSWER_BYTES_MAX = 4 * 1_048_576;

function post(doveadm: Doveadm, body: unknown): Promise<readonly unknown[]> {
  const url = new URL("/doveadm/v1", doveadm.url);
  const headers = {
    "content-type": "application/json",
    // Asked to close, 2.3 does not answer at all where the key is wrong; it closes by itself.
    connection: "keep-alive",
    authorization: `X-Dovecot-API ${Buffer.from(doveadm.key).toString("base64")}`,
  };
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown): void => reject(refused(doveadm, why, cause));
    const asked = send(url, { method: "POST", headers, timeout: ANSWERS_WITHIN_MS, agent: false }, (response) => {
      // Dovecot does not end what it says with a status like these.
      if (response.statusCode !== 200) {
        fail(
          response.statusCode === 401
            ? "it does not take this key (doveadm_api_key)"
            : `it answers ${response.statusCode}`,
        );
        asked.destroy();
        return;
      }
      const parts: Buffer[] = [];
      let length = 0;
      response.on("data", (part: Buffer) => {
        length += part.length;
        if (length > ANSWER_BYTES_MAX) asked.destroy(new Error("its answer is too long"));
        else parts.push(part);
      });
      response.on("error", (error) => fail(error.message, error));
      response.on("end", () => {
        const answer = parsed(Buffer.concat(parts).toString("utf8"));
        return Array.isArray(answer) ? resolve(answer as readonly unknown[]) : fail("what answers there is no doveadm");
      });
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer within 10 s")));
    asked.on("error", (error) => fail(error.message, error));
    asked.end(JSON.stringify(body));
  });
}

function parsed(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}

const refused = ({ url }: Doveadm, why: string, cause?: unknown): Failure =>
  new Failure(
    "doveadm-refused",
    `Dovecot's doveadm at ${url}: ${why}. It needs service doveadm { inet_listener http { ... } } and doveadm_api_key; ` +
      "until that works, end the session on the mail server itself: doveadm kick ACCOUNT ADDRESS",
    { cause },
  );
