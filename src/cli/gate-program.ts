/** `portcullis gate`: what can be said, and the help that teaches it. What a command does stands in gate.ts. */
import { type Command, InvalidArgumentError } from "commander";
import type { Decision, Posture } from "#/gate/posture.ts";
import type { Duration } from "#/platform/units.ts";
import { parseDuration } from "#/platform/settings.ts";
import { type Service, services } from "#/signin/signin.ts";

export type GateCommand =
  | { readonly kind: "status" }
  | { readonly kind: "log"; readonly all: boolean }
  | { readonly kind: "why"; readonly account: string; readonly address: string; readonly service: Service }
  | {
      readonly kind: "change";
      readonly change: Decision;
      readonly reason: string;
      readonly lasts: Duration | undefined;
      /** ask: whoever may be hit is told, and then asked for. yes: told, and done. dry-run: told only. */
      readonly how: "ask" | "yes" | "dry-run";
    };

export type GateOptions = {
  readonly json: boolean;
  /** The data folder of serve, where it is not the usual one. */
  readonly data: string | undefined;
  readonly settings: string | undefined;
};

export type RunGate = (command: GateCommand, options: GateOptions) => Promise<void>;

type Given = {
  readonly reason?: string;
  readonly for?: Duration;
  readonly accounts?: string;
  readonly service?: Service;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly data?: string;
  readonly settings?: string;
};

export function addGate(program: Command, run: RunGate): void {
  const gate = program
    .command("gate")
    .summary("see, and change, who may try to sign in; from this host, also when all else is down")
    .description(
      "The gate answers your servers for each attempt whether it may go on to the password check. On the first day it only watches: it " +
        "records what it would have refused and refuses nothing. Whoever signs in from where they always do is never refused for what " +
        "strangers do.",
    )
    .helpOption("-h, --help", "say what can be said")
    .addHelpText("after", help);
  const add = (name: string, summary: string): Command =>
    gate
      .command(name)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase() ?? ""}${summary.slice(1)}.`)
      .helpOption("-h, --help", "say what can be said")
      .option("--data <folder>", "the data folder of serve (otherwise $PORTCULLIS_DATA, or portcullis-data here)")
      .option("--settings <file>", "settings, instead of portcullis.yaml in this folder (docs/settings.md)")
      .option("--json", "print JSON and nothing else");
  const told = (given: Given): GateOptions => ({
    json: given.json === true,
    data: given.data,
    settings: given.settings,
  });
  const change = (decision: Decision, given: Given): Promise<void> =>
    run(
      { kind: "change", change: decision, reason: given.reason ?? "", lasts: given.for, how: howOf(given) },
      told(given),
    );

  add("status", "what holds now, who said so, until when, and what was refused").action((given: Given) =>
    run({ kind: "status" }, told(given)),
  );
  withChange(add("watch", "refuse nobody, and go on recording what would have been refused"), "for good").action(
    (given: Given) => change({ kind: "watch" }, given),
  );
  withChange(
    add("enforce", "carry verdicts out; says first what they would have done in the last days"),
    "for good",
  ).action((given: Given) => change({ kind: "enforce" }, given));
  addPostures(add, change);
  withChange(add("block", "refuse everybody from a network"), "4h")
    .argument("<network>", "an address (192.0.2.7) or a network (192.0.2.0/24, 2001:db8::/48)")
    .action((network: string, given: Given) => change({ kind: "block", network }, given));
  withReason(add("unblock", "end the block of a network"))
    .argument("<network>", "as it was blocked (portcullis gate status)")
    .action((network: string, given: Given) => change({ kind: "unblock", network }, given));
  withReason(add("undo", "take back a change, as if it had never been"))
    .argument("[number]", "its number (portcullis gate log); without it, the last one that still holds", changeNumber)
    .action((number: number | undefined, given: Given) => change({ kind: "undo", number: number ?? 0 }, given));
  add("why", "explain how the gate answers an account at an address, with all that it knows")
    .argument("<account>", "as it is typed to sign in")
    .argument("<address>", "from where")
    .option("--service <service>", `at which service: ${services.join(", ")}`, service, "imap")
    .action((account: string, address: string, given: Given) =>
      run({ kind: "why", account, address, service: given.service ?? "imap" }, told(given)),
    );
  add("log", "every change there was: who, when, why, until when, and what became of it")
    .option("--all", "all of it, not the last 20")
    .action((given: Given) => run({ kind: "log", all: given.all === true }, told(given)));
}

function addPostures(
  add: (name: string, summary: string) => Command,
  change: (decision: Decision, given: Given) => Promise<void>,
): void {
  const postures: readonly (readonly [name: string, posture: Posture, summary: string])[] = [
    ["guard", "guarded", "let people in from where they usually are, and refuse strangers"],
    ["on-site", "on-site", "let people in from the site's own networks only"],
    ["close", "closed", "refuse everybody but break-glass accounts"],
    ["open", "open", "end guard, on-site and close; known attackers stay refused"],
  ];
  for (const [name, posture, summary] of postures) {
    withChange(add(name, summary), posture === "open" ? "for good" : "4h")
      .option("--accounts <which>", 'only these: a name, a group of the settings, or a pattern ("*@staff.example.org")')
      .option("--service <service>", "only at this service: imap, submission, webmail, vpn, ssh, ...", service)
      .action((given: Given) => {
        const scope = { accounts: (given.accounts ?? "").trim().toLowerCase(), service: given.service ?? "" } as const;
        return change({ kind: "posture", posture, scope }, given);
      });
  }
}

const withReason = (command: Command): Command =>
  command
    .option("--reason <text>", "why, for those who come after you")
    .option("--yes", "do not ask")
    .option("--dry-run", "say whom it would hit, and change nothing");

const howOf = ({ yes, dryRun }: Given): "ask" | "yes" | "dry-run" =>
  dryRun === true ? "dry-run" : yes === true ? "yes" : "ask";

const withChange = (command: Command, usual: string): Command =>
  withReason(command).option("--for <time>", `until when: 30m, 4h, 2d (otherwise ${usual})`, lasting);

const help = `
By day:
  portcullis gate status                            what holds, and what it refused
  portcullis gate enforce                           stop watching, start refusing; shows first whom it would have hit
  portcullis gate why anna 192.0.2.7                why she is refused there, or would be

At night, when something is wrong:
  portcullis gate guard --reason "spray" --for 8h   people in from their usual places, strangers out
  portcullis gate block 192.0.2.0/24 --reason "guesses"
  portcullis gate open --accounts new.member --for 1h   lets one person in from anywhere, while all others are guarded
  portcullis gate undo                              takes the last change back

Every change has an author, a reason, an end and an undo; restrictions end after 4 hours unless --for says otherwise.
Run it as the user that runs portcullis serve, or as root. It also works while serve is down: the change is kept and takes effect when it
starts.

Exit status: 0 done, 1 error, 2 not done because the answer to "Do it?" was no.
`;

function lasting(text: string): Duration {
  const duration = parseDuration(text);
  if (duration !== undefined && duration >= 1_000) return duration;
  throw new InvalidArgumentError("Write a length of time such as 30m, 4h or 2d.");
}

function service(text: string): Service {
  const found = services.find((name) => name === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`Write one of ${services.join(", ")}.`);
}

function changeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Write the number of a change: portcullis gate log lists them.");
}
