/** With the tools that are in front of it: rsyslog that forwards, logrotate that rotates, Dovecot that exports. Skipped, with the reason, where they are not there. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { appendFileSync, chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect, createServer as createNetServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Kept, contextOf, failure, until } from "../../test/support/inputs.ts";
import { MovedTime } from "../../test/support/timers.ts";
import { type Inputs, startInputs } from "./inputs.ts";
import { type Settings, defaults } from "./settings.ts";

// Daemons are not on everybody's path.
const env = { ...process.env, PATH: [process.env["PATH"] ?? "", "/usr/sbin", "/sbin"].join(delimiter) };
const missing = (command: string, argument: string): string | false =>
  spawnSync(command, [argument], { env }).error === undefined ? false : `${command} is not there`;

type Scene = {
  readonly folder: string;
  readonly kept: Kept;
  readonly time: MovedTime;
  readonly start: (settings: Partial<Settings>) => Promise<Inputs>;
};

async function scene(run: (scene: Scene) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-tools-"));
  const [kept, time] = [new Kept(), new MovedTime()];
  const running: Inputs[] = [];
  try {
    await run({
      folder,
      kept,
      time,
      async start(settings) {
        const inputs = await startInputs({ ...defaults, ...settings }, contextOf(kept, time));
        running.push(inputs);
        return inputs;
      },
    });
  } finally {
    await Promise.all(running.map(async (inputs) => inputs[Symbol.asyncDispose]()));
    rmSync(folder, { recursive: true });
  }
}

for (const [name, options] of [
  ["renamed and made anew", "create"],
  ["copied and cut off", "copytruncate"],
  ["compressed at once", "create\n  compress"],
  [
    "with days in the names, compressed later",
    "create\n  dateext\n  dateformat -%Y%m%d-COUNT\n  compress\n  delaycompress",
  ],
] as const)
  test(`logrotate: ${name}`, { skip: missing("logrotate", "--version") }, async () =>
    scene(async ({ folder, kept, time, start }) => {
      const [log, configuration] = [join(folder, "auth.log"), join(folder, "rotate.conf")];
      let rotations = 0;
      const rotate = (): void => {
        rotations += 1;
        // Two rotations within a second must not have one name.
        const named = options.replace("COUNT", String(rotations));
        writeFileSync(configuration, `${log} {\n  rotate 9\n  ${named}\n}\n`);
        const run = spawnSync("logrotate", ["--force", "--state", join(folder, "state"), configuration], { env });
        assert.equal(run.status, 0, run.stderr.toString());
      };
      const expected: string[] = [];
      const write = (account: string): void => {
        expected.push(account);
        appendFileSync(log, failure(account, expected.length));
      };
      const has = async (): Promise<void> => {
        await until(
          time,
          () => kept.accounts.length >= expected.length,
          `${kept.accounts.join(" ")} of ${expected.join(" ")}`,
        );
        assert.deepEqual(kept.accounts, expected);
      };
      write("anna");
      const first = await start({ follow: [log] });
      await has();
      rotate();
      write("bert");
      await has();
      write("carl");
      await has();
      await first[Symbol.asyncDispose]();
      // While nobody follows: the end of one file, all of another, the beginning of a third.
      write("dora");
      rotate();
      write("emil");
      rotate();
      write("fred");
      await start({ follow: [log] });
      await has();
      assert.equal(kept.again, 0);
    }),
  );

async function stopped(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

const forwards: readonly (readonly [string, string])[] = [
  ["octet counting, RFC 5424", 'TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format"'],
  ["line ends, RFC 3164 with its own times", 'template="RSYSLOG_ForwardFormat"'],
];
for (const [name, options] of forwards)
  test(`rsyslog forwards: ${name}`, { skip: missing("rsyslogd", "-v") }, async () =>
    scene(async ({ folder, kept, time, start }) => {
      const inputs = await start({ syslogTcp: "127.0.0.1:0" });
      const [log, configuration] = [join(folder, "auth.log"), join(folder, "rsyslog.conf")];
      writeFileSync(
        configuration,
        `global(workDirectory="${folder}")
module(load="imfile" PollingInterval="1" mode="polling")
input(type="imfile" File="${log}" Tag="sshd[4711]:" ruleset="out")
ruleset(name="out") {
  action(type="omfwd" target="127.0.0.1" port="${inputs.ports.tcp}" protocol="tcp" ${options})
}
`,
      );
      writeFileSync(log, "");
      const child = spawn("rsyslogd", ["-n", "-f", configuration, "-i", join(folder, "pid")], { env, stdio: "ignore" });
      try {
        appendFileSync(
          log,
          "Failed password for anna from 192.0.2.7 port 50022 ssh2\nFailed password for bert from 2001:db8::7 port 50022 ssh2\n",
        );
        await until(time, () => kept.accounts.length === 2, "both");
        assert.deepEqual(
          kept.signIns.map(({ account, address }) => [account, address]),
          [
            ["anna", "192.0.2.7"],
            ["bert", "2001:db8::7"],
          ],
        );
      } finally {
        await stopped(child);
      }
    }),
  );

/** A Dovecot of its own, whose exporter is set as docs/inputs.md says. */
const dovecotConfiguration = (folder: string, imapPort: number, pushPort: number): string => `
base_dir = ${folder}/run
log_path = ${folder}/dovecot.log
protocols = imap
ssl = no
disable_plaintext_auth = no
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
listen = 127.0.0.1
mail_location = maildir:~/Maildir
service imap-login {
  chroot =
  inet_listener imap {
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = passwd-file
  args = ${folder}/users
}
event_exporter portcullis {
  format = json
  format_args = time-rfc3339
  transport = http-post
  transport_args = http://mail1:secret@127.0.0.1:${pushPort}/push
}
metric sign_ins {
  exporter = portcullis
  filter = event=auth_request_finished
}
`;

