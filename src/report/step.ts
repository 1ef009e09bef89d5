// One action of the list of what to do next, as data. It knows nothing of how it will be shown.

export type Step = {
  /** Tells the step from others; kebab-case, at most once in a list. */
  readonly id: string;
  readonly when: "now" | "today";
  /** "do-not" is a warning of the step that does harm although it suggests itself. */
  readonly kind: "do" | "do-not";
  /** One sentence in the imperative. */
  readonly action: string;
  /** How, and why; each one or two sentences. */
  readonly points: readonly string[];
};

/** Where the log holds failures only. */
export const findSuccesses: Step = {
  id: "find-successes",
  when: "now",
  kind: "do",
  action: "Find the log that records successful sign-ins, and scan it together with this one.",
  points: [
    "This log shows failures only, so it cannot say whether anybody got in. Until that is known, do not tell anybody that no account fell.",
  ],
};
