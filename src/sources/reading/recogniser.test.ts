import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "#/platform/units.ts";
import { LocalTime, isoTime } from "#/sources/local-time.ts";
import {
  type Entry,
  type Evidence,
  type Reading,
  type Source,
  ended,
  evidence,
  foreign,
  ignored,
  malformed,
  placed,
} from "#/sources/source.ts";
import { repeatedMax } from "#/sources/wrappers/repeated.ts";
import { Recogniser, type RecogniserOptions } from "./recogniser.ts";

/** What the test's sources say of a text: "fail NAME" is evidence, "bad" malformed, "bye" the end, "ok" nothing. */
function judge({ at, text }: Entry): Reading {
  const [word = "", name = ""] = text.split(" ");
  switch (at === undefined ? "" : word) {
    case "fail":
      return evidence(at ?? millis(0), "failure", name, "192.0.2.1", "ssh");
    case "bad":
      return malformed("no name");
    case "bye":
      return ended(name);
    case "from":
      return placed(name, "192.0.2.1");
    case "ok":
      return ignored;
    default:
      return foreign;
  }
}

const daemon: Source = {
  id: "daemon",
  title: "A daemon",
  programs: ["gated", "gate/*"],
  message: (entry) => {
    const reading = judge(entry);
    return reading.kind === "foreign" ? ignored : reading;
  },
};

/** Its own log: "2026-11-23T10:00:00Z | fail NAME". */
const ownLog: Source = {
  id: "own-log",
  title: "A log of its own",
  programs: [],
  line: (entry, { time }) => {
    const [stamp = "", text] = entry.text.split(" | ");
    return text === undefined ? foreign : judge({ ...entry, at: isoTime(stamp, time), text });
  },
};

const wrappedOnly: Source = {
  id: "wrapped",
  title: "Lines with a time",
  programs: [],
  line: (entry) => (entry.text.startsWith("wrapped: ") ? judge({ ...entry, text: entry.text.slice(9) }) : foreign),
};

const cloud: Source = {
  id: "cloud",
  title: "Objects",
  programs: [],
  object: ({ kind, name, user }) => {
    if (kind !== "cloud") return foreign;
    if (typeof name !== "string")
      return { ...malformed("no name"), ...(typeof user === "string" ? { secret: user } : {}) };
    return evidence(millis(0), "failure", typeof user === "string" ? user : name, "192.0.2.2", "sso");
  },
};

const columns: Source = {
  id: "columns",
  title: "Rows",
  programs: [],
  object: ({ "c-ip": address, who }) =>
    typeof address === "string" && address !== "" && typeof who === "string"
      ? evidence(millis(0), "failure", who, address, "web")
      : foreign,
};

const all = [daemon, ownLog, wrappedOnly, cloud, columns];

type Got = {
  readonly evidence: string[];
  readonly said: Evidence[];
  readonly ended: string[];
  readonly placed: string[];
  readonly malformed: string[];
  readonly recogniser: Recogniser;
};

function recogniserFor(options: Partial<RecogniserOptions> = {}): Got {
  const got = {
    evidence: [] as string[],
    said: [] as Evidence[],
    ended: [] as string[],
    placed: [] as string[],
    malformed: [] as string[],
  };
  const recogniser = new Recogniser(
    { time: new LocalTime("UTC", millis(Date.UTC(2026, 10, 23, 12))) },
    {
      evidence(said, source) {
        got.said.push(said);
        got.evidence.push(
          `${source.id} ${said.account}${said.count === 1 ? "" : `*${said.count}`}${said.server === "" ? "" : ` at ${said.server}`}`,
        );
      },
      ended: (key) => got.ended.push(key),
      placed: (key, address) => got.placed.push(`${key} ${address}`),
      malformed: (why, text) => got.malformed.push(`${why}: ${text}`),
    },
    { sources: all, only: undefined, guess: () => undefined, ...options },
  );
  return { ...got, recogniser };
}

function read(...lines: readonly string[]): Got {
  const got = recogniserFor();
  for (const line of lines) got.recogniser.line(line);
  return got;
}

const syslog = (text: string, program = "gated[1]", host = "mx1"): string =>
  `Nov 23 10:00:00 ${host} ${program}: ${text}`;

test("a line is read by the source that claims its program", () => {
  assert.deepEqual(read(syslog("fail anna"), syslog("fail bert", "gate/smtp"), syslog("fail carl", "GATED")).evidence, [
    "daemon anna at mx1",
    "daemon bert at mx1",
    "daemon carl at mx1",
  ]);
});

test("a line of a program that nobody claims is offered to those who read lines, at the thousandth time too", () => {
  const noise = Array.from({ length: 1_000 }, () => syslog("started", "worker[1]"));
  assert.deepEqual(read(...noise, syslog("wrapped: fail anna", "worker[1]")).evidence, ["wrapped anna at mx1"]);
});

