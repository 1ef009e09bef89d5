/**
 * What an AD FS audit event carries: from AD FS 2016 on an XML document of its own inside the event, before (and for
 * token validation, event 411, to this day) a few values with or without labels. It knows the fields, not their meaning.
 *
 * Whoever signs in types the name and the user agent. In the XML they are escaped; in the texts with labels the name
 * stands after the address in 411 and before it in the lockouts, and the address is taken from its own side.
 */
import { isAddress } from "#/sources/address-text.ts";
import { xmlFields } from "#/sources/reading/xml.ts";
import { type WindowsRecord, fieldOf } from "#/sources/windows/record.ts";

export type AuditFields = {
  readonly account: string;
  /** One address, or a list to whose end every forwarder added the one that it saw. */
  readonly addresses: string;
  readonly client: string;
  /** What went wrong, in AD FS's words; "" where it does not say. */
  readonly failure: string;
  /** The kind of token of event 411, "" elsewhere. */
  readonly tokenType: string;
};

const VALUES_MAX = 8;

/** The unnamed values of the event, in their order; winlogbeat calls them param1, param2. */
function valuesOf(record: WindowsRecord): string[] {
  const values: string[] = [];
  for (let at = 1; at <= VALUES_MAX; at += 1) {
    const value = fieldOf(record, `Data${at}`) || fieldOf(record, `param${at}`);
    if (value !== "") values.push(value);
  }
  return values;
}

/** Of the events with XML (1200 to 1210); undefined where none can be read. */
export function auditFields(record: WindowsRecord): AuditFields | undefined {
  const text = [...valuesOf(record), record.message].find((value) => value.includes("<AuditBase"));
  if (text === undefined) return undefined;
  const end = text.lastIndexOf("</AuditBase>");
  const fields = end < 0 ? undefined : xmlFields(text.slice(text.indexOf("<AuditBase"), end + "</AuditBase>".length));
  if (fields === undefined) return undefined;
  return {
    account: said(fields["UserId"]),
    addresses: said(fields["IpAddress"]) || said(fields["ForwardedIpAddress"]) || said(fields["NetworkIpAddress"]),
    client: said(fields["UserAgentString"]),
    failure: `${said(fields["FailureType"])} ${said(fields["ErrorCode"])}`,
    tokenType: "",
  };
}

const said = (text: string | undefined): string => (text === undefined || text === "N/A" ? "" : text);

/** Of event 411: activity, kind of token, "name-The user name or password is incorrect", exception, addresses. */
export function validationFields(record: WindowsRecord): AuditFields | undefined {
  const values = valuesOf(record);
  if (values.length >= 4) {
    const [, tokenType = "", error = "", ...rest] = values;
    return {
      ...splitError(error),
      addresses: rest.findLast(isAddressList) ?? "",
      client: "",
      tokenType: tokenType.trim(),
    };
  }
  const { message } = record;
  // Kind of token and address stand before the first word of a stranger's.
  const errorAt = message.indexOf("\nError message:");
  if (errorAt < 0) return undefined;
  const head = message.slice(0, errorAt);
  return {
    ...splitError(lineAfter(message, "Error message:")),
    addresses: lineAfter(head, "Client IP:"),
    client: "",
    tokenType: lineAfter(head, "Token Type:"),
  };
}

/** Of the lockouts of AD FS 2012 R2 and later (512, 515, 516): user, address, counts. */
export function lockoutFields(record: WindowsRecord): AuditFields | undefined {
  const values = valuesOf(record);
  const { message } = record;
  const isListed = values.length >= 3;
  const account = isListed ? (values[1] ?? "") : lineAfter(message, "\nUser:");
  // The name comes before the address; the last one is the server's.
  const clientAt = message.lastIndexOf("\nClient IP:");
  const addresses = isListed
    ? (values.slice(2).findLast(isAddressList) ?? "")
    : clientAt < 0
      ? ""
      : lineAfter(message.slice(clientAt), "Client IP:");
  return account === "" ? undefined : { account: account.trim(), addresses, client: "", failure: "", tokenType: "" };
}

function isAddressList(value: string): boolean {
  const parts = value.slice(0, 1_024).split(",");
  return parts.every((part) => isAddress(part.trim()));
}

/** The first line with something in it after a line that is only the label, or what stands beside the label. */
function lineAfter(text: string, label: string): string {
  const at = text.indexOf(label);
  if (at < 0) return "";
  const rest = text.slice(at + label.length, at + label.length + 2_048).trimStart();
  const end = rest.search(/[\r\n]/);
  return (end < 0 ? rest : rest.slice(0, end)).trim();
}

/** "anna-marie@example.org-The user name or password is incorrect": the last hyphen before a sentence. */
function splitError(error: string): { readonly account: string; readonly failure: string } {
  const text = error.slice(0, 2_048).trim();
  const sentence = text.lastIndexOf("-The ");
  if (sentence > 0) return { account: text.slice(0, sentence), failure: text.slice(sentence + 1) };
  const hyphen = text.lastIndexOf("-");
  const isSentence = hyphen > 0 && text.indexOf(" ", hyphen) > 0;
  return isSentence
    ? { account: text.slice(0, hyphen), failure: text.slice(hyphen + 1) }
    : { account: text, failure: "" };
}
