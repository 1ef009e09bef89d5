/** Invented people and the names that the internet tries. Knows nothing of accounts. */
import type { Rng } from "../rng.ts";

const given =
  "ada alba alec amir anna anton arda aria asha ben berta boris carla casper clara cora dana david dora edda edgar elif elsa emil enzo erik esra eva fadi felix finn flora frida gavin gesa gina greta hana hanno hedda henry hugo ida ilse imre ines iris ivan jana jasper jens jill jonas juna kai karl kate kira klara lars lea lena leo lina lou luca luis maja marta mats maya milo mina nadia nele nico nils nora olaf olga oskar otto paula per petra pia quinn rafi rana rita rolf rosa ruben sara selma simon sofia sven tara theo tilda tom uma vera viktor wanda willi xenia yara yusuf zora".split(
    " ",
  );

const family =
  "abel adler ahmadi albers bach baker barton becker berg bishop blum bond brandt bruun busch carey castle chen cole cook craig dahl dale daly dietz doyle drake ebner egger ellis engel evans falk farr fink fischer flynn ford fox frost gale garner geller gibbs glass gold graf grant gray haas hale hardy harper hart heller hill hoff holm horn hughes imhof ivers jansen jarvis joost kane keller kemp kern king klein koch kraus lamb lang larkin lee lenz lind lorenz lowe lutz maier marsh meyer mills moore moser nash neal nolan north novak oakes ortiz otto page park pena perry pfeiffer pohl porter quist raab reed reese rice roth rowe sacher sand seidl shaw sommer stark stone stroh swan tate thorn tod tran ude unger vance vogt voss wagner walsh ward weber west wild wolf wood york zander zeller".split(
    " ",
  );

export const sharedNames =
  "office press events library archive hr payroll finance procurement helpdesk security reception speaker clerks committee visitors education broadcast legal records translations travel catering estates".split(
    " ",
  );

/** Mailboxes that the internet guesses at and that many institutions do have. */
export const genericNames = "info contact webmaster postmaster support sales admin service jobs newsletter".split(" ");

export const serviceNames = "svc-scan svc-backup svc-monitor svc-crm svc-print svc-ticket svc-relay svc-sync".split(
  " ",
);

/** What bots try where they know nobody. */
export const guessedNames =
  "info admin test root postmaster webmaster support sales contact user guest office mail administrator backup scanner oracle postgres mysql git ubuntu ftp www nagios demo service hello billing account noreply marketing hr jobs spam abuse newsletter web student teacher temp operator deploy jenkins pi minecraft steam hadoop tomcat ansible vagrant ec2-user sysadmin manager monitor".split(
    " ",
  );

/** `count` distinct names of people ("anna.keller", "anna.keller2"), in no order. */
export function peopleNames(count: number, rng: Rng): string[] {
  const seen = new Map<string, number>();
  const names: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = `${rng.pick(given)}.${rng.pick(family)}`;
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    names.push(before === 0 ? name : `${name}${before + 1}`);
  }
  return names;
}

/** A name that looks as if it might exist: somebody who left, or a guess from a pattern. */
export function strangerName(rng: Rng): string {
  const style = rng.int(4);
  const first = rng.pick(given);
  const last = rng.pick(family);
  if (style === 0) return `${first}${last}`;
  if (style === 1) return `${first.charAt(0)}${last}`;
  if (style === 2) return `${first}.${last}${rng.int(90) + 10}`;
  return `${last}.${first}`;
}
