/**
 * What a file's name says of its place among the files of one log: mail.log, mail.log.1, mail.log.2.gz, mail.log-20260101,
 * u_ex260101.log, app.2026-01-01.log are all of one log each. It knows names only.
 */
import { isDottedQuad } from "#/signin/address.ts";

export type Place = {
  /** The name without what rotation added to it: the same for all files of a log. */
  readonly log: string;
  /** Files of a log in this order are oldest first. */
  readonly age: number;
  /** Whether the name says that the file is compressed. */
  readonly isCompressed: boolean;
};

const compressed = /\.(?:gz|zst|bz2|xz|lz4|z)$/i;

/** mail.log.1; "0" is the youngest where it is used. Four digits would be a year or a port. */
const numbered = /\.(\d{1,3}|old)$/;
/** mail.log-20260101, mail.log-20260101-1700000000, mail.log.2026-01-01: at the end. */
const dated = /[.-](\d{4}-?\d\d-?\d\d)(?:[-T.]?(\d{1,10}))?$/;
/** app.2026-01-01.log, app-20260101.3.log, u_ex260101.log, RECV2026010112-1.LOG: before the ending. */
const datedWithin =
  /(\d{4}-\d\d-\d\d|20\d{6}|(?<=u_[a-z]{2})\d{6})(?:[-.T_]?(\d{1,10}))?(?:-(\d{1,4}))?(?=\.[A-Za-z]+$)/;

/** Newer than every date and number. */
const LIVE = Number.MAX_SAFE_INTEGER;

export function placeOf(name: string): Place {
  const bare = name.replace(compressed, "");
  const isCompressed = bare !== name;
  const number = isDottedQuad(bare) ? null : numbered.exec(bare);
  if (number !== null && number.index > 0) {
    const inner = placeOf(bare.slice(0, number.index));
    // Numbers fall with time. A date before the number says more than it.
    const steps = number[1] === "old" ? 1 : Number(number[1]);
    return { log: inner.log, age: inner.age === LIVE ? -1 - steps : inner.age + steps / 1_000, isCompressed };
  }
  const date = dated.exec(bare) ?? datedWithin.exec(bare);
  if (date === null || date.index === 0) return { log: bare, age: LIVE, isCompressed };
  const [found, day = "", more = "", part = ""] = date;
  const age = ageOf(day, more, part);
  const log = `${bare.slice(0, date.index)}${bare.slice(date.index + found.length)}`;
  return age === undefined ? { log: bare, age: LIVE, isCompressed } : { log, age, isCompressed };
}

/** Days, and what comes after them as a fraction of one; undefined where it is no date. */
function ageOf(day: string, more: string, part: string): number | undefined {
  const digits = day.replaceAll("-", "");
  const whole = digits.length === 6 ? `20${digits}` : digits;
  const month = Number(whole.slice(4, 6));
  const dayOfMonth = Number(whole.slice(6, 8));
  if (!(month >= 1 && month <= 12 && dayOfMonth >= 1 && dayOfMonth <= 31)) return undefined;
  return Number(whole) * 1_000 + (more === "" ? 0 : Number(more) / 10 ** more.length) * 900 + Number(part) / 100;
}
