/** `portcullis doctor`: what can be said. */
import type { Command } from "commander";

export type DoctorOptions = { readonly data?: string; readonly settings?: string; readonly json?: boolean };

export function addDoctor(program: Command, run: (options: DoctorOptions) => Promise<void>): void {
  program
    .command("doctor")
    .summary("say what is connected, what Portcullis cannot see, and how to mend that")
    .description(
      "Looks at the service, its store, the settings, and the configuration of Dovecot, Postfix and nginx on this host. Works while serve is down, and " +
        "changes nothing. Run it as root: others may not read all of that.",
    )
    .option("--data <folder>", "the data folder of serve (otherwise $PORTCULLIS_DATA, or portcullis-data here)")
    .option("--settings <file>", "settings, instead of portcullis.yaml in this folder (docs/settings.md)")
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", "\nExit status: 0 nothing to mend, 1 something to mend, or an error.\n")
    .action((options: DoctorOptions) => run(options));
}
