// What Entra calls the way in, as a service. Everything that is not a mail protocol of its own is single sign-on.
import type { Service } from "#/signin/signin.ts";

const services: ReadonlyMap<string, Service> = new Map<string, Service>([
  ["imap4", "imap"],
  ["imap", "imap"],
  ["pop3", "pop3"],
  ["pop", "pop3"],
  ["authenticated smtp", "submission"],
  ["smtp", "submission"],
  ["exchange activesync", "activesync"],
  ["exchange active sync", "activesync"],
  ["exchange activesync (supported)", "activesync"],
  ["exchange activesync (unsupported)", "activesync"],
  ["exchange web services", "ews"],
  ["mapi over http", "mail"],
  ["autodiscover", "mail"],
  ["outlook anywhere (rpc over http)", "mail"],
  ["offline address book", "mail"],
  ["outlook service", "mail"],
  ["universal outlook", "mail"],
]);

/** "Other clients; IMAP" is how old records say it. */
export function clientService(name: string): Service {
  const short = name.slice(0, 64).toLowerCase();
  return services.get(short.startsWith("other clients; ") ? short.slice(15) : short) ?? "sso";
}
