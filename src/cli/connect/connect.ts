/** `portcullis connect`: prints what to write into a server's configuration, or says what is right, missing and wrong in the one that runs. */
import { Failure } from "#/platform/failure.ts";
import { isLoopback } from "#/gate/protocols/endpoint.ts";
import type { Settings as GateSettings } from "#/gate/settings.ts";
import { visible } from "#/report/escape.ts";
import { type Settings as ServeSettings, endpointOf } from "../serve-settings.ts";
import type { Screen } from "../screen.ts";
import { dovecot } from "./dovecot.ts";
import { nginx } from "./nginx.ts";
import { postfix } from "./postfix.ts";
import { syslog } from "./syslog.ts";
import type { Finding, Page, Places, Probe, Server } from "./server.ts";

export const servers = { dovecot, postfix, nginx, syslog } as const satisfies Record<string, Server>;
export type ServerName = keyof typeof servers;

export type ConnectParts = {
  readonly serve: ServeSettings;
  readonly gate: Pick<GateSettings, "forwarders" | "delay">;
  /** inputs.syslogTcp */
  readonly syslogTcp: string;
  readonly probe: Probe;
  readonly screen: Screen;
};

export type ConnectChoice = {
  readonly check: boolean;
  readonly json: boolean;
  /** Where the server's configuration is, where that is not the usual place; "". */
  readonly config: string;
};

/** Answers the exit status: 1 where something is to be mended. @throws Failure */
export function connectTo(name: ServerName, { check, json, config }: ConnectChoice, parts: ConnectParts): number {
  const { screen, probe } = parts;
  const server: Server = servers[name];
  const places = placesOf(parts.serve, parts.gate, parts.syslogTcp);
  needPlace(name, places);
  const version = server.version(probe);
  if (!check) {
    const page = server.page(places, version, probe, config);
    screen.print(
      json
        ? `${JSON.stringify({ server: name, version, ...page }, null, 2)}\n`
        : pageText(name, server.title, version, page),
    );
    return 0;
  }
  const found = server.check(places, probe, config);
  if (found === undefined) {
    const what =
      version === "" ? `${server.title} is not installed here` : `${server.title}'s configuration cannot be read`;
    throw new Failure(
      "server-unreadable",
      `${what}. Run this on the host where it runs, as root (sudo portcullis connect ${name} --check).`,
    );
  }
  const isRight = found.every(({ is }) => is === "right" || is === "note");
  screen.print(
    json
      ? `${JSON.stringify({ server: name, version, isRight, found }, null, 2)}\n`
      : checkText(name, server.title, version, found),
  );
  return isRight ? 0 : 1;
}

export function placesOf(serve: ServeSettings, { forwarders, delay }: ConnectParts["gate"], syslogTcp: string): Places {
  const [http, policy] = [endpointOf(serve.http, "http"), endpointOf(serve.postfix, "postfix")];
  const isTls = serve.certificate !== "";
  const place = http?.kind === "tcp" ? `${hostText(http.host)}:${http.port}` : "";
  return {
    url: place === "" ? "" : `${isTls ? "https" : "http"}://${place}/`,
    socket: http?.kind === "unix" ? http.path : "",
    postfix:
      policy === undefined
        ? ""
        : policy.kind === "unix"
          ? `unix:${policy.path}`
          : `inet:${hostText(policy.host)}:${policy.port}`,
    syslog: syslogTcp,
    hasTokens: serve.tokens !== "",
    isSafe:
      isTls || http?.kind === "unix" || (http?.kind === "tcp" && (isLoopback(http.host) || http.host === "localhost")),
    forwarders,
    delay,
  };
}

/** What listens everywhere is asked on this host. */
function hostText(host: string): string {
  const named = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return named.includes(":") ? `[${named}]` : named;
}

function needPlace(name: ServerName, places: Places): void {
  const lacks: Readonly<Record<ServerName, string>> = {
    dovecot:
      places.url === "" ? "serve.http (Dovecot cannot use a Unix socket): host:port, such as 127.0.0.1:4001" : "",
    postfix: places.postfix === "" ? "serve.postfix: host:port, such as 127.0.0.1:4002, or unix:/path" : "",
    nginx:
      places.url === "" && places.socket === "" ? "serve.http: host:port, such as 127.0.0.1:4001, or unix:/path" : "",
    syslog: places.syslog === "" ? "inputs.syslogTcp: host:port, such as 127.0.0.1:1514" : "",
  };
  if (lacks[name] !== "")
    throw new Failure("settings-invalid", `portcullis.yaml has no place for it to ask at. Set ${lacks[name]}.`);
}

function pageText(name: string, title: string, version: string, page: Page): string {
  const installed =
    version === "" ? `${title} is not installed here; this is for its newest version` : `${title} ${version}`;
  const parts = page.parts.map(({ where, text }) => `Into ${where}:\n\n${indented(text)}\n`);
  return `${installed}

${parts.join("\n")}
Then      ${page.reload}
Check     portcullis connect ${name} --check
Undo      ${page.undo}

What changes
${bullets(page.changes)}
Worth knowing
${bullets(page.know)}`;
}

const indented = (text: string): string =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : `    ${line}`))
    .join("\n");

const bullets = (lines: readonly string[]): string =>
  lines.map((line) => `${wrapped(line, "  - ", "    ")}\n`).join("");

function wrapped(text: string, first: string, next: string, width = 100): string {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(" ")) {
    if (line.length + word.length > width && line.trim() !== first.trim()) {
      lines.push(line.trimEnd());
      line = next;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join("\n");
}

const signs: Readonly<Record<Finding["is"], string>> = {
  right: "ok      ",
  missing: "MISSING ",
  wrong: "WRONG   ",
  note: "note    ",
};

function checkText(name: string, title: string, version: string, found: readonly Finding[]): string {
  const lines = found.flatMap(({ is, what, mend }) => [
    wrapped(visible(what), signs[is], "        "),
    ...(mend === "" ? [] : [`          -> ${visible(mend)}`]),
  ]);
  const bad = found.filter(({ is }) => is === "missing" || is === "wrong").length;
  const end = bad === 0 ? "All that counts is right." : `To mend: ${bad}. portcullis connect ${name} prints all of it.`;
  return `${title}${version === "" ? "" : ` ${version}`}\n${lines.join("\n")}\n${end}\n`;
}
