// What to do in an attack: first the accounts that fell, then the way in, then the evidence and the people to tell.
import type { Campaign, Conclusion, Fallen, Origin } from "#/incidents/conclusion.ts";
import { concentrated } from "./blocks.ts";
import { block, blockText, sharedWarnings, wholeNetworks, whomItHits } from "./next-steps-block.ts";
import { fallenOf, hasNoSuccesses, isAmongOwn, isGoingOn } from "./report.ts";
import { isPrivate } from "#/signin/address.ts";
import { findSuccesses, type Step } from "./step.ts";
import { addressText, count, figure, list, listSome, minuteText, nameText, serviceName } from "./words.ts";

const namesShown = 5;
const addressesShown = 6;

/** Services that end in a shell or a desktop: whoever got in ran what they liked. */
const shells = new Set(["ssh", "rdp", "desktop"]);
/** Services behind which a mailbox lies. */
const mailboxes = new Set(["imap", "pop3", "submission", "managesieve", "webmail", "activesync", "ews", "mail", "sso"]);

/** The accounts that fell, or may have. */
export function fallenSteps(conclusion: Conclusion): readonly Step[] {
  const fallen = fallenOf(conclusion);
  const sure = fallen.filter(({ confidence }) => confidence !== "suspected");
  const doubtful = fallen.filter(({ confidence }) => confidence === "suspected");
  const steps: Step[] = [];
  if (sure.length > 0) steps.push(takeBack(sure));
  if (doubtful.length > 0) steps.push(askHolders(doubtful));
  steps.push(...askMeanwhile(conclusion), ...knownPasswordSteps(conclusion));
  if (hasNoSuccesses(conclusion)) steps.push(findSuccesses);
  return steps;
}

/** The accounts whose password is known to strangers, and whose second factor held. */
export function knownPasswordSteps({ knownPasswords, campaigns }: Conclusion): readonly Step[] {
  const fallen = new Set(campaigns.flatMap((campaign) => campaign.fallen.map(({ account }) => account)));
  const held = campaigns.flatMap(({ targets }) => targets.filter(({ knewPassword }) => knewPassword));
  const known = [...knownPasswords.filter(({ confidence }) => confidence !== "suspected"), ...held];
  const sure = [...new Set(known.map(({ account }) => account))].filter((account) => !fallen.has(account));
  const doubtful = knownPasswords.filter(({ account }) => !sure.includes(account));
  const steps: Step[] = [];
  if (sure.length > 0)
    steps.push({
      id: "change-known-passwords",
      when: "now",
      kind: "do",
      action:
        sure.length === 1
          ? `Change the password of ${nameText(sure[0] ?? "")}.`
          : `Change the passwords of ${count(sure.length, "account")}: ${listSome(sure.map(nameText), namesShown)}.`,
      points: [
        "Whoever tried them got as far as the second factor, which is asked for after the right password: it is all that holds them. Tell the holders to refuse every prompt that they did not cause.",
        "Close the ways in that ask for no second factor (IMAP, POP3, SMTP) to these accounts until then, and look there for sign-ins to them.",
      ],
    });
  if (doubtful.length > 0)
    steps.push({
      id: "ask-about-second-factor",
      when: "now",
      kind: "do",
      action: `Ask by telephone who was asked for a second factor without signing in: ${names(doubtful)}.`,
      points: [
        ...doubtful
          .slice(0, namesShown)
          .map(
            ({ account, at, addresses }) =>
              `${nameText(account)}: ${minuteText(at)}, from ${listSome(addresses.map(addressText), 2)}.`,
          ),
        "If it was not the holder, somebody else knows the password: change it.",
      ],
    });
  if (campaigns.some(({ kind }) => kind === "mfa-fatigue"))
    steps.push({
      id: "number-matching",
      when: "today",
      kind: "do",
      action: "Have the second factor ask for a number that is shown at the sign-in, rather than for a yes.",
      points: [
        "Whoever is asked thirty times at night grants the request in the end; a number they cannot know stops that. Passkeys stop it for good.",
      ],
    });
  return steps;
}

