/**
 * The fields of an event from its rendered English text, for exports that pass on nothing else (Event Viewer's CSV,
 * Get-WinEvent's CSV, search results). Clients choose the account's name, its domain and the workstation's name, and may
 * put line ends and whole forged sections into them. So a field is taken where no client's text can stand before (first),
 * or none after (last), or only if it stands there once (only).
 */

type Pick = "first" | "last" | "only";
type Rule = { readonly sections: readonly string[]; readonly labels: readonly string[]; readonly pick: Pick };

const rule = (pick: Pick, labels: readonly string[], ...sections: readonly string[]): Rule => ({
  pick,
  labels,
  sections,
});

/** In 4624 and 4625 the clients' texts are account, domain and workstation; the address and what follows is the server's. */
const logonRules = new Map<string, Rule>([
  ["LogonType", rule("first", ["Logon Type"])],
  ["TargetUserSid", rule("first", ["Security ID"], "New Logon", "Account For Which Logon Failed")],
  ["TargetUserName", rule("first", ["Account Name"], "New Logon", "Account For Which Logon Failed")],
  ["TargetLinkedLogonId", rule("first", ["Linked Logon ID"], "New Logon")],
  ["ElevatedToken", rule("first", ["Elevated Token"], "Logon Information")],
  ["Status", rule("only", ["Status"], "Failure Information")],
  ["SubStatus", rule("only", ["Sub Status"], "Failure Information")],
  ["ProcessName", rule("only", ["Caller Process Name", "Process Name"], "Process Information")],
  ["WorkstationName", rule("first", ["Workstation Name"], "Network Information")],
  ["IpAddress", rule("last", ["Source Network Address"], "Network Information")],
  ["LogonProcessName", rule("last", ["Logon Process"])],
  ["AuthenticationPackageName", rule("last", ["Authentication Package"])],
  ["TransmittedServices", rule("last", ["Transited Services"])],
]);

/** In 4768 and 4771 a certificate's issuer, the client's choice too, stands after the address. */
const kerberosRules = new Map<string, Rule>([
  ["TargetUserName", rule("first", ["Account Name"], "Account Information")],
  ["IpAddress", rule("only", ["Client Address"])],
  ["Status", rule("only", ["Result Code", "Failure Code"])],
  ["PreAuthType", rule("only", ["Pre-Authentication Type"])],
]);

const validationRules = new Map<string, Rule>([
  ["TargetUserName", rule("first", ["Logon Account", "Logon account"])],
  ["Workstation", rule("first", ["Source Workstation"])],
  ["Status", rule("last", ["Error Code"])],
]);

const lockoutRules = new Map<string, Rule>([
  ["TargetUserName", rule("first", ["Account Name"], "Account That Was Locked Out")],
]);

const radiusRules = new Map<string, Rule>([
  ["SubjectUserName", rule("first", ["Account Name"], "User")],
  ["CallingStationID", rule("only", ["Calling Station Identifier"])],
  ["NASPortType", rule("only", ["NAS Port-Type"])],
  ["ReasonCode", rule("last", ["Reason Code"])],
]);

const rules = new Map<number, ReadonlyMap<string, Rule>>([
  [4624, logonRules],
  [4625, logonRules],
  [4740, lockoutRules],
  [4768, kerberosRules],
  [4771, kerberosRules],
  [4776, validationRules],
  [6272, radiusRules],
  [6273, radiusRules],
]);

/** Longer texts are cut: the fields stand in the first kilobytes, explanations after them. */
const MESSAGE_LENGTH_MAX = 32_768;

type Line = { readonly section: string; readonly label: string; readonly value: string };

/** The field; undefined where the text does not have it, or has it in a way that cannot be trusted. */
export function messageField(id: number, message: string, name: string): string | undefined {
  if (message === "") return undefined;
  const wanted = rules.get(id)?.get(name);
  if (wanted === undefined) return undefined;
  const matching = linesOf(message).filter(
    ({ section, label }) =>
      wanted.labels.includes(label) && (wanted.sections.length === 0 || wanted.sections.includes(section)),
  );
  if (wanted.pick === "only" && matching.length > 1) return undefined;
  return (wanted.pick === "last" ? matching.at(-1) : matching[0])?.value;
}

/** The last text that was taken apart: one event's fields are asked for one after the other. */
let lastText = "";
let lastLines: readonly Line[] = [];

function linesOf(message: string): readonly Line[] {
  if (message !== lastText) {
    lastLines = takeApart(message.slice(0, MESSAGE_LENGTH_MAX));
    lastText = message;
  }
  return lastLines;
}

/** "Section:" at the margin, "<tab>Label:<tabs>value" below it, "Label:<tabs>value" at the margin for what has no section. */
function takeApart(text: string): Line[] {
  const lines: Line[] = [];
  let section = "";
  for (const raw of text.split("\n")) {
    const colon = raw.indexOf(":");
    if (colon < 0) continue;
    const isInside = raw.startsWith("\t") || raw.startsWith(" ");
    const label = raw.slice(0, colon).trim();
    const value = raw.slice(colon + 1).trim();
    if (!isInside && value === "") section = label;
    lines.push({ section: isInside ? section : "", label, value });
  }
  return lines;
}
