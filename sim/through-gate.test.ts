/** A short regression of the gate in front of detection; the margins are wide. What matters in detail stands in docs/detection-gate.md. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Verdict } from "#/gate/attempt.ts";
import { days, millis } from "#/platform/units.ts";
import { layoutFor } from "#/report/terminal-layout.ts";
import { GateCount, type GateFigures } from "./gate-figures.ts";
import { gateLines } from "./gate-text.ts";
import { scenarioNamed } from "./scenarios/scenarios.ts";
import { simulate } from "./simulate.ts";
import { playThroughGate } from "./through-gate.ts";

const size = { seed: 501, accounts: 600, days: 10 };

const played = new Map<string, Promise<GateFigures>>();

function through(name: string): Promise<GateFigures> {
  const playing = played.get(name) ?? playThroughGate(name, size);
  played.set(name, playing);
  return playing;
}

const textOf = (figures: GateFigures): string => gateLines(layoutFor(200, false, true), figures).join("\n");

describe("with the gate enforcing", () => {
  test("a spray from a few addresses is held after a few guesses, and opens hardly anything", async () => {
    const figures = await through("spray-classic");
    assert.ok((figures.answeredUntilHeld ?? Infinity) <= 20, `${figures.answeredUntilHeld}`);
    assert.ok(figures.answered < 0.1 * figures.guesses, `${figures.answered} of ${figures.guesses}`);
    assert.ok(figures.opened <= figures.openedWithout);
    assert.match(textOf(figures), /Held\s+after \d+ guess/);
  });

  test("a slow spray with fingerprints is refused for the most part", async () => {
    const figures = await playThroughGate("spray-slow-500", { ...size, fingerprints: true });
    assert.ok(figures.answered < 0.5 * figures.guesses, `${figures.answered} of ${figures.guesses}`);
    assert.ok((figures.guessesByCode["hot-password"] ?? 0) > 0);
  });

  test("on ordinary days no right password is refused or delayed", async () => {
    const figures = await through("quiet");
    assert.ok(figures.members.right > 5_000);
    assert.deepEqual(figures.membersByCode, {});
    assert.match(textOf(figures), /Members\s+0 of [\d,]+ right passwords refused/);
  });

  for (const name of ["spray-classic", "june-2017", "spray-slow-inside-10", "spray-and-outage"])
    test(`${name} never refuses a member where the account has signed in before`, async () => {
      assert.equal((await through(name)).members.refusedFamiliar, 0);
    });
});

describe("of what once went wrong", () => {
  const larger = { seed: 3001, accounts: 2_000, days: 14 };

  test("a member who is refused at the office for a hot password makes no attacker of the office", async () => {
    const { members } = await playThroughGate("spray-slow-50", { ...larger, fingerprints: true });
    assert.equal(members.refusedFamiliar, 0);
    assert.ok(members.refusedNew < 12, `${members.refusedNew}`);
  });

  test("an office whose members cannot get in, because the directory is down, is not shut out", async () => {
    const { membersByCode } = await playThroughGate("fault-outage", { ...larger, seed: 3002 });
    assert.ok((membersByCode["attacking-address"] ?? 0) < 10, JSON.stringify(membersByCode));
  });

  test("a spray with a new address of one IPv6 /64 for every guess is held", async () => {
    const { answered, guesses } = await playThroughGate("spray-one-sixth", { ...larger, accounts: 600 });
    assert.ok(answered < 0.2 * guesses, `${answered} of ${guesses}`);
  });

  test("a campaign goes on while one of its alarms is up, and through its pauses", async () => {
    const { guesses, guessesByCode } = await playThroughGate("spray-slow-inside-10", larger);
    assert.ok((guessesByCode.open ?? 0) < 0.2 * guesses, `${guessesByCode.open} of ${guesses}`);
  });
});

describe("a sign-in that is refused", () => {
  test("fails for policy, opens nothing, locks nothing, and leaves everybody else as they were", () => {
    const scenario = { ...scenarioNamed("spray-classic"), habits: () => ({ lockAfter: 5 }) };
    const all = [...simulate(scenario, size)];
    const attackers = new Set(all.filter(({ campaignId }) => campaignId !== "").map(({ signIn }) => signIn.address));
    const simulation = simulate(scenario, { ...size, admits: ({ address }) => !attackers.has(address) });
    const gated = [...simulation];
    for (const { signIn, campaignId } of gated) {
      if (campaignId === "") continue;
      assert.deepEqual([signIn.outcome, signIn.reason], ["failure", "policy"]);
    }
    assert.deepEqual(simulation.truth().campaigns[0]?.fallen, []);
    const lockedOf = (one: typeof all): number =>
      one.filter(({ signIn, label }) => label === "benign" && signIn.reason === "locked").length;
    assert.ok(lockedOf(gated) <= lockedOf(all));
  });
});

describe("figures", () => {
  const verdict = (answer: Verdict["answer"], code: Verdict["code"]): Verdict => {
    return { answer, would: answer, code, why: "", delay: days(0) };
  };
  const refuse = verdict("refuse", "hot-password");
  const allow = verdict("allow", "open");

  test("the gate holds once 95 of a hundred of the last 50 guesses, or of the last hour's, are refused", () => {
    const guess = [...simulate("spray-classic", size)].find(({ campaignId }) => campaignId === "T1");
    assert.ok(guess !== undefined);
    const truth = simulate("spray-classic", size).truth();
    const heldAfter = (refusedInARow: number): number | undefined => {
      const count = new GateCount();
      for (let made = 0; made < 10 + refusedInARow; made += 1) {
        const at = millis(guess.signIn.at + made * days(1));
        count.step({ ...guess, signIn: { ...guess.signIn, at } }, made < 10 ? allow : refuse, false);
      }
      return count.figures(truth, truth).answeredUntilHeld;
    };
    assert.equal(heldAfter(47), undefined);
    assert.equal(heldAfter(48), 10);
  });
});
