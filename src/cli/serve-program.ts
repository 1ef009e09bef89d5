/** `portcullis serve` and `portcullis token`: what can be said, and the help that teaches it. */
import { type Command, InvalidArgumentError } from "commander";

export type ServeOptions = {
  /** The data folder, where it is not the usual one. */
  readonly data?: string;
  readonly settings?: string;
};

export function addServe(program: Command, run: (options: ServeOptions) => Promise<void>): void {
  program
    .command("serve")
    .summary("the watch and the gate, live: beside your Dovecot, Postfix, nginx")
    .description(
      "Watches sign-ins as they happen, and answers servers that ask whether an attempt may go on. It begins as an " +
        "onlooker: it records what it would refuse, and refuses nobody until somebody says portcullis gate enforce. Runs " +
        "until it is stopped (Ctrl-C, SIGTERM); what it was told is kept, and it goes on from there.",
    )
    .option("--data <folder>", "where everything is kept (default: portcullis-data here, or PORTCULLIS_DATA)")
    .option("--settings <file>", "settings, instead of portcullis.yaml in this folder (docs/settings.md)")
    .addHelpText("after", serveHelp)
    .action((options: ServeOptions) => run(options));
}

const serveHelp = `
Examples:
  portcullis serve                               everything by default: on loopback, watching only
  portcullis serve --data /var/lib/portcullis    with a data folder of its own
  portcullis gate status                         what it does now, from another terminal
  curl -s http://127.0.0.1:4001/readyz           whether it knows everybody again after a start

It answers servers at 127.0.0.1:4001 (Dovecot, nginx, Traefik, Caddy, JSON) and 127.0.0.1:4002 (Postfix); docs/settings.md
says how to change that.
`;

export function addToken(program: Command, run: (name: string) => void): void {
  program
    .command("token")
    .summary("make a token for a server that asks the gate")
    .description(
      "Makes a token and prints it, once, with the line for the file that serve.tokens names. What is kept is its " +
        "SHA-256 alone: whoever reads that file cannot ask.",
    )
    .argument("<name>", "whose it is, for the log: mx1, webmail", checkName)
    .action((name: string) => run(name));
}

function checkName(name: string): string {
  if (/^[\w.-]{1,64}$/.test(name)) return name;
  throw new InvalidArgumentError("Write letters, digits, dots and dashes, such as mx1.");
}
