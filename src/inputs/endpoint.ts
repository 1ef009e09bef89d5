// "host:port" of the settings, and what to say where nobody can listen there.
import { Failure } from "#/platform/failure.ts";

export type Endpoint = { readonly host: string; readonly port: number };

/** "127.0.0.1:514", "[::1]:6514". @throws Failure settings-invalid */
export function endpointOf(text: string, setting: string): Endpoint {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  const port = Number(found?.[3] ?? -1);
  if (found === null || port > 65_535)
    throw new Failure("settings-invalid", `${setting}: "${text}" is not host:port. Write it as 127.0.0.1:514.`);
  return { host: found[1] ?? found[2] ?? "", port };
}

/** Why nobody can listen there, and what to do. */
export function listenFailure({ host, port }: Endpoint, setting: string, cause: unknown): Failure {
  const code = cause instanceof Error && "code" in cause ? cause.code : "";
  const why =
    code === "EADDRINUSE"
      ? "another program listens there already"
      : code === "EACCES"
        ? "it is not allowed: ports below 1024 need CAP_NET_BIND_SERVICE, or choose a higher one"
        : code === "EADDRNOTAVAIL"
          ? "this machine has no such address"
          : cause instanceof Error
            ? cause.message
            : String(cause);
  return new Failure("listening-failed", `${setting} ${host}:${port}: ${why}.`, { cause });
}
