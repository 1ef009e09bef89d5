/**
 * CrowdSec's leaky buckets per address, as in its hub (crowdsecurity/hub): one overflows when more than its capacity has not
 * leaked out.
 *   crowdsecurity/ssh-bf         capacity 5, one leaks every 10 s;  crowdsecurity/ssh-slow-bf   10, every 60 s
 *   crowdsecurity/dovecot-spam   capacity 3, one leaks every 360 s; crowdsecurity/http-generic-bf 5, every 10 s
 * The "user enumeration" twins of these have the same numbers and count fewer failures, so they never come first.
 * The slow ones, which are installed one by one, take every service here, although each was written for one:
 *   melite/dovecot-slow-bf       capacity 3, every hour;            melite's very slow one       6, every 12 h
 *   crowdsecurity/ssh-time-based-bf: three failures, the median pause of the last three over 5 minutes, no success between,
 *   all within 2 hours.
 * A decision lasts four hours (profiles.yaml).
 */
import { hours, minutes, seconds } from "#/platform/units.ts";
import type { Service } from "#/signin/signin.ts";
import { type Peer, Recent, type Running, type Say, isFailure } from "./peer.ts";

type Bucket = { readonly capacity: number; readonly leak: number };

const ssh: readonly Bucket[] = [
  { capacity: 5, leak: seconds(10) },
  { capacity: 10, leak: seconds(60) },
];
const mail: readonly Bucket[] = [{ capacity: 3, leak: seconds(360) }];
const web: readonly Bucket[] = [{ capacity: 5, leak: seconds(10) }];
const mailServices: ReadonlySet<Service> = new Set(["imap", "pop3", "submission", "managesieve"]);

function bucketsFor(service: Service): readonly Bucket[] {
  if (service === "ssh") return ssh;
  return mailServices.has(service) ? mail : web;
}

/** What has not leaked out yet. */
type Level = { level: number; at: number };

function leaky({ capacity, leak }: Bucket): (at: number, address: string) => boolean {
  const levels = new Recent<Level>((capacity + 1) * leak, () => ({ level: 0, at: 0 }));
  return (at, address) => {
    const one = levels.at(address, at);
    one.level = Math.max(0, one.level - (at - one.at) / leak) + 1;
    one.at = at;
    // A bucket that has overflowed is gone.
    if (one.level > capacity) levels.forget(address);
    return one.level > capacity;
  };
}

export const crowdsec: Peer = {
  name: "CrowdSec",
  rule: "leaky buckets per address: mail more than 3, one leaking every 6 minutes; SSH more than 5 (10 s) or 10 (1 min); web more than 5 (10 s); bans for 4 hours",
  needs: "nothing further",
  blocks: hours(4),
  start: (say) => {
    const running = new Map([...ssh, ...mail, ...web].map((bucket) => [bucket, leaky(bucket)]));
    return {
      step: ({ signIn: { at, address, service }, signIn }) => {
        if (!isFailure(signIn)) return;
        // Each bucket counts, whether or not another has overflowed.
        const overflown = bucketsFor(service).filter((bucket) => running.get(bucket)?.(at, address) === true);
        if (overflown.length > 0) say(at, address);
      },
    };
  },
};

const FAILURES = 3;
const LIFETIME = hours(2);
const PAUSE = minutes(5);

/** Three failures without a success between them, ten minutes apart or more from first to last. */
function timeBased(say: Say): Running {
  const queues = new Recent<number[]>(LIFETIME, () => []);
  return {
    step: ({ signIn }) => {
      const { at, address } = signIn;
      if (signIn.outcome === "success") return queues.forget(address);
      if (!isFailure(signIn)) return;
      let times = queues.at(address, at);
      if (at - (times[0] ?? at) > LIFETIME) {
        queues.forget(address);
        times = queues.at(address, at);
      }
      times.push(at);
      const first = times.at(-FAILURES);
      // The median of two pauses is their mean.
      if (first === undefined || (at - first) / 2 <= PAUSE) return;
      queues.forget(address);
      say(at, address);
    },
  };
}

export const crowdsecSlow: Peer = {
  name: "CrowdSec, slow scenarios",
  rule: "leaky buckets per address: more than 3, one leaking every hour; more than 6, every 12 hours; three failures without success, 5 minutes apart or more; bans for 4 hours",
  needs: "nothing further",
  blocks: hours(4),
  start: (say) => {
    const hourly = leaky({ capacity: 3, leak: hours(1) });
    const halfDaily = leaky({ capacity: 6, leak: hours(12) });
    const median = timeBased(say);
    return {
      step: (seen) => {
        median.step(seen);
        if (!isFailure(seen.signIn)) return;
        const { at, address } = seen.signIn;
        const overflown = [hourly(at, address), halfDaily(at, address)];
        if (overflown.includes(true)) say(at, address);
      },
    };
  },
};
