/** The body of a push as it arrives: decompressed, and never longer than allowed, packed or unpacked, nor longer in coming. */
import type { IncomingMessage } from "node:http";
import { type Gunzip, type ZstdDecompress, createGunzip, createZstdDecompress } from "node:zlib";
import type { Timers } from "#/platform/timers.ts";
import type { Duration } from "#/platform/units.ts";

export type BodyLimits = {
  /** As it is sent, and unpacked. */
  readonly sentMax: number;
  readonly unpackedMax: number;
  readonly time: Duration;
  /** Takes so many bytes of what all pushes together may hold; false where they may not. */
  readonly reserve: (bytes: number) => boolean;
};

export type Body =
  | { readonly kind: "whole"; readonly bytes: Buffer }
  | { readonly kind: "too-large" | "too-slow" | "broken" | "busy" | "gone" | "encoding-unknown" };

type Unpacker = Gunzip | ZstdDecompress;

export async function readBody(request: IncomingMessage, limits: BodyLimits, timers: Timers): Promise<Body> {
  if (Number(request.headers["content-length"] ?? 0) > limits.sentMax) return { kind: "too-large" };
  const encoding = (request.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (!isKnown(encoding)) return { kind: "encoding-unknown" };
  return new Promise((resolve) => {
    const unpacker = unpackerOf(encoding);
    const parts: Buffer[] = [];
    let [sent, unpacked] = [0, 0];
    const finish = (body: Body): void => {
      timer[Symbol.dispose]();
      request.off("data", onData).off("end", onEnd).off("error", onGone).off("close", onGone);
      unpacker?.destroy();
      resolve(body);
    };
    const timer = timers.after(limits.time, () => {
      request.pause();
      finish({ kind: "too-slow" });
    });
    const keep = (part: Buffer): void => {
      unpacked += part.length;
      if (unpacked > limits.unpackedMax) finish({ kind: "too-large" });
      else if (!limits.reserve(part.length)) finish({ kind: "busy" });
      else parts.push(part);
    };
    const onData = (chunk: Buffer): void => {
      sent += chunk.length;
      if (sent > limits.sentMax) {
        request.pause();
        finish({ kind: "too-large" });
      } else if (unpacker === undefined) keep(chunk);
      else if (!unpacker.write(chunk)) {
        request.pause();
        unpacker.once("drain", () => request.resume());
      }
    };
    const whole = (): void => finish({ kind: "whole", bytes: Buffer.concat(parts) });
    const onEnd = (): void => {
      request.off("close", onGone);
      if (unpacker === undefined) whole();
      else unpacker.end();
    };
    const onGone = (): void => finish({ kind: "gone" });
    unpacker?.on("data", keep);
    unpacker?.on("end", whole);
    unpacker?.on("error", () => finish({ kind: "broken" }));
    request.on("data", onData).on("end", onEnd).on("error", onGone).on("close", onGone);
  });
}

type Encoding = "identity" | "gzip" | "zstd";

const isKnown = (encoding: string): encoding is Encoding =>
  encoding === "identity" || encoding === "gzip" || encoding === "zstd";

function unpackerOf(encoding: Encoding): Unpacker | undefined {
  switch (encoding) {
    case "identity":
      return undefined;
    case "gzip":
      return createGunzip();
    case "zstd":
      return createZstdDecompress();
    default:
      return encoding satisfies never;
  }
}
