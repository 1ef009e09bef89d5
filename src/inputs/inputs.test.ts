import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createSocket } from "node:dgram";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, test } from "node:test";
import { settingsSchema } from "#/cli/settings.ts";
import { readSettings } from "#/platform/settings.ts";
import { Kept, contextOf, failure, until } from "../../test/support/inputs.ts";
import { MovedTime } from "../../test/support/timers.ts";
import { type Inputs, startInputs } from "./inputs.ts";
import { type Settings, defaults } from "./settings.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-inputs-"));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const [tokens, log] = [at("tokens"), at("auth.log")];
writeFileSync(tokens, `mail1: ${createHash("sha256").update("secret").digest("hex")}\n`);

async function start(settings: Partial<Settings>): Promise<{ inputs: Inputs; kept: Kept; time: MovedTime }> {
  const [kept, time] = [new Kept(), new MovedTime()];
  const inputs = await startInputs({ ...defaults, ...settings }, contextOf(kept, time));
  return { inputs, kept, time };
}

test("everything that portcullis.yaml names is started, told of, and ended", async () => {
  const yaml = at("portcullis.yaml");
  writeFileSync(
    yaml,
    `inputs:
  follow: ["${log}"]
  timezone: Europe/London
  syslogUdp: 127.0.0.1:0
  syslogTcp: 127.0.0.1:0
  pushTokens: ${tokens}
`,
  );
  const { inputs, kept, time } = await start(readSettings(yaml, settingsSchema).inputs);
  writeFileSync(log, failure("anna"));
  await until(time, () => kept.accounts.includes("anna"), "anna");
  const udp = createSocket("udp4");
  // A time without a zone is read in the one that the settings name: an hour ahead of UTC in summer.
  udp.send(
    "<38>Jul  1 10:00:00 mx1 sshd[1]: Failed password for bert from 192.0.2.7 port 1 ssh2",
    inputs.ports.udp ?? 0,
    "127.0.0.1",
  );
  await until(time, () => kept.accounts.includes("bert"), "bert");
  const tcp = connect(inputs.ports.tcp ?? 0, "127.0.0.1");
  tcp.end(failure("carl", 1));
  await until(time, () => kept.accounts.includes("carl"), "carl");
  const request = Object.assign(Readable.from([Buffer.from(failure("dora", 2))]), {
    method: "POST",
    headers: { authorization: "Bearer secret" },
  });
  // What the handler looks at of a request.
  const answer = await inputs.push?.(request as unknown as IncomingMessage);
  assert.equal(answer?.status, 200);
  assert.deepEqual(
    kept.signIns.map(({ account, at: time_ }) => [account, new Date(time_).toISOString().slice(5, 16)]),
    [
      ["anna", "11-23T10:00"],
      ["bert", "07-01T09:00"],
      ["carl", "11-23T10:00"],
      ["dora", "11-23T10:00"],
    ],
  );
  const told = inputs.reports().map(({ input, signIns, trouble }) => [input, signIns, trouble]);
  assert.deepEqual(told, [
    ["syslog:udp", 1, ""],
    ["syslog:tcp", 1, ""],
    ["push", 0, ""],
    ["push:mail1", 1, ""],
    [`follow:${log}`, 1, ""],
  ]);
  udp.close();
  await inputs[Symbol.asyncDispose]();
  appendFileSync(log, failure("emil", 3));
  time.move(60_000);
  assert.equal(kept.signIns.length, 4);
});

test("nothing is started where nothing is set, and nobody can push", async () => {
  const { inputs } = await start({});
  assert.deepEqual([inputs.reports(), inputs.push], [[], undefined]);
  await inputs[Symbol.asyncDispose]();
});

test("what cannot be started is said, and what had been started is ended", async () => {
  const first = await start({ syslogTcp: "127.0.0.1:0" });
  const taken = `127.0.0.1:${first.inputs.ports.tcp}`;
  const free = await start({ syslogTcp: "127.0.0.1:0" });
  const tcp = `127.0.0.1:${free.inputs.ports.tcp}`;
  await free.inputs[Symbol.asyncDispose]();
  await assert.rejects(start({ syslogTcp: tcp, syslogTls: taken }), { code: "certificate-unusable" });
  await assert.rejects(start({ syslogTcp: tcp, pushTokens: at("none") }), { code: "tokens-invalid" });
  const again = await start({ syslogTcp: tcp });
  await again.inputs[Symbol.asyncDispose]();
  await assert.rejects(start({ syslogTcp: taken }), { code: "listening-failed" });
  await first.inputs[Symbol.asyncDispose]();
  await assert.rejects(start({ timezone: "Mars" }), { code: "settings-invalid", message: /inputs\.timezone/ });
  await assert.rejects(start({ map: "time=x" }), { code: "map-invalid", message: /^inputs\.map/ });
  await assert.rejects(start({ syslogTcp: "514" }), { code: "settings-invalid", message: /inputs\.syslogTcp/ });
});

test("the same line in two logs counts once, and two of them in one log twice", async () => {
  const [one, two] = [at("mail.log"), at("syslog")];
  writeFileSync(one, failure("anna") + failure("anna") + failure("bert", 1));
  writeFileSync(two, failure("anna") + failure("anna") + failure("bert", 1) + failure("carl", 2));
  const { inputs, kept, time } = await start({ follow: [one, two] });
  await until(time, () => kept.accounts.includes("carl"), "carl");
  await until(time, () => kept.accounts.length === 4, kept.accounts.join(" "));
  assert.deepEqual(kept.accounts.toSorted(), ["anna", "anna", "bert", "carl"]);
  await inputs[Symbol.asyncDispose]();
});

test("fields of a format of one's own are read as the settings map them, in what is followed as well", async () => {
  const own = at("own.json");
  writeFileSync(own, '{"wann":"2026-11-23T10:00:00Z","wer":"anna","woher":"192.0.2.7","wie":"nein"}\n');
  const map = "time=wann,account=wer,address=woher,outcome=wie,failure=nein";
  const { inputs, kept, time } = await start({ follow: [own], map });
  await until(time, () => kept.accounts.length === 1, "anna");
  await inputs[Symbol.asyncDispose]();
});
