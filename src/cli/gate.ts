/**
 * `portcullis gate`: asks the running gate over its socket, or, where serve is down, reads and writes the posture log itself. It says whom a change
 * hits before it makes it.
 */
import { createInterface } from "node:readline/promises";
import { askGate, controlSocket } from "#/gate/control-socket.ts";
import type { Reply, Request } from "#/gate/control-messages.ts";
import type { Control } from "#/gate/control.ts";
import { Failure } from "#/platform/failure.ts";
import type { GateCommand, GateOptions } from "./gate-program.ts";
import { asks, previewText } from "./gate-preview.ts";
import { changedText, logText, statusText, whyText } from "./gate-text.ts";
import type { Screen } from "./screen.ts";

export type GateParts = {
  /** The data folder of serve. */
  readonly folder: string;
  /** Who sits at the keyboard. */
  readonly author: string;
  readonly screen: Screen;
  /** Opens what is kept, for when serve is down. @throws Failure where it cannot be read */
  readonly open: () => Disposable & { readonly control: Control };
  /** Asks whether to go on; undefined where there is nobody to ask. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
};

/** What was not done, since whoever was asked said no. */
const DECLINED = 2;
const LOGGED = 20;

/** Answers the exit status. @throws Failure */
export async function runGate(
  command: GateCommand,
  { json }: Pick<GateOptions, "json">,
  parts: GateParts,
): Promise<number> {
  const { screen } = parts;
  const first = await asked(parts, requestOf(command, parts.author));
  if (!first.isRunning && !json)
    screen.error("portcullis serve is not running: this is what it will find when it starts.\n");
  const { reply } = first;
  if (command.kind !== "change" || reply.is !== "preview") {
    screen.print(json ? jsonText(reply) : textOf(reply, command));
    return 0;
  }
  if (command.how === "dry-run") {
    const text = previewText(command.change, reply, first.isRunning);
    screen.print(json ? jsonText(reply) : text === "" ? "This shuts nobody out.\n" : text);
    return 0;
  }
  if (!json) screen.print(previewText(command.change, reply, first.isRunning));
  if (command.how === "ask" && asks(command.change, reply)) {
    if (parts.confirm === undefined || json) {
      throw new Failure(
        "option-invalid",
        "this may shut members out, and there is nobody to ask: say --yes to do it, --dry-run to see whom it hits.",
      );
    }
    if (!(await parts.confirm("Do it? [y/N] "))) {
      screen.print("Nothing was changed.\n");
      return DECLINED;
    }
  }
  const done = await asked(parts, { ask: "change", ...wanted(command, parts.author) });
  if (done.reply.is !== "changed") throw new Error(`a change was answered with ${done.reply.is}`);
  screen.print(json ? jsonText(done.reply) : changedText(done.reply, done.isRunning));
  return 0;
}

/** @throws Failure where the gate says no */
async function asked(
  { folder, open }: GateParts,
  request: Request,
): Promise<{ readonly reply: Reply; readonly isRunning: boolean }> {
  const reply = await askGate(controlSocket(folder), request);
  if (reply !== undefined) return { reply: checked(reply), isRunning: true };
  using kept = open();
  return { reply: checked(await kept.control(request)), isRunning: false };
}

function checked(reply: Reply): Reply {
  if (reply.is === "failure") throw new Failure("gate-change-invalid", reply.message);
  return reply;
}

const jsonText = (reply: Reply): string => `${JSON.stringify(reply, undefined, 2)}\n`;

type Change = Extract<GateCommand, { kind: "change" }>;

const wanted = ({ change, reason, lasts }: Change, author: string) => ({ change, reason, author, lasts: lasts ?? 0 });

function requestOf(command: GateCommand, author: string): Request {
  switch (command.kind) {
    case "status":
      return { ask: "status" };
    case "log":
      return { ask: "log" };
    case "why":
      return { ask: "why", account: command.account, address: command.address, service: command.service };
    case "change":
      return { ask: "preview", ...wanted(command, author) };
    default:
      return command satisfies never;
  }
}

function textOf(reply: Reply, command: GateCommand): string {
  switch (reply.is) {
    case "status":
      return statusText(reply);
    case "log":
      return logText(reply.lines, reply.at, command.kind === "log" && command.all ? reply.lines.length : LOGGED);
    case "why":
      return whyText(reply.explanation);
    case "changed":
    case "preview":
    case "service":
    case "failure":
      throw new Error(`${command.kind} was answered with ${reply.is}`);
    default:
      return reply satisfies never;
  }
}

/** Who does this: the user of the operating system, and who that was before sudo. */
export function authorOf(user: string, environment: NodeJS.ProcessEnv): string {
  const before = environment["SUDO_USER"] ?? "";
  return before === "" || before === user ? user : `${before} (as ${user})`;
}

/** Asks on a terminal; undefined where none is. */
export function confirmOn(input: NodeJS.ReadStream, output: NodeJS.WriteStream): GateParts["confirm"] {
  if (!input.isTTY || !output.isTTY) return undefined;
  return async (question) => {
    using asking = createInterface({ input, output });
    return /^y(?:es)?$/i.test((await asking.question(question)).trim());
  };
}
