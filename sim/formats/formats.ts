/** All log formats by id. */
import { dovecotFormats } from "./dovecot.ts";
import { entra } from "./entra.ts";
import type { LogFormat } from "./log-format.ts";
import { openssh } from "./openssh.ts";
import { postfix } from "./postfix.ts";
import { csv, ocsf } from "./tables.ts";

export const formats: readonly LogFormat[] = [...dovecotFormats, openssh, postfix, entra, csv, ocsf];

export function formatNamed(id: string): LogFormat {
  const found = formats.find((format) => format.id === id);
  if (found === undefined)
    throw new RangeError(`no format "${id}"; there are: ${formats.map((one) => one.id).join(", ")}`);
  return found;
}
