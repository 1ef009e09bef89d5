import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, type Server, createServer, request as requestTo } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { Failure } from "#/platform/failure.ts";
import { millis } from "#/platform/units.ts";
import { toOcsf } from "#/signin/ocsf.ts";
import type { SignIn } from "#/signin/signin.ts";
import { parseMap } from "#/sources/mapped/mapped.ts";
import { Kept, allSources, contextOf, failure, weakFailure } from "../../../test/support/inputs.ts";
import { MovedTime } from "../../../test/support/timers.ts";
import { Push, type PushOptions } from "./push.ts";
import { Tokens } from "./tokens.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-push-"));
after(() => rmSync(folder, { recursive: true }));

const hash = (token: string): string => createHash("sha256").update(token).digest("hex");
const tokensFile = join(folder, "tokens");
writeFileSync(tokensFile, `# who may push\nmail1: ${hash("secret-1")}\nweb : ${hash("secret-2").toUpperCase()}\n`);

type Said = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
};
type Headers = Readonly<Record<string, string>>;
type Scene = {
  readonly kept: Kept;
  readonly push: Push;
  readonly time: MovedTime;
  readonly port: number;
  readonly post: (body: string | Buffer, headers?: Headers, method?: string) => Promise<Said>;
};

const bearer = { authorization: "Bearer secret-1" };