test("what the kernel, cron and the like write is offered to nobody", () => {
  const { evidence: found, recogniser } = read(
    syslog("wrapped: fail anna", "kernel"),
    syslog("wrapped: fail anna", "CRON[1]"),
  );
  assert.deepEqual(found, []);
  assert.equal(recogniser.ignored, 2);
});

test("a line with a time of its own is read without a wrapper", () => {
  const { evidence: found, said } = read("2026-11-23T10:00:00Z | fail anna");
  assert.deepEqual(found, ["own-log anna"]);
  assert.equal(said[0]?.at, Date.UTC(2026, 10, 23, 10));
});

test("what a line only looks like does not keep its own source from it", () => {
  assert.deepEqual(read("2026-11-23T10:00:00Z | fail anna: x").evidence, ["own-log anna:"]);
});

test("what is not used is counted, by what was the matter", () => {
  const {
    recogniser,
    malformed: broken,
    ended: over,
  } = read("", "gibberish", syslog("ok"), syslog("other"), syslog("bye key"), syslog("bad"), syslog("fail anna"));
  assert.deepEqual([recogniser.ignored, recogniser.malformed, recogniser.recognised], [5, 1, 5]);
  assert.deepEqual(broken, [`no name: ${syslog("bad")}`]);
  assert.deepEqual(over, ["key"]);
});

test("where a connection comes from is handed on, and is no sign-in", () => {
  const { recogniser, placed: places, evidence: found } = read(syslog("from key"));
  assert.deepEqual([places, found, recogniser.ignored, recogniser.recognised], [["key 192.0.2.1"], [], 1, 1]);
});

test("a repeated message counts as often as it says, up to what is believed", () => {
  const repeated = (times: number): string => syslog(`message repeated ${times} times: [ fail anna]`);
  assert.deepEqual(read(repeated(5)).evidence, ["daemon anna*5 at mx1"]);
  assert.deepEqual(read(repeated(999_999_999)).evidence, [`daemon anna*${repeatedMax} at mx1`]);
});

test("the last message of a host that was repeated counts again, whatever other hosts wrote in between", () => {
  const again = (host: string): string => `Nov 23 10:00:09 ${host} last message repeated 3 times`;
  const got = read(
    syslog("fail anna"),
    syslog("fail bert", "gated[1]", "mx2"),
    again("mx1"),
    syslog("ok"),
    again("mx1"),
    again("mx2"),
  );
  assert.deepEqual(got.evidence, [
    "daemon anna at mx1",
    "daemon bert at mx2",
    "daemon anna*3 at mx1",
    "daemon bert*3 at mx2",
  ]);
  assert.equal(got.said[2]?.at, Date.UTC(2026, 10, 23, 10, 0, 9));
});

test("the journal's and Docker's JSON, container and supervisor prefixes, and wrappers within them are taken off", () => {
  const stamp = "2026-11-23T10:00:00.5Z";
  const lines = [
    JSON.stringify({
      __REALTIME_TIMESTAMP: "1",
      _HOSTNAME: "mx1",
      SYSLOG_IDENTIFIER: "gated",
      MESSAGE: "fail journal",
    }),
    JSON.stringify({ log: `${syslog("fail docker-syslog")}\n`, stream: "stdout", time: stamp }),
    JSON.stringify({ log: "gated: fail docker-tag\n", stream: "stdout", time: stamp }),
    JSON.stringify({ log: "wrapped: fail docker-plain\n", stream: "stdout", time: stamp }),
    JSON.stringify({
      log: `${JSON.stringify({ kind: "cloud", name: "docker-json" })}\n`,
      stream: "stdout",
      time: stamp,
    }),
    JSON.stringify({ log: "wrapped: fail par", stream: "stdout", time: stamp }),
    JSON.stringify({ log: "ts\n", stream: "stdout", time: stamp }),
    `${stamp} stdout F gated[7]: fail container`,
    `${stamp} stdout P wrapped: fail con`,
    `${stamp} stdout F tainer-parts`,
    "@4000000065f0c3a00b0c3a00 gated: fail tai",
    "2026-11-23_10:00:00.12345 wrapped: fail svlogd",
  ];
  const { evidence: found, said, recogniser } = read(...lines);
  assert.deepEqual(found, [
    "daemon journal at mx1",
    "daemon docker-syslog at mx1",
    "daemon docker-tag",
    "wrapped docker-plain",
    "cloud docker-json",
    "wrapped parts",
    "daemon container",
    "wrapped container-parts",
    "daemon tai",
    "wrapped svlogd",
  ]);
  assert.equal(said[3]?.at, Date.UTC(2026, 10, 23, 10, 0, 0, 500));
  assert.equal(recogniser.ignored, 2);
});