async function freePort(): Promise<number> {
  const server = createNetServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Tries a password. */
async function signIn(port: number, account: string, password: string): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once("data", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    if (isOpen) {
      socket.on("error", () => undefined);
      socket.write(`a login ${account} ${password}\r\n`);
      // Who goes before the answer has not signed in.
      await once(socket, "data");
      socket.end("b logout\r\n");
      return;
    }
    await pause(50);
  }
  assert.fail("Dovecot does not answer");
}

const isRoot = process.getuid?.() === 0;
const noDovecot = missing("dovecot", "--version") || (isRoot ? false : "Dovecot starts as root only");

test(
  "Dovecot's event exporter pushes what happens, failures while the connection is open",
  { skip: noDovecot },
  async () =>
    scene(async ({ folder, kept, time, start }) => {
      const [tokens, users, configuration] = [
        join(folder, "tokens"),
        join(folder, "users"),
        join(folder, "dovecot.conf"),
      ];
      writeFileSync(tokens, `mail1: ${createHash("sha256").update("secret").digest("hex")}\n`);
      // Dovecot looks passwords up as somebody else than root.
      chmodSync(folder, 0o755);
      writeFileSync(users, `anna:{PLAIN}right:65534:65534::${folder}/mail::\n`);
      const { push } = await start({ pushTokens: tokens });
      const server = createServer((request, response) => {
        void push?.(request).then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const imapPort = await freePort();
      writeFileSync(configuration, dovecotConfiguration(folder, imapPort, (server.address() as AddressInfo).port));
      const child = spawn("dovecot", ["-F", "-c", configuration], { env, stdio: "ignore" });
      try {
        await signIn(imapPort, "anna", "right");
        await until(time, () => kept.signIns.length === 1, "the success");
        await signIn(imapPort, "anna", "wrong");
        await signIn(imapPort, "nobody.there", "wrong");
        await until(time, () => kept.signIns.length === 3, "the failures");
        assert.deepEqual(
          kept.signIns
            .map(({ account, outcome, service, address }) => `${account} ${outcome} ${service} ${address}`)
            .toSorted(),
          ["anna failure imap 127.0.0.1", "anna success imap 127.0.0.1", "nobody.there failure imap 127.0.0.1"],
        );
      } finally {
        const ended = once(child, "exit");
        child.kill("SIGTERM");
        await ended;
        server.closeAllConnections();
        server.close();
      }
    }),
);
