/**
 * Postfix: has Dovecot check its passwords, so that Dovecot's questions hold the guesses; and asks the gate itself before it takes a message, which ends
 * what a thief does with a password that was right.
 */
import {
  type Finding,
  type Page,
  type Places,
  type Probe,
  type Server,
  missing,
  note,
  right,
  wrong,
} from "./server.ts";

const RESTRICTIONS = "smtpd_recipient_restrictions";

export const postfix: Server = {
  title: "Postfix",
  version: (probe) => {
    const read = probe("postconf", ["-d", "-h", "mail_version"]);
    return read?.status === 0 ? read.text.trim() : "";
  },
  page(places, _version, probe, config): Page {
    const now = valuesOf(probe, config)?.get(RESTRICTIONS) ?? "";
    // An empty list lets everything through: nothing may be added to it that would turn incoming mail away.
    const rest = now === "" ? "" : `, ${now}`;
    const before = now === "" ? `postconf -X ${RESTRICTIONS}` : `postconf -e '${RESTRICTIONS} = ${now}'`;
    return {
      parts: [
        {
          where: "a shell, as root (it changes /etc/postfix/main.cf)",
          text: `postconf -e '${RESTRICTIONS} = check_policy_service ${places.postfix}${rest}'
postconf -e 'smtpd_policy_service_default_action = DUNNO'
postconf -e 'smtpd_policy_service_timeout = 5s'
`,
        },
      ],
      reload: "postfix check && postfix reload",
      undo: `${before} && postconf -X smtpd_policy_service_default_action smtpd_policy_service_timeout && postfix reload`,
      changes: [
        "Before it takes a message from somebody who has signed in, Postfix asks the gate. A stranger's message is refused or deferred.",
        "While Portcullis does not answer, messages are taken as before (without DUNNO, Postfix would defer all of them).",
      ],
      know: [
        "Postfix asks nobody about a password before it is checked. Guesses are held where Dovecot checks them: smtpd_sasl_type = " +
          "dovecot, and portcullis connect dovecot.",
        `Where master.cf says -o ${RESTRICTIONS}=... for submission, put check_policy_service first there, too.`,
      ],
    };
  },
  check(places, probe, config) {
    const values = valuesOf(probe, config);
    return values === undefined ? undefined : findings(places, values);
  },
};

/** main.cf, and what master.cf says otherwise for single services ("submission/inet/smtpd_..."). */
function valuesOf(probe: Probe, config: string): Map<string, string> | undefined {
  const folder = config === "" ? [] : ["-c", config];
  const main = probe("postconf", [...folder, "-n"]);
  if (main === undefined || main.status !== 0) return undefined;
  const services = probe("postconf", [...folder, "-P"]);
  const lines = `${main.text}\n${services?.text ?? ""}`.split("\n");
  return new Map(
    lines.flatMap((line) => {
      const equals = line.indexOf(" =");
      return equals > 0 ? [[line.slice(0, equals), line.slice(equals + 2).trim()] as const] : [];
    }),
  );
}

function findings(places: Places, values: ReadonlyMap<string, string>): Finding[] {
  const lists = [...values].filter(([name]) =>
    /(?:^|\/)smtpd_(?:client|sender|relay|recipient|data)_restrictions$/.test(name),
  );
  const asking = lists.filter(([, value]) => value.includes(`check_policy_service ${places.postfix}`));
  const found: Finding[] = [];
  if (asking.length === 0) {
    const other = lists.find(([, value]) => value.includes("check_policy_service"));
    found.push(
      missing(
        other === undefined
          ? "it asks nobody before it takes a message"
          : `it asks somebody else (${other[0]}), and not Portcullis`,
        `portcullis connect postfix (check_policy_service ${places.postfix})`,
      ),
    );
  }
  for (const [name, value] of asking) {
    found.push(
      /\bpermit_sasl_authenticated\b.*\bcheck_policy_service\b/.test(value)
        ? wrong(
            `${name}: permit_sasl_authenticated comes first, and whoever has signed in is not asked about`,
            "put check_policy_service first",
          )
        : right(`${name}: it asks Portcullis at ${places.postfix}`),
    );
  }
  if (asking.length > 0)
    found.push(
      values.get("smtpd_policy_service_default_action")?.toUpperCase() === "DUNNO"
        ? right("it goes on taking mail while Portcullis does not answer")
        : wrong("while Portcullis does not answer, it defers all mail", "smtpd_policy_service_default_action = DUNNO"),
    );
  const overridden = [...values.keys()].find((name) => name.endsWith(`/${RESTRICTIONS}`));
  if (overridden !== undefined && !asking.some(([name]) => name === overridden))
    found.push(
      missing(`${overridden} in master.cf goes its own way, without asking`, "put check_policy_service first there"),
    );
  const type = values.get("smtpd_sasl_type") ?? "cyrus";
  found.push(
    type === "dovecot"
      ? right("Dovecot checks its passwords, and asks about each")
      : note(
          `smtpd_sasl_type = ${type}: nobody asks about guesses at submission; they are seen in its log`,
          "smtpd_sasl_type = dovecot",
        ),
  );
  return found;
}
