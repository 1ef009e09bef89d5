import assert from "node:assert/strict";
import { test } from "node:test";
import type { Campaign, Conclusion } from "#/incidents/conclusion.ts";
import { type Millis, days, later } from "#/platform/units.ts";
import { nextSteps } from "./next-steps.ts";
import { conclusionSentence, verdictWord } from "./report.ts";
import { sampleNow } from "./sample-parts.ts";
import { samples } from "./samples.ts";
import type { Step } from "./step.ts";

const ids = (conclusion: Conclusion): string[] => nextSteps(conclusion, sampleNow).map(({ id }) => id);
const textOf = ({ action, points }: Step): string => [action, ...points].join("\n");

function withCampaign(conclusion: Conclusion, change: Partial<Campaign>): Conclusion {
  return { ...conclusion, campaigns: conclusion.campaigns.map((campaign) => ({ ...campaign, ...change })) };
}

function stepOf(conclusion: Conclusion, id: string): Step {
  const step = nextSteps(conclusion, sampleNow).find((one) => one.id === id);
  assert.ok(step !== undefined, `${id} is not among ${ids(conclusion).join(", ")}`);
  return step;
}

test("in a spray the accounts that fell come first, by name, then those that may have", () => {
  const conclusion = samples.spray();
  assert.deepEqual(ids(conclusion).slice(0, 2), ["take-back", "ask-holders"]);
  assert.equal(stepOf(conclusion, "take-back").action, "Take back the account: c.eriksen.");
  assert.match(textOf(stepOf(conclusion, "ask-holders")), /d\.tanaka: 2026-11-21 03:40 UTC, from 198\.51\.100\.77/);
});

test("a new password comes before the sessions are ended, and is never mailed", () => {
  const { points } = stepOf(samples.spray(), "take-back");
  const [password = "", sessions = ""] = points;
  assert.match(password, /new password.*never by e-mail/);
  assert.match(sessions, /end all sessions/);
});

test("no step in any attack proposes to lock anybody out, and a spray warns of it", () => {
  for (const sample of [samples.spray, samples.sshBruteForce, samples.attackAndFault, samples.hostile])
    for (const step of nextSteps(sample(), sampleNow).filter(({ kind }) => kind === "do"))
      assert.doesNotMatch(step.action, /\b(lock (out|the|them|all)|suspend|disable|deactivate)/i);
  assert.equal(stepOf(samples.spray(), "no-lockout").kind, "do-not");
});

test("a scattered attack is narrowed at the door, one from few addresses is blocked", () => {
  const spray = samples.spray();
  assert.ok(ids(spray).includes("narrow-way-in") && !ids(spray).includes("block-addresses"));
  assert.match(textOf(stepOf(spray, "narrow-way-in")), /388 made 1\.8 attempts each/);
  const ssh = samples.sshBruteForce();
  const end = ssh.read.files[0]?.to;
  assert.ok(end !== undefined);
  const goingOn = withCampaign(ssh, { lastAttempt: end });
  assert.match(stepOf(goingOn, "block-addresses").action, /^Block the address at the firewall: 203\.0\.113\.9\.$/);
  assert.match(textOf(stepOf(goingOn, "block-addresses")), /88% of the attempts/);
  const fresh = nextSteps(goingOn, end);
  assert.equal(fresh.find(({ id }) => id === "block-addresses")?.when, "now");
  assert.equal(fresh.find(({ id }) => id === "ssh-keys-only")?.when, "now");
});

/** The sample, made by these addresses: each with how many members signed in from it, and from its network. */
function fromAddresses(addresses: readonly (readonly [string, number, number])[]): Conclusion {
  const spray = samples.spray();
  const [origin] = spray.campaigns[0]?.origins ?? [];
  assert.ok(origin !== undefined);
  const attempts = Math.ceil((spray.campaigns[0]?.attempts ?? 0) / addresses.length);
  const origins = addresses.map(([address, members, networkMembers]) => ({
    ...origin,
    address,
    members,
    networkMembers,
    attempts,
  }));
  return withCampaign(spray, { origins });
}
const network = (
  count: number,
  members: number,
  networkMembers: number,
  before = "203.0.113.",
): [string, number, number][] =>
  Array.from({ length: count }, (_, index) => [
    `${before}${(index + 16).toString(before.includes(":") ? 16 : 10)}`,
    members,
    networkMembers,
  ]);

