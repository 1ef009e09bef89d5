/** A listener of the gate with routes that echo, and ways to ask it: for tests of whatever reads its requests. */
import { createHash } from "node:crypto";
import { type RequestOptions, request } from "node:http";
import { request as secureRequest } from "node:https";
import { type NetConnectOpts, connect } from "node:net";
import { Credentials } from "#/gate/protocols/credentials.ts";
import type { Endpoint } from "#/gate/protocols/endpoint.ts";
import { type Asked, type Route, bare, json } from "#/gate/protocols/exchange.ts";
import { type Listener, type ListenerOptions, listenerLimits } from "#/gate/protocols/listener.ts";
import { systemClock } from "#/platform/clock.ts";
import { millis } from "#/platform/units.ts";

export const token = "a-long-token";
const loopback: Endpoint = { kind: "tcp", host: "127.0.0.1", port: 0 };

export type Listen = (options: ListenerOptions) => Promise<Listener>;

type Opened = {
  readonly listener: Listener;
  readonly asked: Asked[];
  readonly troubles: string[];
  readonly answered: string[];
};

export async function open(listen: Listen, more: Partial<ListenerOptions> = {}): Promise<Opened> {
  const asked: Asked[] = [];
  const troubles: string[] = [];
  const answered: string[] = [];
  const echo: Route = {
    protocol: "echo",
    guard: "token",
    handle(one) {
      asked.push(one);
      if (one.query === "break") throw new Error("broken");
      return one.query === "later" ? Promise.resolve(json(200, one.body)) : json(200, one.body.length);
    },
  };
  const listener = await listen({
    endpoint: loopback,
    tls: undefined,
    routes: new Map([
      ["/", echo],
      ["/free", { protocol: "free", guard: "none", handle: () => bare(204) }],
    ]),
    credentials: new Credentials([{ name: "test", sha256: createHash("sha256").update(token).digest("hex") }]),
    clock: { now: () => millis(0), ticks: () => systemClock.ticks() },
    answered: (protocol, status) => answered.push(`${protocol} ${status}`),
    trouble: (what) => troubles.push(what),
    limits: listenerLimits,
    ...more,
  });
  return { listener, asked, troubles, answered };
}

type Said = { readonly status: number; readonly body: string };

export function ask(options: RequestOptions & { readonly ca?: Buffer; body?: string }): Promise<Said> {
  const send = options.ca === undefined ? request : secureRequest;
  return new Promise((resolve, reject) => {
    const sent = send({ method: "POST", agent: false, ...options }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => (body += piece));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on("error", reject);
    sent.end(options.body ?? "");
  });
}

export const admitted = { authorization: `Bearer ${token}` };

/** Sends bytes as they are; everything that comes back until the connection ends. @param isAll says that nothing more will come */
export function raw(to: NetConnectOpts, text: string, isAll = false): Promise<string> {
  return new Promise((resolve) => {
    let all = "";
    const socket = connect({ ...to, allowHalfOpen: true }, () => {
      if (isAll) socket.end(text, "latin1");
      else socket.write(text, "latin1");
    });
    socket.setEncoding("latin1");
    socket.on("data", (piece: string) => (all += piece));
    socket.on("end", () => socket.end());
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(all));
  });
}
