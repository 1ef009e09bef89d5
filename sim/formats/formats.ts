/** All log formats by id. */
import { Failure } from "#/platform/failure.ts";
import { dovecotFormats } from "./dovecot.ts";
import { entra } from "./entra.ts";
import type { LogFormat } from "./log-format.ts";
import { openssh } from "./openssh.ts";
import { postfix } from "./postfix.ts";
import { csv, csvFingerprints, jsonFingerprints, ocsf } from "./tables.ts";

export const formats: readonly LogFormat[] = [
  ...dovecotFormats,
  openssh,
  postfix,
  entra,
  csv,
  csvFingerprints,
  jsonFingerprints,
  ocsf,
];

/** The name of the program, which many know better. */
const programs: Readonly<Record<string, string>> = { sshd: "openssh" };

/** A family's name stands for its first: "dovecot" for "dovecot-2.3". @throws Failure where there is none of this name. */
export function formatNamed(given: string): LogFormat {
  const id = programs[given] ?? given;
  const found = formats.find((format) => format.id === id) ?? formats.find((format) => format.id.startsWith(`${id}-`));
  if (found !== undefined) return found;
  throw new Failure(
    "format-unknown",
    `${id}: no such format can be written. There are: ${formats.map((one) => one.id).join(", ")}.`,
  );
}
