/** `portcullis connect`: what can be said, and the help that teaches it. */
import { type Command, Argument } from "commander";

export type ConnectOptions = {
  readonly check?: boolean;
  readonly json?: boolean;
  readonly config?: string;
  readonly settings?: string;
};

/** As connect/connect.ts has them, which is loaded only for those who connect. */
const names = ["dovecot", "postfix", "nginx", "syslog"] as const;
export type ConnectName = (typeof names)[number];

export function addConnect(program: Command, run: (name: ConnectName, options: ConnectOptions) => Promise<void>): void {
  program
    .command("connect")
    .summary("print, or check, what to write into the configuration of Dovecot, Postfix, nginx or rsyslog")
    .description(
      "Prints the lines for the version that is installed here, with the address that serve listens at, where to put them, how to reload, what " +
        "changes and how to undo it. With --check it looks at the configuration that runs, and says what is right, missing or wrong. It changes nothing itself.",
    )
    .addArgument(new Argument("<server>", "which one").choices(names))
    .option("--check", "look at the running configuration instead (doveconf -n, postconf -n, nginx -T)")
    .option("--config <path>", "its configuration, where it is not in the usual place")
    .option("--settings <file>", "settings, instead of portcullis.yaml in this folder (docs/settings.md)")
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", help)
    .action((name: ConnectName, options: ConnectOptions) => run(name, options));
}

const help = `
Examples:
  portcullis connect dovecot                     what to write, and where
  sudo portcullis connect dovecot --check        whether it is so

Exit status: 0 done, or nothing to mend; 1 something to mend, or an error.
`;
