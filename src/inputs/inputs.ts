/** All live inputs as the settings have them: started together, told of together, ended together. */
import type { IncomingMessage } from "node:http";
import { resolve } from "node:path";
import { Failure } from "#/platform/failure.ts";
import { seconds } from "#/platform/units.ts";
import { parseMap } from "#/sources/mapped/mapped.ts";
import { chooseSources } from "#/sources/reading/choose.ts";
import type { RecogniserOptions } from "#/sources/reading/recogniser.ts";
import type { InputContext } from "./context.ts";
import { Follow } from "./follow/follow.ts";
import type { InputReport } from "./input.ts";
import { Journal } from "./journal/journal.ts";
import { LiveCopies } from "./live-copies.ts";
import { type Answer, Push } from "./push/push.ts";
import { Tokens } from "./push/tokens.ts";
import type { Settings } from "./settings.ts";
import { type Allowed, createAllowed } from "./syslog/allowed.ts";
import { SyslogStream } from "./syslog/stream.ts";
import { SyslogUdp, waitingMax } from "./syslog/udp.ts";

/** What inputs need of whoever starts them. */
export type InputPorts = Omit<InputContext, "timezone" | "copies">;

export type Inputs = AsyncDisposable & {
  readonly reports: () => readonly InputReport[];
  /** Answers a request that pushes sign-ins; undefined where nobody may. */
  readonly push: ((request: IncomingMessage) => Promise<Answer>) | undefined;
  /** Where syslog is taken, for those that were given port 0. */
  readonly ports: { readonly udp?: number; readonly tcp?: number; readonly tls?: number };
  /** Rejects where an input ended by a defect; never resolves. */
  readonly failed: Promise<never>;
};

/** Where the system does not tell that a file has changed it is looked at so often. */
const LOOK_EVERY = seconds(1);
const TOKENS_EVERY = seconds(10);

/** A part that runs. */
type Running = AsyncDisposable & { readonly reports: () => readonly InputReport[] };

/** @throws Failure settings-invalid, map-invalid, tokens-invalid, listening-failed; then nothing runs. */
export async function startInputs(settings: Settings, ports: InputPorts): Promise<Inputs> {
  const context = { ...ports, timezone: checkedZone(settings.timezone), copies: new LiveCopies() };
  const sources = sourcesOf(settings.map);
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  // Whoever does not look at it must not die of it twice.
  failed.catch(() => undefined);
  const running: Running[] = [];
  try {
    const listening = await startSyslog(settings, sources, context, running);
    const push = startPush(settings, sources, context, running);
    if (settings.journal) running.push(startJournal(settings, sources, context, fail));
    if (settings.follow.length > 0) {
      const follow = settings.follow.map((entry) => resolve(entry));
      const rotatedIn = settings.rotatedIn.map((folder) => resolve(folder));
      running.push(new Follow({ follow, rotatedIn, sources, every: LOOK_EVERY }, context, fail));
    }
    return {
      reports: () => running.flatMap((part) => part.reports()),
      push,
      ports: listening,
      failed,
      [Symbol.asyncDispose]: async () => end(running),
    };
  } catch (error) {
    await end(running);
    throw error;
  }
}

async function end(running: readonly Running[]): Promise<void> {
  await Promise.all(running.map(async (part) => part[Symbol.asyncDispose]()));
}

async function startSyslog(
  settings: Settings,
  sources: RecogniserOptions,
  context: InputContext,
  running: Running[],
): Promise<Inputs["ports"]> {
  const allowed = createAllowed(settings.syslogFrom);
  const listening: { udp?: number; tcp?: number; tls?: number } = {};
  if (settings.syslogUdp !== "") {
    const udp = await SyslogUdp.listen({ endpoint: settings.syslogUdp, allowed, sources, waitingMax }, context);
    running.push(single(udp));
    listening.udp = udp.port;
  }
  for (const kind of ["tcp", "tls"] as const) {
    const options = streamOptions(kind, settings, sources, allowed);
    if (options.endpoint === "") continue;
    const stream = await SyslogStream.listen(options, context);
    running.push(single(stream));
    listening[kind] = stream.port;
  }
  return listening;
}

function streamOptions(kind: "tcp" | "tls", settings: Settings, sources: RecogniserOptions, allowed: Allowed) {
  const tls = {
    key: settings.syslogTlsKey,
    certificate: settings.syslogTlsCertificate,
    clients: settings.syslogTlsClients,
  };
  return {
    endpoint: kind === "tcp" ? settings.syslogTcp : settings.syslogTls,
    tls: kind === "tcp" ? undefined : tls,
    allowed,
    sources,
    messageMax: settings.syslogMessageMax,
    connectionsMax: settings.syslogConnectionsMax,
    idle: settings.syslogIdle,
  };
}

function startPush(
  settings: Settings,
  sources: RecogniserOptions,
  context: InputContext,
  running: Running[],
): Inputs["push"] {
  if (settings.pushTokens === "") return undefined;
  const tokens = new Tokens(resolve(settings.pushTokens));
  const { pushBodyMax: bodyMax, pushIdField: idField } = settings;
  const push = new Push({ tokens, sources, bodyMax, idField }, context);
  const timer = context.timers.every(TOKENS_EVERY, () => tokens.refresh());
  running.push({
    reports: () => push.reports(),
    async [Symbol.asyncDispose]() {
      timer[Symbol.dispose]();
      await push.idle();
    },
  });
  return async (request) => push.handle(request);
}

function startJournal(
  settings: Settings,
  sources: RecogniserOptions,
  context: InputContext,
  fail: (error: unknown) => void,
): Running {
  const options = { units: settings.journalUnits, folder: settings.journalFolder, sources };
  const journal = new Journal(options, context);
  journal.running.catch(fail);
  return single(journal);
}

const single = (input: AsyncDisposable & { readonly report: () => InputReport }): Running => ({
  reports: () => [input.report()],
  [Symbol.asyncDispose]: async () => input[Symbol.asyncDispose](),
});

/** What `map` describes is tried last: what has a format of its own is read as that. */
function sourcesOf(map: string): RecogniserOptions {
  const all = chooseSources({ format: undefined, map: undefined });
  if (map === "") return all;
  try {
    return { ...all, sources: [...all.sources, parseMap(map)] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, error.message.replaceAll("--map", "inputs.map"), { cause: error });
  }
}

function checkedZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    throw new Failure(
      "settings-invalid",
      `inputs.timezone: "${zone}" is no time zone. Write one such as Europe/London, America/New_York or UTC.`,
    );
  }
}
