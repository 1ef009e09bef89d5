/** The real pipeline, fed with simulated sign-ins: the one place in the simulator that knows how it is called. */
import type { Conclusion } from "#/incidents/conclusion.ts";
import { Judge } from "#/incidents/judge.ts";
import type { SignIn } from "#/signin/signin.ts";
import type { Answer, Verdict } from "./figures.ts";
import type { Simulation } from "./simulate.ts";
import type { Simulated, Truth } from "./simulated.ts";

export type Judged = {
  readonly verdict: Verdict;
  readonly answer: Answer;
  readonly conclusion: Conclusion;
  readonly signIns: number;
};

/** How much of a sign-in the pipeline gets to see: all, or what a CSV of time, account, address and outcome has. */
export type View = "full" | "bare";

/** @param watch is shown every simulated sign-in as it passes. */
export function play(simulation: Simulation, view: View = "full", watch?: (simulated: Simulated) => void): Judged {
  const judge = new Judge();
  let batch: SignIn[] = [];
  let signIns = 0;
  for (const simulated of simulation) {
    watch?.(simulated);
    signIns += 1;
    batch.push(view === "bare" ? bareSignIn(simulated.signIn) : simulated.signIn);
    if (batch.length < 10_000) continue;
    judge.add(batch);
    batch = [];
  }
  judge.add(batch);
  const conclusion = judge.conclude({ files: [], signIns, zoneAssumed: undefined });
  return { verdict: verdictOf(conclusion), answer: answerOf(simulation.truth()), conclusion, signIns };
}

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
