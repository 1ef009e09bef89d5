/** Dovecot: asks before and after it has checked a password, and reports how it went (auth policy). Its words changed with 2.4. */
import { secretText } from "#/platform/random.ts";
import { type Config, readConfig } from "./dovecot-config.ts";
import {
  type Finding,
  type Page,
  type Places,
  type Server,
  TOKEN,
  missing,
  note,
  right,
  tokenHint,
  wrong,
} from "./server.ts";

const FILE = "/etc/dovecot/conf.d/95-portcullis.conf";

export const dovecot: Server = {
  title: "Dovecot",
  version: (probe) => /^(\d+\.\d+(?:\.\d+)*)/.exec(probe("dovecot", ["--version"])?.text ?? "")?.[1] ?? "",
  page,
  check(places, probe, config) {
    const read = probe("doveconf", [...(config === "" ? [] : ["-c", config]), "-n"]);
    if (read === undefined || read.status !== 0) return undefined;
    const version = dovecot.version(probe);
    return findings(places, readConfig(read.text), isOld(version));
  },
};

/** 2.3 and older, in whose words Debian 12 and most sites speak. */
const isOld = (version: string): boolean => /^(?:1\.|2\.[0-3](?:\.|$))/.test(version);

type Attribute = readonly [name: string, old: string, current: string];

const attributes: readonly Attribute[] = [
  ["login", "%{requested_username}", "%{requested_username}"],
  ["pwhash", "%{hashed_password}", "%{hashed_password}"],
  ["remote", "%{rip}", "%{remote_ip}"],
  ["device_id", "%{client_id}", "%{client_id}"],
  ["protocol", "%s", "%{protocol}"],
  ["session_id", "%{session}", "%{session}"],
  ["attrs/lip", "%{lip}", "%{local_ip}"],
  ["attrs/master_user", "%{master_user}", "%{master_user}"],
  ["attrs/login_user", "%{login_user}", "%{login_user}"],
  ["attrs/auth_user", "%{auth_user}", "%{auth_user}"],
];
/** The whole hash of the password alone. Options in 2.3 (rounds=, salt=) would break every request, since the list is split at "=". */
const fingerprint: Attribute = ["fp", "%{sha256:password}", "%{password | sha256 | hexlify}"];
/** 2.4 says why a sign-in failed. */
const failType: Attribute = ["fail_type", "", "%{fail_type}"];

function page(places: Places, version: string): Page {
  const old = isOld(version);
  const sent = [...attributes, ...(places.isSafe ? [fingerprint] : [])];
  return {
    parts: [{ where: FILE, text: (old ? oldText : currentText)(places, old ? sent : [...sent, failType]) }],
    reload: "doveconf -n > /dev/null && doveadm reload",
    undo: `rm ${FILE} && doveadm reload`,
    changes: [
      "Each sign-in is asked about before and after the password check, and reported. That takes well under a millisecond.",
      "While Portcullis does not answer, everybody goes on to the password check: at once where it is down, after at most 1 s for each " +
        "question where it hangs.",
    ],
    know: [
      ...(places.isSafe
        ? [
            "fp lets the gate see one password on account after account. It is turned into a keyed fingerprint at once and kept nowhere.",
          ]
        : [
            "fp, which shows one password on account after account, is left out: it may travel over loopback or TLS only.",
          ]),
      "auth_policy_check_before_auth = yes (the default) spares your password database the guesses that are refused, but nobody learns " +
        "whether their passwords were right. With no, every guess is checked first: you learn whose password strangers know, at that price.",
      "imap_id_retain makes clients that tell their name be known by it.",
      "Dovecot makes an address wait that failed, up to 17 s, a whole campus behind one address too. Where the gate does that " +
        "better: service anvil { unix_listener anvil-auth-penalty { mode = 0 } }",
      "Webmail signs everybody in from its own address. Name that in login_trusted_networks, and have it send the IMAP ID " +
        "x-originating-ip: then Dovecot says where its users are. Until then put it into gate.trustedNetworks, or they are all one stranger.",
      "A cluster behind a Dovecot proxy asks on the proxies, where the members' addresses are; or login_trusted_networks names the proxies.",
      "One nonce for all servers of a cluster: copy this file to them instead of printing it again.",
      ...(places.hasTokens ? [tokenHint("dovecot")] : []),
    ],
  };
}

const shared = (places: Places): string => `auth_policy_server_url = ${places.url}
${places.hasTokens ? `auth_policy_server_api_header = Authorization: Bearer ${TOKEN}\n` : ""}auth_policy_hash_nonce = ${secretText()}
auth_policy_reject_on_fail = no
imap_id_retain = yes
`;

const oldText = (places: Places, sent: readonly Attribute[]): string =>
  `${shared(places)}auth_policy_server_timeout_msecs = 1000
auth_policy_request_attributes = ${sent.map(([name, value]) => `${name}=${value}`).join(" ")}
`;

const currentText = (places: Places, sent: readonly Attribute[]): string =>
  `${shared(places)}auth_policy {
  http_client_request_absolute_timeout = 1s
}
auth_policy_request_attributes {
${sent.map(([name, , value]) => `  ${name} = ${value}\n`).join("")}}
`;

