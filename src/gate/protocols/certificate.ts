/** The key and certificate of a listener, read again when told to or when their files change, so that a renewed one needs no restart. */
import { readFileSync, unwatchFile, watchFile } from "node:fs";
import { type SecureContextOptions, createSecureContext } from "node:tls";
import { Failure } from "#/platform/failure.ts";

export type TlsFiles = {
  /** PEM, with the chain. */
  readonly certificate: string;
  readonly key: string;
  /** PEM; whoever shows a certificate of these authorities needs no token. undefined: certificates are not asked for. */
  readonly clientAuthorities: string | undefined;
};

/** @throws Failure certificate-unusable */
export function readTls(files: TlsFiles): SecureContextOptions {
  try {
    const options: SecureContextOptions = {
      cert: readFileSync(files.certificate),
      key: readFileSync(files.key),
      ...(files.clientAuthorities === undefined ? {} : { ca: readFileSync(files.clientAuthorities) }),
      minVersion: "TLSv1.2",
    };
    // Says now whether key and certificate belong together, and not to the first who connects.
    createSecureContext(options);
    return options;
  } catch (error) {
    throw new Failure(
      "certificate-unusable",
      `${files.certificate}, ${files.key}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/** Calls `changed` when one of the files is another. Renewal tools replace files, which only looking at them again and again sees everywhere. */
export function watchTls(files: TlsFiles, changed: () => void): Disposable {
  const paths = [
    files.certificate,
    files.key,
    ...(files.clientAuthorities === undefined ? [] : [files.clientAuthorities]),
  ];
  for (const path of paths) watchFile(path, { interval: LOOK_EVERY, persistent: false }, changed);
  return {
    [Symbol.dispose]() {
      for (const path of paths) unwatchFile(path, changed);
    },
  };
}

const LOOK_EVERY = 30_000;
