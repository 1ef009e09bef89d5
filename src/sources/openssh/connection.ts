import type { Entry } from "#/sources/source.ts";

/**
 * The connection that an entry is about: sshd has one process per connection. A container's output has no process ids;
 * there the caller's address and port name the connection as well. "" where neither is known.
 */
export function connectionKey(entry: Entry, endpoint: string): string {
  if (entry.pid !== "") return `openssh:${entry.host}:${entry.pid}`;
  return endpoint === "" ? "" : `openssh:${entry.host}:${endpoint}`;
}