function findings(places: Places, config: Config, old: boolean): Finding[] {
  const url = config.setting("auth_policy_server_url");
  if (url === "")
    return [missing("auth_policy_server_url is not set: Dovecot asks nobody", `portcullis connect dovecot`)];
  return [
    url === places.url
      ? right(`it asks Portcullis at ${url}`)
      : wrong(`it asks ${url}, and Portcullis listens at ${places.url}`, `auth_policy_server_url = ${places.url}`),
    config.setting("auth_policy_hash_nonce") === ""
      ? missing(
          "auth_policy_hash_nonce is not set, and Dovecot asks nothing without",
          `auth_policy_hash_nonce = ${secretText()}`,
        )
      : right("it has a nonce"),
    ...token(places, config),
    ...attributeFindings(places, config, old),
    ...switches(config),
    config.isPenaltyOff
      ? right("its own penalty is off: nobody behind a shared address waits for another's failures")
      : note(
          "its own penalty is on: members behind an address that failed wait up to 17 s",
          "where the gate does that better: service anvil { unix_listener anvil-auth-penalty { mode = 0 } }",
        ),
  ];
}

function token(places: Places, config: Config): Finding[] {
  const header = config.setting("auth_policy_server_api_header");
  if (!places.hasTokens) return [];
  if (header === "")
    return [
      missing(
        "it shows no token, and Portcullis asks for one",
        `auth_policy_server_api_header = Authorization: Bearer ${TOKEN}`,
      ),
    ];
  return [right("it shows a token")];
}

function attributeFindings(places: Places, config: Config, old: boolean): Finding[] {
  const sent = config.attributes();
  const found: Finding[] = [];
  const line = ([name, before, now]: Attribute): string => (old ? `${name}=${before}` : `${name} = ${now}`);
  const add = `to auth_policy_request_attributes add: `;
  for (const one of attributes) {
    const [name] = one;
    // What Dovecot sends by itself is there unless somebody has said otherwise.
    if (sent === undefined ? name.startsWith("attrs/") : !sent.has(name))
      found.push(missing(absences[name] ?? name, add + line(one)));
  }
  const fp = sent?.get("fp");
  if (fp === undefined) {
    if (places.isSafe)
      found.push(missing("no fp: the same password on account after account is not seen", add + line(fingerprint)));
    else
      found.push(
        note("no fp: the same password on account after account is not seen; it may be sent over loopback or TLS only"),
      );
  } else if (!places.isSafe) {
    found.push(wrong("fp is sent where others can read it, and is not taken", "leave fp out, or give Portcullis TLS"));
  } else if (old && fp.includes("=")) {
    found.push(wrong(`fp=${fp}: options with "=" break every request of Dovecot 2.3`, line(fingerprint)));
  } else found.push(right("it sends a hash of the password, by which a spray shows at its third to sixth guess"));
  if (found.every(({ is }) => is === "right")) found.push(right("it sends all attributes that count"));
  return found;
}

const absences: Readonly<Record<string, string>> = {
  login: "no login: the gate does not know about whom it is asked",
  pwhash: "no pwhash: repeats of one wrong password look like guesses",
  remote: "no remote: the gate is blind to where somebody comes from",
  device_id: "no device_id: the client's name is not seen",
  protocol: "no protocol: all services look the same",
  session_id: "no session_id: what a log says again would count twice",
  "attrs/lip": "no attrs/lip: which of your servers it was is not seen",
  "attrs/master_user": "no attrs/master_user: what a master account does looks like its users' own",
  "attrs/login_user": "no attrs/login_user: guesses at a master account look like its users' own",
  "attrs/auth_user": "no attrs/auth_user: guesses at a master account look like its users' own",
};

function switches(config: Config): Finding[] {
  const is = (name: string, usual: string): boolean => (config.setting(name) || usual) === "yes";
  const before = is("auth_policy_check_before_auth", "yes");
  const after = is("auth_policy_check_after_auth", "yes");
  const found: Finding[] = [];
  if (!before && !after)
    found.push(
      wrong("it asks neither before nor after the check: it refuses nobody", "auth_policy_check_before_auth = yes"),
    );
  else if (!before)
    found.push(
      note("it asks after the password check only: every guess is verified, and your password database bears it"),
    );
  if (!is("auth_policy_report_after_auth", "yes"))
    found.push(wrong("it does not report how sign-ins end: nothing is learned", "auth_policy_report_after_auth = yes"));
  if (is("auth_policy_log_only", "no"))
    found.push(wrong("it only logs what it is told, and lets everybody in", "auth_policy_log_only = no"));
  if (is("auth_policy_reject_on_fail", "no"))
    found.push(
      note(
        "auth_policy_reject_on_fail = yes: while Portcullis does not answer, nobody gets in, and right passwords are reported as wrong",
      ),
    );
  found.push(
    is("imap_id_retain", "no")
      ? right("it keeps what clients say of themselves")
      : missing("imap_id_retain is off: the gate never sees which client it is", "imap_id_retain = yes"),
  );
  return found;
}
