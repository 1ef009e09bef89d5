// Whose sign-ins are nobody's: the machine's own accounts, which sign in all day without a person.

/** Well-known SIDs: SYSTEM, LOCAL SERVICE, NETWORK SERVICE, ANONYMOUS LOGON, IUSR, and those of session, font and window hosts. */
const nobodySids = new Set(["S-1-5-18", "S-1-5-19", "S-1-5-20", "S-1-5-7", "S-1-5-17"]);
/** Services, IIS application pools, virtual machines, font driver hosts, window managers. */
const nobodySidPrefixes = ["S-1-5-80-", "S-1-5-82-", "S-1-5-83-", "S-1-5-90-", "S-1-5-96-"];

const nobodies = new Set(["SYSTEM", "LOCAL SERVICE", "NETWORK SERVICE", "ANONYMOUS LOGON", "IUSR", "DEFAULTACCOUNT"]);

/** A machine's or a service's own account. Names are as Windows in English has them; SIDs tell in every language. */
export function isNobody(name: string, sid: string): boolean {
  if (isMachine(name) || nobodySids.has(sid) || nobodySidPrefixes.some((prefix) => sid.startsWith(prefix))) return true;
  const upper = name.length <= 16 ? name.toUpperCase() : "";
  return nobodies.has(upper) || upper.startsWith("DWM-") || upper.startsWith("UMFD-");
}

/** "MAIL01$", "mail01$@EXAMPLE.ORG", "host/mail01.example.org". */
export function isMachine(name: string): boolean {
  if (name.endsWith("$") || name.startsWith("host/")) return true;
  const at = name.indexOf("$@");
  return at > 0;
}

/** What stands for "no name": "-" and blanks. */
export const accountOf = (text: string): string => (text === "-" ? "" : text);