test("many addresses of one network, from which no member signs in, are blocked as a network", () => {
  for (const [before, text] of [
    ["203.0.113.", "203\\.0\\.113\\.0/24"],
    ["2001:db8:1:2::", "2001:db8:1::/48"],
  ] as const) {
    const conclusion = fromAddresses(network(30, 0, 0, before));
    assert.ok(!ids(conclusion).includes("narrow-way-in"));
    const step = stepOf(conclusion, "block-addresses");
    assert.match(step.action, new RegExp(`^Block the network at the firewall: ${text} \\(30 addresses\\)\\.$`));
    assert.match(textOf(step), /none of your accounts signed in from there/);
  }
});

test("a network from which members sign in is not blocked whole, and the step says how many it would hit", () => {
  const step = stepOf(fromAddresses(network(30, 0, 4)), "narrow-way-in");
  assert.match(
    textOf(step),
    /30 addresses of 203\.0\.113\.0\/24 took part, but do not block it whole: 4 accounts of your own sign in from it/,
  );
  assert.doesNotMatch(textOf(step), /can be blocked whole/);
});

test("an address from which members sign in is left open", () => {
  const step = stepOf(fromAddresses([["198.51.100.7", 1, 1], ...network(4, 0, 1)]), "block-addresses");
  assert.match(step.action, /^Block the 3 addresses/);
  assert.match(textOf(step), /Leave 198\.51\.100\.7 open: 1 account of your own signs in from it, too/);
});

test("in a campaign from everywhere, networks that can be blocked whole are named", () => {
  const scattered = Array.from({ length: 200 }, (_, index): [string, number, number] => [`192.${index}.2.1`, 0, 0]);
  const step = stepOf(fromAddresses([...scattered, ...network(20, 0, 0)]), "narrow-way-in");
  assert.match(textOf(step), /One network can be blocked whole: 203\.0\.113\.0\/24 \(20 addresses\)\./);
});

test("where the log shows no success, nobody is told that a block hits nobody", () => {
  const base = fromAddresses(network(30, 0, 0));
  const blind = { ...base, read: { ...base.read, failures: base.read.signIns } };
  assert.match(textOf(stepOf(blind, "block-addresses")), /no successful sign-in, so check first/);
});

test("an attack that ended is watched for, not fought", () => {
  const ssh = samples.sshBruteForce();
  const steps = new Set(nextSteps(ssh, ssh.read.files[0]?.to).map(({ id }) => id));
  assert.ok(steps.has("watch-for-return") && !steps.has("block-addresses"));
});

test("a password that only the second factor made useless is changed at once", () => {
  const spray = samples.spray();
  assert.ok(!ids(spray).includes("change-known-passwords"));
  const targets = (spray.campaigns[0]?.targets ?? []).map((target, index) => ({
    ...target,
    knewPassword: index === 7,
  }));
  const step = stepOf(withCampaign(spray, { targets }), "change-known-passwords");
  assert.equal(step.when, "now");
  assert.equal(step.action, `Change the password of ${targets[7]?.account}.`);
});

test("credential stuffing speaks of passwords that may have leaked", () => {
  const conclusion = withCampaign(samples.spray(), { kind: "credential-stuffing" });
  assert.match(textOf(stepOf(conclusion, "narrow-way-in")), /leaked elsewhere/);
  assert.match(textOf(stepOf(conclusion, "check-passwords")), /password that leaked/);
});

test("whoever fell on a shell has their machine looked at, not their mail", () => {
  const conclusion = samples.spray();
  const [campaign] = conclusion.campaigns;
  assert.ok(campaign !== undefined);
  const [one] = campaign.fallen;
  assert.ok(one !== undefined);
  const fallen = [{ ...one, service: "ssh" }];
  const step = textOf(stepOf(withCampaign(conclusion, { fallen }), "take-back"));
  assert.match(step, /authorized_keys/);
  assert.doesNotMatch(step, /filter rules/);
});

