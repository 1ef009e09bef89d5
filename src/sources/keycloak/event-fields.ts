/**
 * The fields of a Keycloak event in text: `type=LOGIN_ERROR, realmId=r, clientId=c, userId=null, ipAddress=192.0.2.1,
 * error=user_not_found, ..., username=x`. Current versions quote every value and escape quotes in it; in older ones
 * nothing is. Then both a made-up client id, which comes before the address, and a name or redirect, which come after
 * it, can imitate an address: where two are left, the attempt counts without one.
 */
import { isAddress } from "#/sources/address-text.ts";

export type Fields = {
  readonly type: string;
  readonly error: string;
  /** "" where it cannot be told which one is Keycloak's. */
  readonly address: string;
  readonly username: string;
  readonly userId: string;
  /** The kind of credential that was wrong, where it says so. */
  readonly credential: string;
};

export function eventFields(text: string, from: number): Fields {
  return text.charCodeAt(from + 5) === 34 ? quotedFields(text, from) : plainFields(text, from);
}

function quotedFields(text: string, from: number): Fields {
  const fields = new Map<string, string>();
  let at = from;
  while (fields.size < FIELDS_MAX) {
    const equals = text.indexOf('="', at);
    if (equals < 0) break;
    const end = closing(text, equals + 2);
    const name = text.slice(at, equals);
    if (!fields.has(name)) fields.set(name, text.slice(equals + 2, end).replaceAll('\\"', '"'));
    at = end + 3;
  }
  return {
    type: fields.get("type") ?? "",
    error: fields.get("error") ?? "",
    address: fields.get("ipAddress") ?? "",
    username: fields.get("username") ?? "",
    userId: fields.get("userId") ?? "",
    credential: fields.get("credential_type") ?? "",
  };
}

const FIELDS_MAX = 64;

/**
 * The next quote that is not escaped. Keycloak does not escape the backslash, so a typed one at the end of a value
 * hides that value's end and the name of the field after it; it cannot add a field, since a typed quote never stands
 * bare.
 */
function closing(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    if (at === from || text.charCodeAt(at - 1) !== 92) return at;
  }
  return text.length;
}

function plainFields(text: string, from: number): Fields {
  const addressAt = text.indexOf(", ipAddress=", from);
  const head = addressAt < 0 ? text.length : addressAt;
  const userAt = text.lastIndexOf(", userId=", head);
  const type = text.startsWith("LOGIN_ERROR", from + 5) ? "LOGIN_ERROR" : "LOGIN";
  return {
    type,
    error: value(text, ", error=", head),
    address: onlyAddress(text, addressAt),
    username: value(text, ", username=", head),
    userId: userAt < 0 ? "" : text.slice(userAt + 9, head),
    credential: value(text, ", credential_type=", head),
  };
}

/** The value of the first field of that name after `from`, without the quotes that values with blanks got. */
function value(text: string, name: string, from: number): string {
  const at = text.indexOf(name, from);
  if (at < 0) return "";
  const start = at + name.length;
  if (text.charCodeAt(start) === 39) {
    const close = text.indexOf("'", start + 1);
    if (close > 0) return text.slice(start + 1, close);
  }
  const end = text.indexOf(", ", start);
  return end < 0 ? text.slice(start) : text.slice(start, end);
}

function onlyAddress(text: string, first: number): string {
  let address = "";
  for (let at = first; at >= 0; at = text.indexOf(", ipAddress=", at + 1)) {
    const found = value(text, ", ipAddress=", at);
    if (address !== "" && found !== address) return "";
    if (!isAddress(found)) return at === first ? found : "";
    address = found;
  }
  return address;
}
