/** As much of an IMAP client as a member, or a guesser, needs. */
import { Dialogue } from "./dialogue.ts";

export type SignedIn =
  | { readonly is: "in"; readonly session: ImapSession }
  /** With what the client was told. */
  | { readonly is: "refused"; readonly said: string };

export type Credentials = { readonly user: string; readonly password: string; readonly from: string };

export type ImapSession = Disposable & {
  /** Fetches the first message, and answers it. */
  readonly read: () => Promise<string>;
  /** Sends a command, and answers all that came back with its tagged line. */
  readonly command: (text: string) => Promise<string>;
  /** Resolves with the server's farewell when it ends the session. */
  readonly farewell: () => Promise<string>;
};

/** @param id what the client says of itself first, as an IMAP ID list; "" for nothing */
export async function imapSignIn(port: number, { user, password, from }: Credentials, id = ""): Promise<SignedIn> {
  const line = new Dialogue(port, from);
  try {
    await line.expect(/^\* OK.*\r\n/);
    if (id !== "") {
      line.send(`i ID (${id})`);
      await line.expect(/^i \w+.*\r\n/m);
    }
    line.send(`a LOGIN ${quoted(user)} ${quoted(password)}`);
    const said = await line.expect(/^a (?:OK|NO|BAD).*\r\n/m);
    if (/^a OK/m.test(said)) return { is: "in", session: sessionOf(line) };
    line[Symbol.dispose]();
    return { is: "refused", said: said.trim() };
  } catch (error) {
    line[Symbol.dispose]();
    throw error;
  }
}

const quoted = (text: string): string => `"${text.replaceAll(/(["\\])/g, "\\$1")}"`;

function sessionOf(line: Dialogue): ImapSession {
  let count = 0;
  const command = async (text: string): Promise<string> => {
    count += 1;
    line.send(`c${count} ${text}`);
    return line.expect(new RegExp(`^c${count} (?:OK|NO|BAD).*\\r\\n`, "m"));
  };
  return {
    command,
    async read() {
      await command("SELECT INBOX");
      return command("FETCH 1 BODY[]");
    },
    farewell: () => line.expect(/^\* BYE.*\r\n/m),
    [Symbol.dispose]: () => line[Symbol.dispose](),
  };
}

/** Signs in once and leaves. Answers whether it got in. */
export async function isOpenedBy(port: number, credentials: Credentials): Promise<boolean> {
  const signedIn = await imapSignIn(port, credentials);
  if (signedIn.is === "refused") return false;
  signedIn.session[Symbol.dispose]();
  return true;
}
