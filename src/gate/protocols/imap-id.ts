/**
 * The parameters of an IMAP ID (RFC 2971) as Dovecot puts them into one text: `"name" "Thunderbird" "version" "115.0" "os" NIL`. All of it is what
 * the client says of itself.
 */

export type ImapId = {
  /** "Thunderbird 115.0"; the text itself where it is no such list; "" where there is none. */
  readonly client: string;
  /** What webmail says of where its user is, as given; "" where it says nothing. */
  readonly originatingAddress: string;
};

/** RFC 2971 allows 30 pairs. */
const WORDS_MAX = 60;
const CLIENT_LENGTH_MAX = 256;

const none: ImapId = { client: "", originatingAddress: "" };

/** A site's clients are a few hundred programs, whose IDs come again and again. When full, all are forgotten: inventing some costs nothing but time. */
const seen = new Map<string, ImapId>();
const SEEN_MAX = 2_000;

export function readImapId(text: string): ImapId {
  if (text === "") return none;
  const known = seen.get(text);
  if (known !== undefined) return known;
  const id = parse(text);
  if (seen.size >= SEEN_MAX) seen.clear();
  seen.set(text, id);
  return id;
}

function parse(text: string): ImapId {
  const words = wordsOf(text);
  if (words.length < 2) return { client: text.slice(0, CLIENT_LENGTH_MAX), originatingAddress: "" };
  let name = "";
  let version = "";
  let originatingAddress = "";
  for (let at = 0; at + 1 < words.length; at += 2) {
    const value = words[at + 1] ?? "";
    switch ((words[at] ?? "").toLowerCase()) {
      case "name":
        name ||= value;
        break;
      case "version":
        version ||= value;
        break;
      case "x-originating-ip":
        originatingAddress ||= value;
        break;
      default:
        break;
    }
  }
  return { client: `${name} ${version}`.trim().slice(0, CLIENT_LENGTH_MAX), originatingAddress };
}

/** Quoted words, in which a backslash makes the next character one like any other, and bare ones. NIL is "". */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const [, quoted, plain = ""] of text.matchAll(/"((?:[^"\\]|\\.)*)"|([^\s"]+)/gs)) {
    if (words.length === WORDS_MAX) break;
    if (quoted !== undefined) words.push(quoted.replace(/\\(.)/gs, "$1"));
    else words.push(plain.toUpperCase() === "NIL" ? "" : plain);
  }
  return words;
}