test("a line within a shipper's JSON is read, with the header that it brought or what the shipper says of it", () => {
  const at = "2026-11-23T10:00:00Z";
  const lines = [
    { "@timestamp": at, message: syslog("fail filebeat"), host: { name: "shipper" } },
    { "@timestamp": at, message: "fail logstash", program: "gated", pid: "7", logsource: "mx2" },
    { timestamp: at, host: "mx3", "syslog-tag": "gated[9]:", message: "fail rsyslog" },
    { date: 1_795_000_000.5, log: "wrapped: fail fluent" },
    { _raw: "2026-11-23T10:00:00Z | fail splunk" },
    { message: "fail nobody", program: "gated" },
    { message: "" },
  ];
  const { evidence: found, recogniser } = read(...lines.map((line) => JSON.stringify(line)));
  assert.deepEqual(found, [
    "daemon filebeat at mx1",
    "daemon logstash at mx2",
    "daemon rsyslog at mx3",
    "wrapped fluent",
    "own-log splunk",
  ]);
  assert.equal(recogniser.ignored, 2);
});

test("JSON behind a syslog header is read, with the header's host", () => {
  const json = JSON.stringify({ kind: "cloud", name: "anna" });
  assert.deepEqual(read(syslog(json, "other"), syslog(`@cee: ${json}`, "other")).evidence, [
    "cloud anna at mx1",
    "cloud anna at mx1",
  ]);
});

test("what a source calls secret is not in the line that is shown", () => {
  const got = recogniserFor();
  got.recogniser.line('{"kind":"cloud","user":"9c1185a5"}');
  assert.deepEqual(got.malformed, ['no name: {"kind":"cloud","user":"(not shown)"}']);
});

test("JSON that is not valid is malformed in a file of JSON, and any line elsewhere", () => {
  assert.deepEqual(read("{no json}").malformed, []);
  const { malformed: broken } = read(
    JSON.stringify({ kind: "cloud", name: "anna" }),
    '{"kind":}',
    JSON.stringify({ kind: "cloud" }),
  );
  assert.deepEqual(broken, ['not valid JSON: {"kind":}', 'no name: {"kind":"cloud"}']);
});

test("an object that wraps a list is read as its records, unless a source knows it as it is", () => {
  const one = { kind: "cloud", name: "anna" };
  assert.deepEqual(read(JSON.stringify({ records: [one, one, 7] })).evidence, ["cloud anna", "cloud anna"]);
  assert.deepEqual(read(JSON.stringify({ kind: "cloud", name: "bert", events: [one] })).evidence, ["cloud bert"]);
  const { recogniser } = read(JSON.stringify({ value: [{ value: [{ value: [{ value: [one] }] }] }, { no: 1 }] }));
  assert.equal(recogniser.ignored, 2);
});

test("a log that announces its columns is read row by row, also after they changed", () => {
  const { evidence: found, recogniser } = read(
    "#Software: Something",
    "#Fields: date c-ip who",
    "2026-11-23 192.0.2.9 anna",
    "#Fields: who,x,c-ip",
    '"bert, b.",1,192.0.2.8',
    "short",
  );
  assert.deepEqual(found, ["columns anna", "columns bert, b."]);
  assert.equal(recogniser.ignored, 4);
});

test("a line that begins with # is a line where nothing was announced", () => {
  assert.equal(read("#hello", syslog("fail anna")).evidence.length, 1);
});

test("objects that nobody reads are guessed at, those before the guess included", () => {
  const guessed: Source = {
    id: "guessed",
    title: "by their names",
    programs: [],
    object: ({ login }) => (typeof login === "string" ? evidence(millis(0), "failure", login, "", "web") : foreign),
  };
  const got = recogniserFor({ guess: (fields) => (fields.includes("login") ? guessed : undefined) });
  for (const login of ["anna", "bert"]) got.recogniser.line(JSON.stringify({ login }));
  assert.deepEqual(got.evidence, []);
  got.recogniser.guessUnread();
  assert.deepEqual(got.evidence, ["guessed anna", "guessed bert"]);
  assert.equal(got.recogniser.ignored, 0);
});

test("with one format chosen, it reads the messages of any program, and nobody else reads", () => {
  const got = recogniserFor({ only: daemon });
  for (const line of [syslog("fail anna", "anything"), "2026-11-23T10:00:00Z | fail bert"]) got.recogniser.line(line);
  assert.deepEqual(got.evidence, ["daemon anna at mx1"]);
});

test("with one format chosen, messages of another program that are not its sign-ins are not said to be of it", () => {
  const got = recogniserFor({ only: daemon });
  for (const line of [syslog("whatever", "anything"), syslog("ok", "anything"), syslog("ok")])
    got.recogniser.line(line);
  assert.deepEqual([got.recogniser.recognised, got.recogniser.ignored], [1, 3]);
});

test("half a last line is left out where it cannot be read, and read where it can", () => {
  const got = recogniserFor();
  assert.ok(got.recogniser.lastLine(syslog("fail anna")));
  assert.ok(!got.recogniser.lastLine(syslog("bad")));
  got.recogniser.line(JSON.stringify({ kind: "cloud", name: "bert" }));
  assert.ok(!got.recogniser.lastLine('{"kind":"clo'));
  assert.deepEqual(got.malformed, []);
  assert.deepEqual(got.evidence, ["daemon anna at mx1", "cloud bert"]);
});