test("authorities are told where an account fell, and nobody is told more than is known", () => {
  assert.match(textOf(stepOf(samples.spray(), "tell-people")), /72 hours/);
  assert.match(
    textOf(stepOf(withCampaign(samples.spray(), { fallen: [] }), "tell-people")),
    /no account is known to have fallen/,
  );
});

const journeys = (many: number): { account: string; address: string; at: Millis }[] =>
  Array.from({ length: many }, (_, index) => ({ account: `member${index}`, address: "192.0.2.9", at: sampleNow }));

test("who signed in from somewhere new while every address guessed once is asked, unless they are a crowd", () => {
  const conclusion = withCampaign(samples.spray(), { fallen: [] });
  const few = withCampaign(conclusion, { meanwhile: { signIns: journeys(2), usual: 0 } });
  assert.equal(ids(few)[0], "ask-meanwhile");
  assert.match(textOf(stepOf(few, "ask-meanwhile")), /member0 and member1[^]*from 192\.0\.2\.9[^]*Less than one such/);
  const crowd = withCampaign(conclusion, { meanwhile: { signIns: journeys(31), usual: 30 } });
  assert.ok(!ids(crowd).includes("ask-meanwhile"));
});

test("of a crowd on journeys, those whose sign-in is like a thief's are to be asked, with how likely that is", () => {
  const likely = { account: "likely", address: "192.0.2.9", at: sampleNow, probability: 0.62, why: "" };
  const meanwhile = { signIns: [likely, ...journeys(40)], usual: 30 };
  const text = textOf(stepOf(withCampaign(samples.spray(), { meanwhile }), "ask-meanwhile"));
  assert.match(text, /soon after, likeliest first: likely\./);
  assert.match(text, /from 192\.0\.2\.9, 62% likely a thief's/);
  assert.match(text, /some are journeys all the same/);
  assert.doesNotMatch(text, /member0|Each address guesses once/);
});

test("a log of failures only asks for the log of successes at once", () => {
  const conclusion = withCampaign(samples.spray(), { fallen: [] });
  const blind = { ...conclusion, read: { ...conclusion.read, failures: conclusion.read.signIns } };
  assert.equal(ids(blind)[0], "find-successes");
  assert.match(textOf(stepOf(blind, "tell-people")), /not yet known whether an account fell/);
});

test("a fault blocks nobody, says who to call with the facts, and what to tell the members", () => {
  const conclusion = samples.outage();
  assert.deepEqual(ids(conclusion), ["block-nobody", "call-f1", "tell-members", "confirm-over"]);
  assert.match(
    textOf(stepOf(conclusion, "call-f1")),
    /LDAP.*\nTell them: sign-in outage, 412 accounts, on IMAP and mail submission, since 2026-11-23 07:58 UTC/,
  );
  assert.match(textOf(stepOf(conclusion, "tell-members")), /no sign of an attack so far/);
});

test("every kind of fault has somebody to call and something to check, one that is not known too", () => {
  const base = samples.outage();
  const [fault] = base.faults;
  assert.ok(fault !== undefined);
  const kinds = [
    "sign-in-outage",
    "mass-lockout",
    "wrong-passwords",
    "expired-passwords",
    "one-server",
    "one-client",
    "not-yet-known",
  ];
  const actions = kinds.map((kind) => {
    const step = stepOf({ ...base, faults: [{ ...fault, kind }] }, "call-f1");
    assert.ok(step.points.length >= 2, kind);
    return step.action;
  });
  assert.equal(new Set(actions).size, kinds.length);
});

test("attack and fault at once: the members are not told that there is no attack, and the attack comes first", () => {
  const conclusion = samples.attackAndFault();
  const steps = ids(conclusion);
  assert.equal(steps[0], "take-back");
  assert.ok(steps.indexOf("call-f1") > steps.indexOf("narrow-way-in"));
  assert.doesNotMatch(textOf(stepOf(conclusion, "tell-members")), /sign of an attack/);
});

test("quiet asks for nothing, says where else to look, and asks for more where too little was read", () => {
  assert.deepEqual(ids(samples.quiet()), ["nothing", "look-elsewhere"]);
  assert.equal(ids(samples.scant())[0], "scan-more");
  assert.ok(ids(samples.scant()).includes("find-successes"));
});

test("an old log asks for a newer one, at once where the attack was going on", () => {
  const conclusion = samples.spray();
  assert.ok(!ids(conclusion).includes("scan-newer"));
  const steps = nextSteps(conclusion, later(sampleNow, days(3)));
  assert.ok(
    !nextSteps(samples.sshBruteForce(), later(sampleNow, days(30))).some(({ id }) => id === "watch-for-return"),
  );
  const newer = steps.find(({ id }) => id === "scan-newer");
  assert.equal(newer?.when, "now");
  assert.match(newer.points[0] ?? "", /ended 3 days ago/);
  // What was going on then is fought only once the newer log shows that it still is; what fell is taken back at once.
  assert.deepEqual(
    steps.filter(({ when }) => when === "now").map(({ id }) => id),
    ["take-back", "ask-holders", "scan-newer"],
  );
});

test("what is for now comes before what is for today, and no step twice", () => {
  for (const sample of Object.values(samples)) {
    const steps = nextSteps(sample(), sampleNow);
    assert.ok(steps.length > 0);
    assert.equal(new Set(steps.map(({ id }) => id)).size, steps.length);
    const whens = steps.map(({ when }) => when).join(" ");
    assert.doesNotMatch(whens, /today.*now/);
  }
});

test("hostile names do not make a step longer than a screen", () => {
  for (const step of nextSteps(samples.hostile(), sampleNow)) assert.ok(step.action.length < 600, step.id);
});

/** An attack from where the institution's own people sign in. */
function fromWithin(goesOn: boolean): Conclusion {
  const base = samples.spray();
  const [campaign] = base.campaigns;
  const origins = (campaign?.origins ?? []).slice(0, 1).map((origin) => ({ ...origin, isShared: true }));
  const end = base.read.files[0]?.to ?? sampleNow;
  return withCampaign(base, {
    origins,
    fallen: [],
    lastAttempt: goesOn ? end : later(end, days(-1)),
    confidence: "suspected",
  });
}

test("an address from which the own people sign in is never to be blocked, whether it goes on or not", () => {
  for (const goesOn of [true, false]) {
    const conclusion = fromWithin(goesOn);
    const steps = nextSteps(conclusion, goesOn ? undefined : sampleNow);
    const address = conclusion.campaigns[0]?.origins[0]?.address ?? "";
    assert.ok(
      steps.every(({ action, points }) => ![action, ...points].some((text) => /^(?:Meanwhile b|B)lock /.test(text))),
    );
    assert.ok(
      steps.some(
        ({ id, action }) => id === "who-is-behind" && action.includes(address) && action.includes("do not block"),
      ),
    );
  }
});

test("where the log cannot tell attack from fault, both are acted upon and nobody is told that it was no attack", () => {
  const attack = fromWithin(true);
  const faults = samples.outage().faults.map((fault) => ({ ...fault, confidence: "suspected" as const }));
  const conclusion: Conclusion = { ...attack, kind: "attack-and-fault", faults };
  assert.equal(verdictWord(conclusion), "Attack or IT fault");
  assert.match(conclusionSentence(conclusion), /^An attack or a fault, and the log cannot tell which: /);
  const steps = nextSteps(conclusion);
  assert.ok(["who-is-behind", "block-nobody", "call-f1"].every((id) => steps.some((step) => step.id === id)));
  const all = steps.map(textOf).join("\n");
  assert.match(all, /whether they tried to sign in at that time/);
  assert.doesNotMatch(all, /those who fail are your own people|Nothing so far points to an attack/);
});
