// What to do in a fault: leave people alone, call whoever runs what broke, with the facts they need, and tell the members.
import type { Conclusion, Fault } from "#/incidents/conclusion.ts";
import { minutes } from "#/platform/units.ts";
import { isFaultGoingOn } from "./report.ts";
import type { Step } from "./step.ts";
import { count, faultTitle, list, minuteText, serviceName, spanText } from "./words.ts";

type Advice = {
  /** Who to call. */
  readonly call: string;
  /** What to check, likeliest first. */
  readonly check: readonly string[];
  /** What to say to members about their passwords. */
  readonly say: string;
};

const generalAdvice: Advice = {
  call: "whoever runs the sign-in servers and the directory",
  check: [
    "Ask what was changed shortly before it began: certificates, updates, firewall rules, passwords of service accounts.",
  ],
  say: "There is no need to change your password.",
};

const adviceOf: Readonly<Record<string, Advice | undefined>> = {
  "sign-in-outage": {
    call: "whoever runs the directory (LDAP, Active Directory) and the sign-in servers",
    check: [
      "Can the servers reach the directory? Test a bind from the mail server itself with the service account, on the very port and name that it uses.",
      "Has a certificate expired, has the service account's own password expired or been locked, is the clock off by more than five minutes?",
      "What was changed shortly before it began: updates, certificates, firewall rules, name servers?",
    ],
    say: "As far as we know your password is not the cause; please do not change it.",
  },
  "mass-lockout": {
    call: "whoever runs the directory and its lockout rule",
    check: [
      "What locks them: the rule's limit, a service that keeps sending an old password, or somebody outside failing on purpose in other people's names?",
      "Remove that cause first, then unlock all of them at once; the other way round they lock again within minutes.",
    ],
    say: "As far as we know you did nothing wrong; there is no need to change your password.",
  },
  "wrong-passwords": {
    call: "whoever last changed passwords, their synchronisation or the password store",
    check: [
      "Does the store that answers hold the present passwords: a replica that lags, a synchronisation that failed, a restored backup, another hash scheme?",
      "Test with one account whose password you set yourself, against each server in turn.",
    ],
    say: "As far as we know your password is not the cause; please do not change it.",
  },
  "expired-passwords": {
    call: "whoever sets the rules for passwords, and the help desk",
    check: [
      "Did passwords expire, or were many reset, shortly before? Then nothing is broken: help those who have not changed theirs yet, and ask them to change it on every device.",
      "If not, a fault comes and goes: look at what stands between the servers and the directory.",
    ],
    say: "If you were asked for a new password, set it, and then on your telephone and tablet too.",
  },
  "one-server": {
    call: "whoever runs that server and the load balancer before it",
    check: [
      "Take that server out of rotation: the others serve the same people well.",
      "Then compare it with a good one: certificate, clock, configuration, its way to the directory.",
    ],
    say: "Trying again often helps; there is no need to change your password.",
  },
  "one-client": {
    call: "whoever sends out updates of that client, and the help desk",
    check: [
      "Was it updated, or did the server stop taking a way of signing in that it needs (old TLS, basic authentication, an OAuth consent that lapsed)?",
      "Stop the update for those who do not have it yet. Webmail serves the others meanwhile.",
    ],
    say: "Webmail works meanwhile; there is no need to change your password.",
  },
};

export function faultSteps(conclusion: Conclusion): readonly Step[] {
  const faults = [...conclusion.faults].sort((left, right) => right.accountsAffected - left.accountsAffected);
  const attacked = conclusion.kind === "attack-and-fault";
  const isSure = faults.some(({ confidence }) => confidence === "confirmed");
  const steps: Step[] = isSure ? [doNotBlock(attacked)] : [doNotBlockYet];
  for (const fault of faults) steps.push(call(fault, conclusion));
  const [largest] = faults;
  if (largest !== undefined) steps.push(tellMembers(largest, conclusion));
  steps.push(confirm(faults.some((fault) => isFaultGoingOn(fault, conclusion))));
  return steps;
}

const doNotBlock = (attacked: boolean): Step => ({
  id: "block-nobody",
  when: "now",
  kind: "do-not",
  action: attacked
    ? "Because of the fault, block nobody and reset no passwords: those who fail in it come from where your own people usually sign in."
    : "Block nobody and reset no passwords: those who fail come from where your own people usually sign in.",
  points: attacked
    ? ["Block only addresses listed for the attack, and none from which your own people sign in."]
    : ["A reset now sends them to the help desk and mends nothing."],
});

const doNotBlockYet: Step = {
  id: "block-nobody",
  when: "now",
  kind: "do-not",
  action: "Block no address from which your own people sign in, and reset no passwords, until you know which it was.",
  points: [
    "Ask three of those who failed, by telephone, whether they tried to sign in at that time. If they did, it is a fault; if none did, it is an attack.",
  ],
};

function call(fault: Fault, conclusion: Conclusion): Step {
  const advice = adviceOf[fault.kind] ?? generalAdvice;
  const when = isFaultGoingOn(fault, conclusion)
    ? `since ${minuteText(fault.from)}, not over when the log ended`
    : spanText(fault.from, fault.to);
  const services = fault.services.length > 0 ? `, on ${list(fault.services.map(serviceName))}` : "";
  const affected =
    fault.accountsAffected > 0 ? `${count(fault.accountsAffected, "account")}${services}` : `accounts${services}`;
  return {
    id: `call-${fault.id.toLowerCase()}`,
    when: "now",
    kind: "do",
    action: `Call ${advice.call}.`,
    points: [`Tell them: ${faultTitle(fault.kind)}, ${affected}, ${when}.`, ...advice.check],
  };
}

/** Soon enough that people wait for it rather than ring. */
const nextWordAfter = minutes(60);

function tellMembers(fault: Fault, conclusion: Conclusion): Step {
  const advice = adviceOf[fault.kind] ?? generalAdvice;
  const isDoubtful = fault.confidence !== "confirmed";
  const base = { id: "tell-members", kind: "do" } as const;
  if (!isFaultGoingOn(fault, conclusion))
    return {
      ...base,
      when: "today",
      action: "Tell the members that it is over, once you have checked that it is.",
      points: [
        "Say from when to when it was, what it was, and that they need do nothing. If the cause is not yet known, say that.",
      ],
    };
  const cause =
    conclusion.kind === "fault" && !isDoubtful
      ? "We have found no sign of an attack so far."
      : "The cause is not yet known.";
  return {
    ...base,
    when: "now",
    action: "Tell the members, by a way that needs no sign-in: text message, website, notice boards.",
    points: [
      `"Since ${minuteText(fault.from)} some of you cannot sign in. We are working on it. ${cause} ${isDoubtful ? "" : `${advice.say} `}We write again within ${nextWordAfter / minutes(1)} minutes."`,
    ],
  };
}

const confirm = (goingOn: boolean): Step => ({
  id: "confirm-over",
  when: "today",
  kind: "do",
  action: goingOn
    ? "Once it is mended, sign in once on every service yourself, and scan the new log."
    : "Sign in once on every service yourself, to see that it is over.",
  points: [
    "Look at the new scan for an attack as well: failures in their hundreds are a good place to hide a few.",
    "Take back whatever was loosened meanwhile, such as limits raised or checks switched off.",
  ],
});
