// What somebody sees who starts Portcullis without saying what for: the few things that it can do, and a choice.
import { createInterface } from "node:readline/promises";
import type { Screen } from "./screen.ts";

export type Choice =
  | { readonly kind: "scan"; readonly paths: readonly string[] }
  | { readonly kind: "example" }
  | { readonly kind: "serve" }
  | { readonly kind: "none" };

const text = `Portcullis: what happened to our accounts?

  1  scan a log          says whether it shows an attack, an IT fault or nothing
                         (portcullis scan FILE..., or npm start -- scan FILE...)
  2  play the example    an attack on an invented parliament, and what Portcullis says of its log
  3  watch live          the watch and the gate, beside your mail server; refuses nobody until you say so
                         (portcullis serve, or npm start -- serve)
  4  help                all that can be said
`;

/** Says what there is and, on a terminal, asks. */
export async function welcome(screen: Screen, help: string, input: NodeJS.ReadStream): Promise<Choice> {
  screen.print(`${text}\n`);
  if (!screen.outputIsTerminal || !input.isTTY) return { kind: "none" };
  using asking = createInterface({ input, output: process.stdout });
  const answer = (await asking.question("1, 2, 3 or 4 (Enter leaves): ")).trim();
  if (answer === "2") return { kind: "example" };
  if (answer === "3") return { kind: "serve" };
  if (answer === "4") screen.print(help);
  if (answer !== "1") return { kind: "none" };
  const given = await asking.question("Which file or directory? (several: with blanks between) ");
  const paths = splitPaths(given);
  return paths.length === 0 ? { kind: "none" } : { kind: "scan", paths };
}

/** Paths as a shell would take them: blanks part them, quotes and backslashes keep them together. */
export function splitPaths(given: string): string[] {
  const found: string[] = [];
  for (const [, double, single, plain] of given.matchAll(/"([^"]*)"|'([^']*)'|((?:\\.|[^\s"'])+)/g)) {
    const path = double ?? single ?? plain?.replace(/\\(.)/g, "$1") ?? "";
    if (path !== "") found.push(path);
  }
  return found;
}