/** Holding the door, without harm to those who belong inside, and keeping the evidence. */
export function holdSteps(conclusion: Conclusion): readonly Step[] {
  // Whoever guesses at the root of a server hits no account that a lockout could take from anybody.
  const atShellsOnly = conclusion.campaigns.every(
    ({ kind, services }) => kind === "password-guessing" && services.every((service) => shells.has(service)),
  );
  return [...wayIn(conclusion), ...(atShellsOnly ? [] : [noLockout(conclusion)]), keepEvidence];
}

function takeBack(fallen: readonly Fallen[]): Step {
  const services = new Set(fallen.map(({ service }) => service));
  const points = [
    "Set a new password first and hand it over by telephone or in person, never by e-mail: the mailbox may be read by somebody else.",
    "Then end all sessions and revoke application passwords, tokens and remembered devices: a session that is open outlives the password.",
  ];
  if ([...services].some((service) => mailboxes.has(service)))
    points.push(
      "Look for what was left behind: forwarding, filter rules, delegates, a new recovery address, a new second factor, mail sent.",
      "List the shared and delegated mailboxes that each account opens, and count them as opened too.",
    );
  if ([...services].some((service) => shells.has(service)))
    points.push(
      "On the machine signed in to, take the network away but leave it running; look at authorized_keys, cron jobs, new users and processes. If an administrator's account fell, rebuild it rather than clean it.",
    );
  return {
    id: "take-back",
    when: "now",
    kind: "do",
    action: `Take back ${distinct(fallen) === 1 ? "the account" : count(distinct(fallen), "account")}: ${names(fallen)}.`,
    points,
  };
}

function askHolders(fallen: readonly Fallen[]): Step {
  return {
    id: "ask-holders",
    when: "now",
    kind: "do",
    action: `Ask by telephone whether the sign-in was theirs: ${names(fallen)}.`,
    points: [
      ...fallen
        .slice(0, namesShown)
        .map(
          ({ account, at, address, service }) =>
            `${nameText(account)}: ${minuteText(at)}, from ${addressText(address)}, ${serviceName(service)}.`,
        ),
      "If it was not, or if nobody can be reached within the hour, treat the account as fallen: new password, all sessions ended.",
    ],
  };
}

/** More journeys than this are too many to ask about, and few of them the attacker's: then only those that are like a thief's. */
const JOURNEYS_MAX = 30;

function askMeanwhile({ campaigns }: Conclusion): readonly Step[] {
  const each = campaigns.flatMap(({ meanwhile }) => (meanwhile === undefined ? [] : [meanwhile]));
  const all = each.flatMap((meanwhile) => meanwhile.signIns);
  const likely = all.filter(({ probability }) => probability !== undefined);
  const signIns = all.length > JOURNEYS_MAX ? likely : all;
  if (signIns.length === 0) return [];
  const usual = each.reduce((sum, meanwhile) => sum + (meanwhile.usual ?? 0), 0);
  return [
    {
      id: "ask-meanwhile",
      when: "now",
      kind: "do",
      action: `Ask by telephone who signed in from somewhere new while it went on${likely.length > 0 ? " or soon after, likeliest first" : ""}: ${names(signIns)}.`,
      points: [
        ...signIns
          .slice(0, namesShown)
          .map(
            ({ account, at, address, probability }) =>
              `${nameText(account)}: ${minuteText(at)}, from ${addressText(address)}${probability === undefined ? "" : `, ${Math.round(100 * probability)}% likely a thief's`}.`,
          ),
        signIns.length > likely.length
          ? `Each address guesses once, so one that guessed right looks like a journey. ${usual === 0 ? "Less than one" : `About ${usual}`} such would be usual in that time.`
          : "The place, the client, the hour and the time since the account was last at home are more like a thief's who has the right password than is usual; some are journeys all the same.",
        "Who was not there has fallen: new password, all sessions ended.",
      ],
    },
  ];
}

type Named = { readonly account: string };

const distinct = (fallen: readonly Named[]): number => new Set(fallen.map(({ account }) => account)).size;
const names = (fallen: readonly Named[]): string =>
  listSome([...new Set(fallen.map(({ account }) => nameText(account)))], namesShown);