async function scene(run: (scene: Scene) => Promise<void>, options: Partial<PushOptions> = {}): Promise<void> {
  const [kept, time] = [new Kept(), new MovedTime()];
  const defaults = { tokens: new Tokens(tokensFile), sources: allSources, bodyMax: 1 << 20, idField: "" };
  const push = new Push({ ...defaults, ...options }, contextOf(kept, time));
  const server: Server = createServer((request, response) => {
    void push.handle(request).then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const post = async (body: string | Buffer, headers: Headers = bearer, method = "POST"): Promise<Said> =>
    new Promise((resolve, reject) => {
      const sent = requestTo({ host: "127.0.0.1", port, method, headers, agent: false }, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () => {
          const text = Buffer.concat(parts).toString();
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: JSON.parse(text) as Said["body"],
          });
        });
      });
      sent.on("error", reject).end(body);
    });
  try {
    await run({ kept, push, time, port, post });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const signIn = (account: string): SignIn => ({
  at: millis(Date.UTC(2026, 10, 23, 10)),
  outcome: "failure",
  reason: "bad-password",
  account,
  accountGiven: account,
  address: "192.0.2.7",
  service: "imap",
  server: "mx1",
  client: "",
  count: 1,
  passwordFingerprint: "",
  source: "dovecot",
});

const ocsf = (account: string, uid = ""): string =>
  JSON.stringify({ ...toOcsf(signIn(account)), metadata: { version: "1.4.0", ...(uid === "" ? {} : { uid }) } });

test("log lines, JSON lines and OCSF are read as in any file, and answered when they are durable", async () =>
  scene(async ({ post, kept }) => {
    const said = await post(
      `${failure("anna")}${JSON.stringify({ message: failure("bert", 1).trimEnd() })}\n${ocsf("carl")}`,
    );
    assert.equal(said.status, 200);
    assert.deepEqual(said.body, { lines: 3, signIns: 3, ignored: 0, malformed: 0, errors: [] });
    assert.deepEqual(kept.accounts, ["anna", "bert", "carl"]);
  }));

test("a JSON document, and a table, are read as well", async () =>
  scene(async ({ post, kept }) => {
    await post(`[${ocsf("anna")},\n${ocsf("bert")}]`);
    await post("time,user,ip,result\n2026-11-23T10:00:00Z,carl,192.0.2.7,failure\n");
    assert.deepEqual(kept.accounts, ["anna", "bert", "carl"]);
  }));

test("what Dovecot exports: a failure is what has no success=yes", async () =>
  scene(async ({ post, kept }) => {
    const exported = (fields: object): string =>
      JSON.stringify({
        event: "auth_request_finished",
        hostname: "mx1",
        start_time: "2026-11-23T10:00:00.000000Z",
        end_time: "2026-11-23T10:00:00.250000Z",
        fields: { mechanism: "PLAIN", service: "imap", remote_ip: "192.0.2.7", ...fields },
      });
    const basic = { authorization: `Basic ${Buffer.from("dovecot:secret-1").toString("base64")}` };
    await post(exported({ user: "anna", session: "a1", success: "yes" }), basic);
    await post(exported({ user: "bert", session: "a2" }), basic);
    await post(exported({ user: "carl", session: "a3", policy_result: "refused" }), basic);
    assert.deepEqual(
      kept.signIns.map(({ account, outcome, reason }) => [account, outcome, reason]),
      [
        ["anna", "success", ""],
        ["bert", "failure", "bad-password"],
        ["carl", "failure", "policy"],
      ],
    );
  }));

test("fields are read as the settings map them where no known format is", async () => {
  const map = parseMap("time=zeit,account=wer,address=woher,outcome=wie,success=ja,failure=nein");
  const sources = { ...allSources, sources: [...allSources.sources, map] };
  await scene(
    async ({ post, kept }) => {
      await post('{"zeit":"2026-11-23T10:00:00Z","wer":"anna","woher":"192.0.2.7","wie":"nein"}\n');
      assert.deepEqual(kept.accounts, ["anna"]);
      assert.equal(kept.signIns[0]?.outcome, "failure");
    },
    { sources },
  );
});

test("what cannot be read is told with its line, and the other lines count", async () =>
  scene(async ({ post, kept }) => {
    const said = await post(`${ocsf("anna")}\n{"class_uid":3002,"status_id":2}\n${ocsf("bert")}\n{"class_uid":3002\n`);
    assert.equal(said.status, 422);
    assert.deepEqual(kept.accounts, ["anna", "bert"]);
    assert.deepEqual(said.body["errors"], [{ line: 2, why: "no time in it" }]);
    const broken = await post(`${ocsf("carl")}\n{"class_uid": oops }\n`);
    assert.deepEqual(broken.body["errors"], [{ line: 2, why: "not valid JSON" }]);
  }));

test("gzip and zstd are unpacked; what is broken, unknown, or grows beyond measure is refused", async () =>
  scene(async ({ post, kept }) => {
    assert.equal((await post(gzipSync(failure("anna")), { ...bearer, "content-encoding": "gzip" })).status, 200);
    assert.equal(
      (await post(zstdCompressSync(failure("bert", 1)), { ...bearer, "content-encoding": "zstd" })).status,
      200,
    );
    assert.deepEqual(kept.accounts, ["anna", "bert"]);
    const gzip = { ...bearer, "content-encoding": "gzip" };
    assert.equal((await post(gzipSync(failure("carl")).subarray(0, 40), gzip)).status, 400);
    assert.equal((await post("no gzip", gzip)).status, 400);
    assert.equal((await post("", { ...bearer, "content-encoding": "br" })).status, 415);
    assert.equal((await post(gzipSync(Buffer.alloc(40 << 20)), gzip)).status, 413);
    assert.equal(kept.signIns.length, 2);
  }));

test("a body at the limit is taken, one byte more is not, whether it says so before or not", async () => {
  const line = failure("anna");
  await scene(
    async ({ post }) => {
      assert.equal((await post(line)).status, 200);
      assert.equal((await post(`${line}\n`)).status, 413);
      assert.equal((await post(`${line}\n`, { ...bearer, "transfer-encoding": "chunked" })).status, 413);
    },
    { bodyMax: Buffer.byteLength(line) },
  );
});

test("a body that does not come to its end in time is given up", async () =>
  scene(async ({ port, time, push }) => {
    const sent = requestTo({
      host: "127.0.0.1",
      port,
      method: "POST",
      headers: { ...bearer, "content-length": "100" },
    });
    const answered = new Promise<number>((resolve) => {
      sent.on("response", (response) => resolve(response.statusCode ?? 0));
    });
    sent.on("error", () => undefined);
    const held = new Promise<void>((resolve) => {
      const handle = push.handle.bind(push);
      push.handle = async (request) => {
        const answer = handle(request);
        request.once("data", () => resolve());
        return answer;
      };
    });
    sent.write("half");
    await held;
    time.move(30_000);
    assert.equal(await answered, 408);
    sent.destroy();
  }));

test("only who has a token may push, and is known by its name", async () =>
  scene(async ({ post, kept, push }) => {
    for (const authorization of [
      "",
      "Bearer",
      "Bearer secret-3",
      "Bearer secret-1x",
      "Basic !!",
      `Bearer ${"x".repeat(600)}`,
    ]) {
      const said = await post(failure("anna"), authorization === "" ? {} : { authorization });
      assert.equal(said.status, 401, authorization);
      assert.ok(said.headers["www-authenticate"]);
    }
    assert.equal(kept.signIns.length, 0);
    assert.equal((await post(failure("anna"), { authorization: "Bearer secret-2" })).status, 200);
    const [all, web] = push.reports();
    assert.match(all?.trouble ?? "", /^6 pushes without a valid token/);
    assert.deepEqual([web?.input, web?.signIns], ["push:web", 1]);
    assert.equal((await post("", bearer, "GET")).status, 405);
  }));

test("tokens are read again when their file changes; a broken file changes nothing and is told", () => {
  const path = join(folder, "changing");
  writeFileSync(path, `a: ${hash("one")}\n`);
  const tokens = new Tokens(path);
  const nameOf = (token: string): string | undefined => tokens.nameOf({ authorization: `Bearer ${token}` });
  writeFileSync(path, `a: ${hash("one")}\nb: ${hash("two")}\n`);
  utimesSync(path, 1, 1);
  tokens.refresh();
  assert.equal(nameOf("two"), "b");
  writeFileSync(path, "b: two\n");
  utimesSync(path, 2, 2);
  tokens.refresh();
  assert.match(tokens.trouble, /changing:1: the line is not "name: SHA-256 in hex"/);
  assert.equal(nameOf("two"), "b");
  writeFileSync(path, `b: ${hash("two")}\n`);
  utimesSync(path, 3, 3);
  tokens.refresh();
  assert.deepEqual([tokens.trouble, nameOf("one")], ["", undefined]);
});

test("tokens files that let nobody in, or a name twice, are refused at the start", () => {
  for (const text of ["", "# none\n", `a: ${hash("1")}\na: ${hash("2")}\n`, "a b c\n"]) {
    const path = join(folder, "wrong");
    writeFileSync(path, text);
    assert.throws(() => new Tokens(path), { code: "tokens-invalid" });
  }
  assert.throws(() => new Tokens(join(folder, "none")), { code: "tokens-invalid" });
});

test("pushed again under the same key, or with ids in the lines, it counts once; else each time", async () =>
  scene(
    async ({ post, kept }) => {
      const keyed = { ...bearer, "idempotency-key": "batch-7" };
      await post(failure("anna") + failure("anna", 0, 4_712), keyed);
      await post(failure("anna") + failure("anna", 0, 4_712), keyed);
      assert.deepEqual(kept.accounts, ["anna", "anna"]);
      await post(`${ocsf("bert", "r1")}\n${ocsf("bert", "r2")}`);
      await post(`${ocsf("bert", "r2")}\n${ocsf("bert", "r3")}`, keyed);
      assert.deepEqual(kept.accounts.slice(2), ["bert", "bert", "bert"]);
      const own = JSON.stringify({ message: failure("carl").trimEnd(), log: { id: "x1" } });
      await post(own);
      await post(own);
      assert.deepEqual(kept.accounts.slice(5), ["carl"]);
      await post(failure("dora"));
      await post(failure("dora"));
      assert.deepEqual(kept.accounts.slice(6), ["dora", "dora"]);
    },
    { idField: "log.id" },
  ));

test("one sender's key is not another's", async () =>
  scene(async ({ post, kept }) => {
    await post(failure("anna"), { ...bearer, "idempotency-key": "1" });
    await post(failure("bert"), { authorization: "Bearer secret-2", "idempotency-key": "1" });
    assert.deepEqual(kept.accounts, ["anna", "bert"]);
  }));

test("what cannot be kept is not acknowledged, and counts when it is sent again", async () =>
  scene(async ({ post, kept }) => {
    const { take } = kept;
    kept.take = async () => Promise.reject(new Failure("file-unreadable", "/var/lib: the disk is full"));
    const refused = await post(failure("anna"));
    assert.equal(refused.status, 503);
    assert.doesNotMatch(JSON.stringify(refused.body), /disk|var/);
    assert.ok(refused.headers["retry-after"]);
    kept.take = take;
    assert.equal((await post(failure("anna"))).status, 200);
    assert.deepEqual(kept.accounts, ["anna"]);
  }));

test("two lines of one attempt count once, also in two pushes", async () =>
  scene(async ({ post, kept }) => {
    await post(weakFailure("anna") + failure("anna"));
    assert.deepEqual(kept.accounts, ["anna"]);
    await post(weakFailure("bert", 5, 4_800));
    await post(failure("bert", 5, 4_800));
    assert.deepEqual(kept.accounts, ["anna", "bert"]);
  }));

test("whatever is pushed is answered, and what is answered with 200 is in order", async () =>
  scene(async ({ push, kept, time }) => {
    assert.ok(push.reports().length > 0 && kept.signIns.length === 0 && time.now() > 0);
    const line = fc.oneof(
      fc.constantFrom(
        failure("anna"),
        weakFailure("bert"),
        `${ocsf("carl", "r1")}\n`,
        "[",
        "{",
        '{"a":',
        "]\n",
        "\0\n",
        "a,b,c\n",
        "<Event ",
      ),
      fc.json().map((text) => `${text}\n`),
      fc.string({ unit: "binary" }),
    );
    const body = fc.oneof(
      fc.array(line, { maxLength: 8 }).map((lines) => Buffer.from(lines.join(""))),
      fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
    );
    const { Readable } = await import("node:stream");
    await fc.assert(
      fc.asyncProperty(
        body,
        fc.constantFrom("identity", "gzip", "zstd", "GZIP", "x"),
        fc.boolean(),
        async (bytes, encoding, isPacked) => {
          const packed = isPacked && encoding.toLowerCase() === "gzip" ? gzipSync(bytes) : bytes;
          const request = Object.assign(Readable.from([packed]), {
            method: "POST",
            headers: { ...bearer, "content-encoding": encoding },
          });
          const { status, body: text } = await push.handle(request as unknown as Parameters<Push["handle"]>[0]);
          assert.ok([200, 400, 415, 422].includes(status), String(status));
          const told = JSON.parse(text) as { malformed?: number; errors?: readonly unknown[] };
          if (status === 200) assert.equal(told.malformed, 0);
          if (status === 422) assert.ok((told.errors?.length ?? 0) > 0);
        },
      ),
      { numRuns: 150 },
    );
  }));
