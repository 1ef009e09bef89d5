/**
 * Debian's nginx on loopback as a proxy that asks the gate about each request (auth_request), before a site that checks passwords itself (Basic
 * authentication). Both are one nginx. Were they one location, nginx would look at the password first and never ask about a wrong one.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { freshFolder } from "../folders.ts";
import { freePort, listens, start } from "./process.ts";

export const nginxPackages = ["nginx-light"] as const;

export type NginxOptions = {
  readonly accounts: ReadonlyMap<string, string>;
  /** Lines for the protected location, and locations that they name: as `portcullis connect nginx` prints them. */
  readonly asking: string;
  readonly locations: string;
};

export type Nginx = AsyncDisposable & {
  readonly port: number;
  readonly log: () => string;
  readonly configFile: string;
};

export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const folder = freshFolder();
  chmodSync(folder, 0o755);
  const [port, sitePort] = [await freePort(), await freePort()];
  mkdirSync(join(folder, "pages"));
  writeFileSync(join(folder, "pages", "index.html"), "the mailbox\n");
  writeFileSync(
    join(folder, "users"),
    [...options.accounts].map(([name, password]) => `${name}:{PLAIN}${password}\n`).join(""),
  );
  const configFile = join(folder, "nginx.conf");
  writeFileSync(configFile, config(folder, { port, sitePort }, options));
  const running = start("nginx", ["-c", configFile, "-g", "daemon off;"]);
  const logFile = join(folder, "error.log");
  const log = (): string => (existsSync(logFile) ? readFileSync(logFile, "utf8") : "");
  await listens(port, running);
  return { port, log, configFile, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

type Ports = { readonly port: number; readonly sitePort: number };

const config = (folder: string, { port, sitePort }: Ports, { asking, locations }: NginxOptions): string => `
user root;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log info;
events { worker_connections 512; }
http {
  access_log ${folder}/access.log;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${sitePort};
${asking}
    }
${locations}
  }
  server {
    listen 127.0.0.1:${sitePort};
    location / {
      root ${folder}/pages;
      auth_basic "Mail";
      auth_basic_user_file ${folder}/users;
    }
  }
}
`;

/** The status that a browser gets which shows this name and password, from that address. */
export function visit(port: number, user: string, password: string, from: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: "127.0.0.1",
        port,
        path: "/",
        localAddress: from,
        auth: `${user}:${password}`,
        timeout: 30_000,
        agent: false,
      },
      (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode ?? 0));
      },
    );
    asked.on("timeout", () => asked.destroy(new Error("no answer in time")));
    asked.on("error", reject);
    asked.end();
  });
}