function wayIn(conclusion: Conclusion): readonly Step[] {
  const goingOn = conclusion.campaigns.filter((campaign) => isGoingOn(campaign, conclusion));
  if (goingOn.length === 0) {
    const hasShells = conclusion.campaigns.some(({ services }) => services.includes("ssh"));
    const inside = conclusion.campaigns.flatMap(({ origins }) => origins.filter(isOwn));
    const behind = inside.length > 0 ? [whoIsBehind(inside)] : [];
    return [...behind, watchForReturn(conclusion), ...(hasShells ? [{ ...keysOnly, when: "today" } as const] : [])];
  }
  const steps: Step[] = [];
  const inside = goingOn.flatMap(({ origins }) => origins.filter(isOwn));
  if (inside.length > 0) steps.push(whoIsBehind(inside));
  const few = goingOn.filter((campaign) => concentrated(campaign) !== undefined);
  const scattered = goingOn.filter((campaign) => concentrated(campaign) === undefined);
  const blocks = few.flatMap((campaign) => concentrated(campaign) ?? []);
  if (blocks.some(({ members }) => members === 0)) steps.push(block(few, blocks, conclusion));
  if (scattered.length > 0) steps.push(narrow(scattered, conclusion));
  if (goingOn.some(({ services }) => services.includes("ssh"))) steps.push(keysOnly);
  return steps;
}

/** Never to be shut out: the institution's own networks, and those from which its people sign in. */
const isOwn = ({ address, isShared }: Origin): boolean => isShared === true || isPrivate(address);

function whoIsBehind(inside: readonly Origin[]): Step {
  const addresses = [...new Set(inside.map(({ address }) => addressText(address)))];
  return {
    id: "who-is-behind",
    when: "now",
    kind: "do",
    action: `Find out who is behind ${listSome(addresses, addressesShown)}, and do not block ${addresses.length === 1 ? "it" : "them"}: your own people sign in from there.`,
    points: [
      "If it is a proxy, load balancer or webmail, the guesses come through it: have it pass the client's address on (real_ip, PROXY protocol, X-Forwarded-For from it alone) and scan again. Blocking it would shut everybody out.",
      "If it is an office or a guest network, ask whoever runs its gateway which computer connected at those times (NAT and DHCP logs), and take that one off the network: it guesses, so somebody else has the use of it.",
      "If it is a telephone company's gateway, ask for a second factor where an account signs in from there with a client that it never used.",
      "Meanwhile let failures count by account and client together, and slow down rather than refuse.",
    ],
  };
}

function narrow(campaigns: readonly Campaign[], conclusion: Conclusion): Step {
  const services = [...new Set(campaigns.flatMap((campaign) => campaign.services))].map(serviceName);
  const addresses = new Set(campaigns.flatMap((campaign) => campaign.origins.map(({ address }) => address))).size;
  const attempts = campaigns.reduce((sum, campaign) => sum + campaign.attempts, 0);
  const where = services.length > 0 ? ` to ${list(services)}` : "";
  const points = [
    `Ask for a second factor, or let in only through the VPN, where an account signs in${where} from a network that it never used. Those who sign in from where they always do notice nothing.`,
    "Close to the outside whatever nobody needs there, first the ways in that take a bare password.",
    `Do not spend the night on single addresses: ${figure(addresses)} made ${(attempts / Math.max(1, addresses)).toFixed(1)} attempts each on average, and others may follow.`,
  ];
  points.push(...wholeNetworks(campaigns, conclusion), ...sharedWarnings(campaigns));
  if (campaigns.some(({ kind }) => kind === "credential-stuffing"))
    points.push(
      "It looks like passwords that leaked elsewhere: whoever uses one password twice is open to that. A second factor closes it at once.",
    );
  return {
    id: "narrow-way-in",
    when: "now",
    kind: "do",
    action: "Make the way in narrower for strangers, not for accounts.",
    points,
  };
}

const keysOnly: Step = {
  id: "ssh-keys-only",
  when: "now",
  kind: "do",
  action: "Let SSH take keys only, and only from where it is needed.",
  points: [
    "In sshd_config: PasswordAuthentication no, KbdInteractiveAuthentication no, PermitRootLogin prohibit-password. Keep a session open while you reload, and check that your own key gets in.",
  ],
};

