/**
 * One spelling for each account, however a server or its caller wrote it. It knows nothing of which accounts exist or
 * which names are the same person's: `anna` and `anna@example.org` stay two names, which familiarity takes for one account where the log shows it.
 */

/**
 * Longest account that is told apart. RFC 5321 allows 64 + 1 + 255 in theory, no real one comes near; an attacker who
 * tries longer names has them counted by their first 256 characters, so that no name can be made to fill the memory.
 */
export const accountLengthMax = 256;

/**
 * The account under which an attempt is counted: Unicode NFC, lower case, trimmed, without control and format characters
 * (which would hide one name in another), the Windows domain before a backslash off, `user@domain` kept whole, at most
 * `accountLengthMax` characters. Normalising twice changes nothing.
 */
export function normaliseAccount(given: string): string {
  const name = isPlain(given) ? given : fold(given);
  // The last backslash, since neither a domain nor a name may hold one. A name that ends in it has no name after it.
  const backslash = name.lastIndexOf("\\");
  const user = backslash >= 0 && backslash < name.length - 1 ? name.slice(backslash + 1).trimStart() : name;
  return user.length > accountLengthMax ? user.slice(0, accountLengthMax).toWellFormed().trimEnd() : user;
}

/** Printable lower-case ASCII without blanks at its ends is normal already. Runs for every new name: no allocation. */
function isPlain(text: string): boolean {
  const last = text.length - 1;
  for (let at = 0; at <= last; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 32 || code > 126 || (code >= 65 && code <= 90)) return false;
    if (code === 32 && (at === 0 || at === last)) return false;
  }
  return true;
}

function fold(text: string): string {
  // Far more than can count is not worth folding; what is cut here cannot come back below the maximum in most names.
  const bounded = text.length > 4 * accountLengthMax ? text.slice(0, 4 * accountLengthMax) : text;
  const visible = bounded.toWellFormed().replace(/[\p{Cc}\p{Cf}]+/gu, "");
  return visible.normalize("NFC").toLowerCase().normalize("NFC").trim();
}
