/** The institution's own trouble, each kind as a plan that the world asks about every attempt. */
import { type Rng, hashText, mix } from "./rng.ts";
import { DAY, HOUR, MINUTE, type FaultPlan, type World } from "./world.ts";

const share = (...values: readonly number[]): number => mix(...values) / 0x1_0000_0000;

/** A working day's morning or early afternoon in the last third of the simulated time. */
function troubleAt(world: World, rng: Rng): number {
  const first = Math.floor(world.days * 0.6);
  const days = Array.from({ length: world.days - first }, (_, index) => first + index).filter(
    (day) => world.weekday(day) < 5,
  );
  const day = days.length > 0 ? rng.pick(days) : first;
  return world.midnight(day) + rng.between(8, 14) * HOUR;
}

/** The directory does not answer: nobody gets in. Some servers say so, others call every password wrong. */
export function directoryOutage(world: World, rng: Rng): FaultPlan {
  const from = troubleAt(world, rng);
  return {
    kind: "sign-in-outage",
    from,
    to: from + rng.betweenLog(15 * MINUTE, 6 * HOUR),
    hidesWrong: true,
    strikes: misnamed(rng),
  };
}

/** How an unanswered question shows: as a fault, or, with some servers and services, as a wrong password. */
function misnamed(rng: Rng): FaultPlan["strikes"] {
  const misnaming = rng.pick([0, 0.3, 0.7, 1]);
  const salt = rng.int(1 << 20);
  return (attempt) => (share(hashText(attempt.server + attempt.service), salt) < misnaming ? "bad-password" : "fault");
}

/** The directory answers for some minutes and not for others. */
export function flappingOutage(world: World, rng: Rng): FaultPlan {
  const from = troubleAt(world, rng);
  const period = rng.between(6, 40) * MINUTE;
  const down = rng.between(0.3, 0.8);
  const strikes = misnamed(rng);
  return {
    kind: "sign-in-outage",
    from,
    to: from + rng.betweenLog(HOUR, 8 * HOUR),
    hidesWrong: true,
    strikes: (attempt, account) => (((attempt.at - from) / period) % 1 < down ? strikes(attempt, account) : ""),
  };
}

/** The directory is overloaded: a third or more of all questions time out. */
export function partialOutage(world: World, rng: Rng): FaultPlan {
  const from = troubleAt(world, rng);
  const lost = rng.between(0.3, 0.8);
  const strikes = misnamed(rng);
  return {
    kind: "sign-in-outage",
    from,
    to: from + rng.betweenLog(HOUR, 8 * HOUR),
    hidesWrong: true,
    strikes: (attempt, account) => (share(attempt.at, attempt.connection) < lost ? strikes(attempt, account) : ""),
  };
}

/** The directory does not answer at night, when only devices notice. */
export function nightOutage(world: World, rng: Rng): FaultPlan {
  const plan = directoryOutage(world, rng);
  const from = plan.from - world.hourOf(plan.from) * HOUR + rng.between(0, 3) * HOUR;
  return { ...plan, from, to: from + rng.between(1, 5) * HOUR };
}

/** A password synchronisation went wrong: a cohort's right passwords count as wrong. */
export function badSync(world: World, rng: Rng): FaultPlan {
  const from = troubleAt(world, rng);
  const cohort = rng.between(0.1, 0.5);
  return {
    kind: "wrong-passwords",
    from,
    to: from + rng.betweenLog(HOUR, 20 * HOUR),
    hidesWrong: false,
    strikes: (_, account) => (account !== undefined && share(account.seed, 71) < cohort ? "bad-password" : ""),
  };
}

/** A release of one client sends passwords wrong. */
export function brokenClient(world: World, rng: Rng): FaultPlan {
  const from = troubleAt(world, rng) - rng.between(0, 2) * HOUR;
  const software = rng.pick([
    "Thunderbird 128.5",
    "Microsoft Outlook 16.0",
    "Apple Mail/3826 iOS 18.3",
    "K-9 Mail 8.0",
  ]);
  return {
    kind: "one-client",
    from,
    to: from + rng.betweenLog(6 * HOUR, 3 * DAY),
    hidesWrong: false,
    // Devices update one after the other, half of them within the first quarter.
    strikes: (attempt, account) =>
      account !== undefined &&
      attempt.client === software &&
      attempt.at >= from + share(account.seed, 73) ** 2 * 12 * HOUR
        ? "bad-password"
        : "",
  };
}

/** One of the servers cannot reach the directory (expired certificate). */
export function oneServer(world: World, rng: Rng): FaultPlan {
  const from = troubleAt(world, rng);
  const server = `mail${1 + rng.int(3)}`;
  const reason = rng.chance(0.6) ? "fault" : "bad-password";
  return {
    kind: "one-server",
    from,
    to: from + rng.betweenLog(HOUR, 30 * HOUR),
    hidesWrong: true,
    strikes: (attempt) => (attempt.server === server ? reason : ""),
  };
}

/** Accounts are locked in their hundreds (a false alarm about leaked passwords). */
export function massLockout(world: World, rng: Rng): FaultPlan {
  const from = troubleAt(world, rng);
  const cohort = rng.between(0.15, 0.9);
  return {
    kind: "mass-lockout",
    from,
    to: from + rng.betweenLog(HOUR, 12 * HOUR),
    hidesWrong: true,
    strikes: (_, account) =>
      account !== undefined && account.kind !== "service" && share(account.seed, 79) < cohort ? "locked" : "",
  };
}