function watchForReturn(conclusion: Conclusion): Step {
  const [final] = [...conclusion.campaigns].sort((left, right) => right.lastAttempt - left.lastAttempt);
  const top = conclusion.campaigns
    .flatMap((campaign) => concentrated(campaign) ?? [])
    .filter(({ members }) => members === 0)
    .map(blockText);
  return {
    id: "watch-for-return",
    when: "today",
    kind: "do",
    action: "Expect it to come back: scan again in an hour, and again in the morning.",
    points: [
      `${final === undefined ? "It stopped" : `The last attempt was at ${minuteText(final.lastAttempt)}`}; nothing in the log says why. Slow attacks pause for hours and go on from other addresses.`,
      ...(top.length > 0
        ? [`Meanwhile block ${listSome([...new Set(top)], addressesShown)}. ${whomItHits(conclusion)}`]
        : []),
      ...sharedWarnings(conclusion.campaigns),
    ],
  };
}

function noLockout(conclusion: Conclusion): Step {
  const tried = Math.max(...conclusion.campaigns.map(({ targets }) => targets.length));
  return {
    id: "no-lockout",
    when: "now",
    kind: "do-not",
    action: tried > 1 ? "Do not lock out the accounts that were tried." : "Do not lock out the account that was tried.",
    points: [
      "It keeps out your own people and not the attacker, who then decides when they may work. If a lockout after failures is switched on, raise its limit, or let it count by account and network together.",
    ],
  };
}

const keepEvidence: Step = {
  id: "keep-evidence",
  when: "now",
  kind: "do",
  action: "Copy the logs to where rotation cannot reach them, and note who did what and when.",
  points: [
    "Keep a checksum of each copy (sha256sum). The authorities, and the list of what was opened, will need them.",
  ],
};

/** What follows once the door is held: passwords, other logs, and who must know. */
export function tellSteps(conclusion: Conclusion): readonly Step[] {
  return [tellPeople(conclusion), checkPasswords(conclusion), lookElsewhere];
}

function tellPeople(conclusion: Conclusion): Step {
  const fallen = fallenOf(conclusion);
  const base = { when: "today", kind: "do" } as const;
  if (fallen.length === 0)
    return {
      ...base,
      id: "tell-people",
      action: "Tell whoever answers for security what happened, with the time of this report.",
      points: [
        hasNoSuccesses(conclusion) || isAmongOwn(conclusion)
          ? "Say that it is not yet known whether an account fell."
          : "Say that no account is known to have fallen, as of the end of this log, and whether some are still being asked. Figures change; say so when they do.",
      ],
    };
  return {
    ...base,
    id: "tell-people",
    action: "Tell those who must know: the holders, the management, the data protection officer, the authorities.",
    points: [
      "Tell the holders by telephone, together with what they should look for. Their mailbox is not a safe way to reach them.",
      "Where the GDPR applies, a breach of personal data is reported within 72 hours of becoming aware of it (Article 33): note that time now. The national CSIRT can help while it goes on.",
      "Give figures as of the end of this log; they will change, and a correction is better than a wrong number kept.",
    ],
  };
}

function checkPasswords(conclusion: Conclusion): Step {
  const targets = new Map(
    conclusion.campaigns.flatMap(({ targets }) => targets.map((target) => [target.account, target.exists])),
  );
  const existing = [...targets.values()].filter(Boolean).length;
  const stuffing = conclusion.campaigns.some(({ kind }) => kind === "credential-stuffing");
  return {
    id: "check-passwords",
    when: "today",
    kind: "do",
    action:
      existing === 0
        ? "Check the passwords of those accounts that were tried and exist."
        : existing === 1
          ? "Check the password of the one account that was tried and is known to exist."
          : `Check the passwords of the ${count(existing, "account")} that were tried and are known to exist.`,
    points: [
      stuffing
        ? "Compare them with published leaks, and have those found there changed: these accounts may have been tried with a password that leaked elsewhere."
        : "Compare them with lists of common and leaked passwords, and have those found there changed: a rule of length and symbols does not catch them.",
      "Then a second factor for all who can be reached from outside, starting with those who were tried most.",
    ],
  };
}

const lookElsewhere: Step = {
  id: "look-elsewhere",
  when: "today",
  kind: "do",
  action: "Look for the same addresses at the other doors: webmail, VPN, single sign-on, SSH.",
  points: ["Scan their logs together with this one: an address that failed here may have got in there."],
};
