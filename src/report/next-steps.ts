/**
 * What to do next, as data: the ordered actions that follow from a conclusion, for every output to show in its own way.
 * What must happen within minutes comes first. In an attack no step ever takes the sign-in away from people on account of
 * what strangers did to them; in a fault no step blocks anybody. Names in the texts are raw.
 */
import type { Conclusion, Finding } from "#/incidents/conclusion.ts";
import { days, hours, type Millis } from "#/platform/units.ts";
import { fallenSteps, holdSteps, knownPasswordSteps, tellSteps } from "./next-steps-attack.ts";
import { faultSteps } from "./next-steps-fault.ts";
import { fallenOf, hasNoSuccesses, isFaultGoingOn, isGoingOn, isScant, oldPasswordsOf, spanOf } from "./report.ts";
import { findSuccesses, type Step } from "./step.ts";
import { count, durationText, listSome, minuteText, nameText } from "./words.ts";

/** @param now the present, or undefined where the age of the log is to be left out. */
export function nextSteps(conclusion: Conclusion, now?: Millis): readonly Step[] {
  const stale = now === undefined ? [] : staleSteps(conclusion, now);
  const hold = isOld(conclusion, now) ? holdSteps(conclusion).flatMap(postponed) : holdSteps(conclusion);
  switch (conclusion.kind) {
    case "attack":
      return byUrgency([...fallenSteps(conclusion), ...stale, ...hold, ...tellSteps(conclusion)]);
    case "fault":
      return byUrgency([...knownPasswordSteps(conclusion), ...faultSteps(conclusion), ...stale]);
    case "attack-and-fault":
      return byUrgency([
        ...fallenSteps(conclusion),
        ...stale,
        ...hold,
        ...faultSteps(conclusion),
        ...tellSteps(conclusion),
      ]);
    case "quiet":
      return quietSteps(conclusion);
    default:
      return conclusion.kind satisfies never;
  }
}

const byUrgency = (steps: readonly Step[]): readonly Step[] => [
  ...steps.filter((step) => step.when === "now"),
  ...steps.filter((step) => step.when === "today"),
];

/** What was going on longer ago than this has gone elsewhere by now, or shows in a newer log: that log comes first. */
const oldAfter = days(1);

function isOld(conclusion: Conclusion, now: Millis | undefined): boolean {
  const end = spanOf(conclusion)?.to;
  return now !== undefined && end !== undefined && now - end > oldAfter;
}

/** Nobody waits for the return of what was over long ago: the newer log tells. */
const postponed = (step: Step): Step[] => (step.id === "watch-for-return" ? [] : [{ ...step, when: "today" }]);

/** A log that ended longer ago than this says little about what goes on now. */
const staleAfter = hours(1);

function staleSteps(conclusion: Conclusion, now: Millis): readonly Step[] {
  const end = spanOf(conclusion)?.to;
  if (end === undefined || now - end <= staleAfter) return [];
  const wasGoingOn =
    conclusion.campaigns.some((campaign) => isGoingOn(campaign, conclusion)) ||
    conclusion.faults.some((fault) => isFaultGoingOn(fault, conclusion));
  return [
    {
      id: "scan-newer",
      when: wasGoingOn || fallenOf(conclusion).length > 0 ? "now" : "today",
      kind: "do",
      action: "Scan what was logged since.",
      points: [
        `This log ended ${durationText(now - end)} ago, at ${minuteText(end)}; what happened after that, and whether it goes on, is not in it.`,
      ],
    },
  ];
}

const mendOldPasswords = (devices: readonly Finding[]): Step => ({
  id: "mend-old-passwords",
  when: "today",
  kind: "do",
  action: `Have the old password changed on ${devices.length === 1 ? "the device" : count(devices.length, "device")} of ${listSome(
    devices.map(({ subject }) => nameText(subject)),
    namesShown,
  )}.`,
  points: [
    "A telephone or mail client of a person: call them. A probe, scanner or script: whoever runs it sets the new password, or takes the account out.",
    "Until then it locks its account where a lockout is on, and hides real guesses among its failures.",
  ],
});

const namesShown = 5;

function quietSteps(conclusion: Conclusion): readonly Step[] {
  const steps: Step[] = [...knownPasswordSteps(conclusion)];
  const devices = oldPasswordsOf(conclusion);
  if (isScant(conclusion))
    steps.push({
      id: "scan-more",
      when: "now",
      kind: "do",
      action: "Scan more: what was read is too little to call it quiet.",
      points: [
        "Give the whole log and its rotated files at once, at least two weeks; what is usual for an account is learned from its successful sign-ins.",
        "Look at what was read with --sources, and at unreadable lines with --malformed: the log that matters may be another one.",
      ],
    });
  else if (devices.length > 0) steps.push(mendOldPasswords(devices));
  else if (conclusion.knownPasswords.length === 0 && !hasNoSuccesses(conclusion))
    steps.push({
      id: "nothing",
      when: "today",
      kind: "do",
      action: "Nothing needs doing on account of this log.",
      points:
        conclusion.findings.length > 0
          ? [
              `${count(conclusion.findings.length, "finding")} stayed below what makes an attack or a fault; --explain shows them.`,
            ]
          : [],
    });
  if (hasNoSuccesses(conclusion)) steps.push(findSuccesses);
  steps.push({
    id: "look-elsewhere",
    when: "today",
    kind: "do",
    action: "If the bad feeling stays, look where this scan could not.",
    points: [
      "Scan the logs of the other doors together with this one (webmail, VPN, single sign-on, SSH): an attack that is thin in each shows in all.",
      "If it is about one person, ask them by telephone about their latest sign-ins, forwarding and filter rules: one stolen password used once leaves no pattern.",
    ],
  });
  return steps;
}
