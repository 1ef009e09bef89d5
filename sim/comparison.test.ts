import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { layoutFor } from "#/report/terminal-layout.ts";
import { type Comparison, compare } from "./comparison.ts";
import { comparisonLines } from "./comparison-text.ts";
import { play } from "./pipeline.ts";
import { simulate } from "./simulate.ts";
import type { Truth } from "./simulated.ts";

type Scene = { readonly truth: Truth; readonly comparison: Comparison; readonly text: string };

/** Sentences on one line each, wherever a terminal would break them. */
const tell = (comparison: Comparison): string =>
  comparisonLines(layoutFor(200, false, true), comparison)
    .join("\n")
    .replace(/(?<=[a-z\d]) ?\n {0,10}(?=[a-z])/g, " ");

/** Plays it, and compares with a truth that may be another than it was. */
function scene(name: string, change: (truth: Truth) => Truth = (truth) => truth, bots = new Set<string>()): Scene {
  const simulation = simulate(name, { seed: 5, accounts: 300, days: 8 });
  const judged = play(simulation);
  const truth = change(judged.truth);
  const comparison = compare({ ...judged, truth }, bots);
  return { truth, comparison, text: tell(comparison) };
}

describe("what was found beside the truth", () => {
  test("says when and at which guess each campaign was declared, and what of it was found", () => {
    const { truth, comparison } = scene("spray-classic");
    const [campaign] = comparison.campaigns;
    const [truly] = truth.campaigns;
    assert.ok(campaign?.declared !== undefined && truly !== undefined);
    assert.ok(campaign.declared.at >= truly.first && campaign.declared.guess <= 10);
    assert.deepEqual(campaign.addresses, { found: 1, truly: 1 });
    assert.equal(campaign.fallenFound.length + campaign.fallenMissed.length, truly.fallen.length);
    assert.equal(comparison.right, true);
  });

  test("says what was missed, what was wrongly named, and what was no campaign", () => {
    const nobody = "198.51.100.1";
    const { comparison, text } = scene("spray-classic", (truth) => ({
      ...truth,
      campaigns: truth.campaigns.map((campaign) => ({
        ...campaign,
        addresses: [nobody],
        usedFrom: [],
        fallen: [{ account: "never.named@parliament.example", at: campaign.first, address: nobody }],
      })),
    }));
    assert.equal(comparison.wronglySaid.campaigns.length, 1);
    assert.equal(comparison.wronglySaid.members.length, 1);
    assert.match(text, /Addresses +0 of 1 found, 0%/);
    assert.match(text, /Fallen +1 of 1 missed: never\.named\n/);
    assert.match(text, /WRONGLY SAID\n {2}C1 +password spray, confirmed, declared .*: there was none\n/);
    assert.match(text, /0 of 1 fallen accounts found, 1 false alarm/);
  });

  test("tells an everyday bot that was counted in from a member", () => {
    const [address = ""] = scene("spray-classic").truth.campaigns[0]?.addresses ?? [];
    const elsewhere = (truth: Truth): Truth => ({
      ...truth,
      campaigns: truth.campaigns.map((campaign) => ({ ...campaign, addresses: [], usedFrom: [] })),
    });
    assert.match(scene("spray-classic", elsewhere).text, /Addresses +1 of members: \d/);
    assert.match(
      scene("spray-classic", elsewhere, new Set([address])).text,
      /Addresses +1 of everyday bots, which had/,
    );
  });

  test("says that a fault was told, how far off, and whether as what it was", () => {
    const { text, comparison } = scene("fault-one-server");
    assert.match(text, /^\nTF1 {2}ONE SERVER REFUSES SIGN-INS\n {2}Was +\d+ accounts failing for /);
    assert.equal(comparison.faults[0]?.said?.kind, "one-server");
    assert.match(text, /RIGHT: it was an IT fault, and Portcullis says so; the fault named, no false alarm\.$/);
    const named = scene("fault-one-server", (truth) => ({
      ...truth,
      faults: truth.faults.map((fault) => ({ ...fault, kind: "one-client" })),
    }));
    assert.match(named.text, /another kind than it was/);
    assert.match(named.text, /the fault not named as what it was/);
  });

  test("says that nothing was, and nothing said", () => {
    const { text } = scene("quiet");
    assert.match(text, /^The truth: neither attack nor fault\.\n\nWRONGLY SAID\n {2}none\n\nRIGHT: it was neither/);
  });

  test("says where the conclusion is wrong, and where another one may be said", () => {
    const changed = (accepted: Truth["accepted"]): string =>
      scene("fault-one-server", (truth) => ({ ...truth, conclusion: "quiet", accepted, faults: [] })).text;
    assert.match(changed([]), /WRONG: it was neither attack nor fault, Portcullis says an IT fault; 1 false alarm\.$/);
    assert.match(changed(["fault"]), /there was none; here it may be said\n/);
    assert.match(changed(["fault"]), /RIGHT: .* Portcullis says an IT fault, which may be said here; 1 false alarm\.$/);
  });
});
