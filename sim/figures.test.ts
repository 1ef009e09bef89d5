import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answer, type Verdict, figuresOf } from "./figures.ts";
import { scoreScan, scoreText } from "./score.ts";

const campaign = {
  kind: "password-spraying",
  first: 1_000,
  progress: [
    [1, 1_000],
    [2, 2_000],
    [10, 9_000],
  ] as const,
  addresses: ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"],
  usedFrom: ["192.0.2.9"],
  accountsTargeted: ["ada", "ben"],
  namesInvalid: ["info"],
  fallen: ["ada"],
};

const attacked: Answer = { conclusion: "attack", accepted: [], campaigns: [campaign], faults: [] };
const quiet: Answer = { conclusion: "quiet", accepted: ["fault"], campaigns: [], faults: [] };

const declared: Verdict = {
  conclusion: "attack",
  campaigns: [
    {
      kind: "password-spraying",
      detectedAt: 2_500,
      addresses: ["192.0.2.1", "192.0.2.2", "192.0.2.9", "198.51.100.7"],
      accountsTargeted: ["ada", "info", "cleo"],
      fallen: ["ada", "ben"],
    },
  ],
  faults: [],
};

test("a conclusion is measured against the truth", () => {
  const figures = figuresOf(declared, attacked);
  assert.equal(figures.right, true);
  assert.equal(figures.guesses, 2);
  assert.equal(figures.hours, 1_500 / 3_600_000);
  assert.deepEqual(figures.addresses, { recall: 0.5, precision: 0.75, truly: 4, said: 4 });
  assert.deepEqual(figures.targets, { recall: 0.5, precision: 2 / 3, truly: 2, said: 3 });
  assert.deepEqual(figures.fallen, { recall: 1, precision: 0.5, truly: 1, said: 2 });
  assert.equal(figures.campaignsFalse, 0);
});

test("a campaign declared where there was none is false, and the conclusion wrong", () => {
  const figures = figuresOf(declared, quiet);
  assert.equal(figures.right, false);
  assert.equal(figures.campaignsFalse, 1);
  assert.ok(Number.isNaN(figures.guesses));
});

test("what is accepted beside the truth is right, and a fault that was not is still counted", () => {
  const figures = figuresOf({ conclusion: "fault", campaigns: [], faults: [{ kind: "one-server", from: 5 }] }, quiet);
  assert.equal(figures.right, true);
  assert.equal(figures.faultsFalse, 1);
});

test("a fault counts as named when its kind is", () => {
  const outage: Answer = { ...quiet, conclusion: "fault", faults: [{ kind: "one-server", from: 60_000, to: 600_000 }] };
  const named = figuresOf(
    { conclusion: "fault", campaigns: [], faults: [{ kind: "one-server", from: 180_000 }] },
    outage,
  );
  assert.equal(named.faultNamed, true);
  assert.equal(named.faultMinutes, 2);
  const other = figuresOf(
    { conclusion: "fault", campaigns: [], faults: [{ kind: "one-client", from: 60_000 }] },
    outage,
  );
  assert.equal(other.faultNamed, false);
});

test("the JSON of a scan is scored against labels, whether accounts carry a domain or not", () => {
  const time = (at: number): string => new Date(at).toISOString();
  const scan = {
    version: 1,
    conclusion: "attack",
    read: { signIns: 40, failures: 12 },
    campaigns: [
      {
        kind: "password-spraying",
        detectedAt: time(9_500),
        attemptsBeforeDetection: 10,
        addresses: campaign.addresses,
        accountsTargeted: ["Ada@parliament.example", "ben"],
        fallen: [{ account: "ada" }],
      },
    ],
    faults: [],
  };
  const labels = {
    version: 1,
    scenario: "spray-slow-200",
    seed: 1,
    format: "openssh",
    conclusion: "attack",
    accepted: [],
    signIns: 41,
    failures: 12,
    campaigns: [
      {
        ...campaign,
        first: time(campaign.first),
        progress: campaign.progress.map(([guess, at]) => [guess, time(at)]),
        fallen: [{ account: "ada@parliament.example" }],
      },
    ],
    faults: [],
  };
  const { figures, readAll } = scoreScan(JSON.stringify(scan), JSON.stringify(labels));
  assert.equal(figures.guesses, 10);
  assert.equal(figures.targets.recall, 1);
  assert.equal(figures.fallen.precision, 1);
  assert.match(readAll, /40 of 41/);
  assert.match(scoreText(figures), /conclusion +right: attack/);
  assert.throws(() => scoreScan("{}", JSON.stringify(labels)));
});
