/**
 * The networks that sign-ins come from: home broadband, mobile carriers, offices, VPN, hotels, hosting and residential
 * proxies. Stateless: an address is a function of who, where and when, so no order of asking changes it.
 *
 * Blocks are drawn from public unicast space by the seed, so that operator and country look-ups have something to find;
 * whoever really holds them has nothing to do with it. With `reserved` they come from 240.0.0.0/4, which nobody holds.
 */
import { type Rng, mix } from "../rng.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** First octets in which no part is set aside for private, local or documentation use. */
const publicFirst = Array.from({ length: 222 }, (_, index) => index + 1).filter(
  (octet) => ![10, 100, 127, 169, 172, 192, 198, 203].includes(octet),
);

export type Operator = {
  readonly id: number;
  /** Upper 16 bits of each block. */
  readonly blocks: readonly number[];
  /** First two groups of its IPv6 prefix ("2a02:810"), "" where it has none. */
  readonly v6: string;
};

export class Networks {
  readonly home: readonly Operator[];
  readonly mobile: readonly Operator[];
  readonly foreign: readonly Operator[];
  readonly hosting: readonly Operator[];
  readonly offices: readonly string[];
  readonly vpn: readonly string[];
  readonly servers: readonly string[];
  readonly webmail: string;
  readonly #reserved: boolean;
  /** /24s of forty addresses each that stand before all customers of a carrier. */
  readonly #pools: number;
  readonly #taken = new Set<number>();

  constructor(rng: Rng, reserved: boolean) {
    this.#reserved = reserved;
    const many = (count: number, blocks: number): Operator[] =>
      Array.from({ length: count }, (_, id) => this.#operator(rng, id, blocks));
    this.#pools = 6 + rng.int(24);
    this.home = many(6, 8);
    this.mobile = many(4, 1);
    this.foreign = many(400, 2);
    this.hosting = many(120, 1);
    const own = this.#block(rng);
    this.offices = [dotted(own, 0x0105), dotted(own, 0x0205)];
    this.vpn = [dotted(own, 0x0a02), dotted(own, 0x0a03)];
    this.servers = [dotted(own, 0x1410), dotted(own, 0x1411), dotted(own, 0x1412)];
    this.webmail = dotted(own, 0x1420);
  }

  #block(rng: Rng): number {
    for (;;) {
      const first = this.#reserved ? 240 + rng.int(15) : rng.pick(publicFirst);
      const block = (first << 8) | rng.int(256);
      if (!this.#taken.has(block)) {
        this.#taken.add(block);
        return block;
      }
    }
  }

  #operator(rng: Rng, id: number, blocks: number): Operator {
    const v6 = rng.chance(0.5)
      ? `${this.#reserved ? "3fff" : "2a0" + rng.int(10).toString()}:${hex(rng.int(0xffff) + 1)}`
      : "";
    return { id, blocks: Array.from({ length: blocks }, () => this.#block(rng)), v6 };
  }

  /** A home's address: changes with every lease; some homes have IPv6, whose lower half changes daily. */
  homeAddress(operator: Operator, home: number, at: number): string {
    const seed = mix(home, 11);
    const sixth = operator.v6 !== "" && seed % 3 === 0;
    const lease = leaseOf(seed);
    const epoch = Math.floor((at + (seed % DAY)) / lease);
    if (sixth) {
      const host = mix(home, Math.floor(at / DAY), 5);
      return v6(operator.v6, mix(home, epoch, 3), host, mix(host, 7));
    }
    return fromBlocks(operator, mix(home, epoch, 2));
  }

  /** A carrier's address: few for many people, and another one every hour or so. */
  mobileAddress(operator: Operator, person: number, at: number): string {
    const seed = mix(person, 17);
    const stay = HOUR * (0.5 + (seed % 6));
    const pick = mix(person, Math.floor(at / stay), 19);
    const lower = ((pick % this.#pools) * 8 + 3) * 256 + 10 + ((pick >>> 8) % 40);
    return dotted(operator.blocks[0] ?? 0, lower);
  }

  /** A hotel's, conference's or relative's address on a journey: one for the stay. */
  travelAddress(operator: Operator, person: number, trip: number): string {
    return fromBlocks(operator, mix(person, trip, 23));
  }

  /** Any address out of somebody's living room anywhere: what residential proxies offer. */
  residential(rng: Rng, atHomeShare = 0.1): string {
    const operator = rng.chance(atHomeShare) ? rng.pick(this.home) : popular(rng, this.foreign);
    return fromBlocks(operator, mix(rng.int(0x7fffffff), 29));
  }

  /** An address in a data centre. */
  hosted(rng: Rng, operator: Operator = popular(rng, this.hosting)): string {
    return fromBlocks(operator, mix(rng.int(0x7fffffff), 31));
  }

  /** Addresses of one /24 in a data centre. */
  hostedNetwork(rng: Rng, count: number): string[] {
    const operator = popular(rng, this.hosting);
    const third = rng.int(256) << 8;
    const hosts = rng.shuffled(Array.from({ length: 254 }, (_, index) => index + 1)).slice(0, count);
    return hosts.map((host) => dotted(operator.blocks[0] ?? 0, third | host));
  }

  /** Addresses of one IPv6 /64, as many as asked for. */
  hostedSixth(rng: Rng): () => string {
    const operator = rng.pick(this.foreign.filter((one) => one.v6 !== ""));
    const subnet = rng.int(0x7fffffff);
    return () => v6(operator.v6, subnet, rng.int(0x7fffffff), rng.int(0x7fffffff));
  }
}

/** Some operators have far more customers, and lend themselves far more to attackers, than others. */
function popular(rng: Rng, operators: readonly Operator[]): Operator {
  const found = operators[Math.floor(operators.length * rng.next() ** 2)];
  if (found === undefined) throw new RangeError("no operator");
  return found;
}

/** Most homes get a new address every few days, one in four keeps its own for months. */
function leaseOf(seed: number): number {
  const kind = (seed >>> 8) % 8;
  if (kind < 2) return 120 * DAY;
  if (kind < 4) return 1 * DAY;
  return (2 + kind) * DAY;
}

function fromBlocks(operator: Operator, value: number): string {
  const block = operator.blocks[value % operator.blocks.length] ?? 0;
  const host = (value >>> 8) & 0xff;
  return dotted(block, ((value >>> 16) & 0xff00) | Math.min(254, Math.max(1, host)));
}

const dotted = (block: number, lower: number): string =>
  `${block >>> 8}.${block & 255}.${(lower >>> 8) & 255}.${lower & 255}`;

const hex = (value: number): string => value.toString(16);

/** Groups are never 0, so that there is one way only to write the address. */
function v6(prefix: string, subnet: number, high: number, low: number): string {
  const group = (value: number): string => hex((value & 0xffff) | 0x1000);
  return `${prefix}:${group(subnet)}:${group(subnet >>> 16)}:${group(high)}:${group(high >>> 16)}:${group(low)}:${group(low >>> 16)}`;
}
