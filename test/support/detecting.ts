/** Runs one detector by itself over sign-ins, on a familiarity of its own, and hands back what it said. */
import type { Detector, Found } from "#/detectors/detector.ts";
import { emptyObservation } from "#/familiarity/empty-observation.ts";
import { Familiarity, defaults } from "#/familiarity/familiarity.ts";
import type { SignIn } from "#/signin/signin.ts";

export type Run<State> = {
  readonly state: State;
  readonly found: Found[];
  readonly familiarity: Familiarity;
  readonly add: (signIns: readonly SignIn[]) => void;
};

/** A detector that has seen `signIns`; more may be added. What it declares teaches nothing, as in the judge. */
export function run<State, Settings>(
  detector: Detector<State, Settings>,
  signIns: readonly SignIn[],
  settings: Settings = detector.defaults,
): Run<State> {
  const familiarity = new Familiarity(defaults, (origin) => origin.held === undefined);
  const state = detector.start(settings);
  const seen = emptyObservation();
  const found: Found[] = [];
  const add = (more: readonly SignIn[]): void => {
    for (const signIn of more) {
      familiarity.observe(signIn, seen);
      detector.step(state, seen, settings, (what) => found.push(what));
    }
  };
  add(signIns);
  return { state, found, familiarity, add };
}
