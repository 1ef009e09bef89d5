/** The real pipeline, fed with simulated sign-ins: the one place in the simulator that knows how it is called. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Conclusion } from "#/incidents/conclusion.ts";
import { Judge } from "#/incidents/judge.ts";
import type { Clock } from "#/platform/clock.ts";
import type { SignIn } from "#/signin/signin.ts";
import { readSignIns } from "#/sources/reading/reading.ts";
import type { Answer, Verdict } from "./figures.ts";
import { asWritten } from "./formats/labels.ts";
import type { LogFormat } from "./formats/log-format.ts";
import type { Simulation } from "./simulate.ts";
import type { Simulated, Truth } from "./simulated.ts";
import { type Manner, writeSimulation } from "./write.ts";

export type Judged = {
  readonly verdict: Verdict;
  readonly answer: Answer;
  readonly truth: Truth;
  readonly conclusion: Conclusion;
  readonly signIns: number;
};

/** How much of a sign-in the pipeline gets to see: all, or what a CSV of time, account, address and outcome has. */
export type View = "full" | "bare";

/** What the pipeline would say at this moment, before the sign-in that is being watched. */
export type Ask = () => Verdict;

/** @param watch is shown every simulated sign-in before it goes in, and may ask meanwhile. */
export function play(
  simulation: Simulation,
  view: View = "full",
  watch?: (simulated: Simulated, ask: Ask) => void,
): Judged {
  const judge = new Judge();
  let batch: SignIn[] = [];
  let signIns = 0;
  const conclude = (): Conclusion => {
    judge.add(batch);
    batch = [];
    return judge.conclude({ files: [], signIns, zoneAssumed: undefined });
  };
  const ask = (): Verdict => verdictOf(conclude());
  for (const simulated of simulation) {
    watch?.(simulated, ask);
    signIns += 1;
    batch.push(view === "bare" ? bareSignIn(simulated.signIn) : simulated.signIn);
    if (batch.length < 10_000) continue;
    judge.add(batch);
    batch = [];
  }
  return judgedOf(conclude(), simulation.truth(), signIns);
}

/** Through the log that a server would have written, too: with what it does not say, and what gets lost on the way. */
export async function playThroughLog(
  simulation: Simulation,
  format: LogFormat,
  manner: Manner,
  clock: Clock,
  watch?: (simulated: Simulated) => void,
): Promise<Judged> {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-simulation-"));
  try {
    const file = join(folder, "server.log");
    writeSimulation(simulation, format, file, manner, watch);
    const map = format.id === "csv" ? "time=time,account=account,address=address,outcome=outcome" : undefined;
    const all = { format: undefined, since: undefined, until: undefined, onProgress: undefined };
    const reading = readSignIns([file], { ...all, map, timezone: "UTC", clock, workers: 0 });
    const judge = new Judge();
    for await (const signIns of reading) judge.add(signIns);
    const summary = reading.summary();
    return judgedOf(judge.conclude(summary), asWritten(simulation.truth(), format), summary.signIns);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const judgedOf = (conclusion: Conclusion, truth: Truth, signIns: number): Judged => ({
  verdict: verdictOf(conclusion),
  answer: answerOf(truth),
  truth,
  conclusion,
  signIns,
});

function bareSignIn(signIn: SignIn): SignIn {
  const reason = signIn.outcome === "success" ? "" : "other";
  return { ...signIn, reason, service: "other", server: "", client: "" };
}

function verdictOf(conclusion: Conclusion): Verdict {
  return {
    conclusion: conclusion.kind,
    campaigns: conclusion.campaigns.map((campaign) => ({
      kind: campaign.kind,
      detectedAt: campaign.detectedAt,
      addresses: campaign.origins.map(({ address }) => address),
      accountsTargeted: campaign.targets.map(({ account }) => account),
      fallen: campaign.fallen.map(({ account }) => account),
    })),
    faults: conclusion.faults.map(({ kind, from }) => ({ kind, from })),
  };
}

function answerOf(truth: Truth): Answer {
  const campaigns = truth.campaigns.map((campaign) => ({
    ...campaign,
    fallen: campaign.fallen.map(({ account }) => account),
  }));
  return { conclusion: truth.conclusion, accepted: truth.accepted, campaigns, faults: truth.faults };
}
