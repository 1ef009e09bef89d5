// What the sample conclusions are made of: times, names, operators, scattered figures. All invented.
import type { FileRead, Origin, Timeline } from "#/incidents/conclusion.ts";
import type { Operator, Operators } from "#/platform/operators.ts";
import { seededRandom } from "#/platform/random.ts";
import { type Duration, type Millis, millis } from "#/platform/units.ts";

export const at = (text: string): Millis => millis(Date.parse(text));

/** The moment at which the samples are read: 14 minutes after the spray's log ends. */
export const sampleNow = at("2026-11-21T04:54:00Z");

const sampleOperatorList: readonly Operator[] = [
  { operator: "Example Cloud LLC", asn: 64496, country: "US" },
  { operator: "Beispiel Hosting GmbH", asn: 64497, country: "DE" },
  { operator: "Telefônica Exemplo S.A.", asn: 64498, country: "BR" },
  { operator: "Exempel Bredband AB", asn: 64499, country: "SE" },
  { operator: "Пример Телеком", asn: 64500, country: "RU" },
  { operator: "", asn: 0, country: "" },
  { operator: "示例网络", asn: 64502, country: "CN" },
  { operator: "Ornek Iletisim", asn: 64503, country: "TR" },
];

/** Gives each part of the documentation networks to somebody. */
export const sampleOperators: Operators = {
  of(address) {
    if (address.startsWith("10.")) return { operator: "private network", asn: 0, country: "" };
    const parts = address.split(/[.:]/);
    const key = address.includes(":")
      ? (parts[2] ?? "").length + 3
      : (Number(parts[0]) % 3) + Math.floor(Number(parts[3]) / 64);
    return sampleOperatorList[key % sampleOperatorList.length] ?? { operator: "", asn: 0, country: "" };
  },
  credits: [
    { name: "IP Geolocation by DB-IP", url: "https://db-ip.com" },
    { name: "RouteViews", url: "https://www.routeviews.org" },
    { name: "NRO", url: "https://www.nro.net" },
  ],
  [Symbol.dispose]() {},
};

type SlotRate = { readonly successes: number; readonly failures: number; readonly unfamiliar: number };

/** A timeline whose slots scatter around what `rate` says of the share of it that has passed and of the hour of day. */
export function timelineOf(
  from: Millis,
  slot: Duration,
  slots: number,
  seed: number,
  rate: (share: number, hour: number) => SlotRate,
): Timeline {
  const random = seededRandom(seed);
  const scatter = (mean: number): number =>
    Math.max(0, Math.round(mean + (random() + random() - 1) * Math.sqrt(mean + 1) * 1.7));
  return {
    from,
    slot,
    slots: Array.from({ length: slots }, (_, index) => {
      const hour = (((from + index * slot) % 86_400_000) + 0) / 3_600_000;
      const { successes, failures, unfamiliar } = rate(index / slots, hour);
      const strangers = scatter(unfamiliar);
      return { successes: scatter(successes), failures: scatter(failures) + strangers, unfamiliar: strangers };
    }),
  };
}

/** How busy people are at an hour of the day, 0 to 1. */
export const dayShape = (hour: number): number => 0.04 + 0.96 * Math.exp(-(((hour - 12.5) / 4) ** 2));

const familyNames =
  "adler brandt chen dubois eriksen farah greco huber ivanov jensen kaya lindgren moreau novak okafor patel quist rossi silva tanaka ueda vogel weber xu yilmaz zoric".split(
    " ",
  );

export const accountName = (index: number): string =>
  `${String.fromCodePoint(97 + ((index * 7) % 26))}.${familyNames[index % familyNames.length] ?? ""}${index < 26 ? "" : String(Math.floor(index / 26))}`;

export function originsOf(
  addresses: readonly string[],
  first: Millis,
  last: Millis,
  seed: number,
  most: number,
): readonly Origin[] {
  const random = seededRandom(seed);
  return addresses
    .map((address) => {
      const attempts = 1 + Math.floor(random() * random() * random() * most);
      const start = first + random() * (last - first) * 0.8;
      return {
        address,
        attempts,
        accounts: attempts,
        first: millis(Math.floor(start)),
        // All of them are documentation addresses, and so lie in a handful of networks.
        members: 0,
        networkMembers: 3,
        last: millis(Math.floor(start + (last - start) * random())),
      };
    })
    .sort((left, right) => right.attempts - left.attempts);
}

export const file = (
  path: string,
  format: string,
  lines: number,
  signIns: number,
  from: string,
  to: string,
): FileRead => ({
  path,
  format,
  lines,
  signIns,
  leftOut: 0,
  ignored: lines - signIns,
  malformed: 0,
  from: at(from),
  to: at(to),
  malformedLines: [],
  notes: [],
});
