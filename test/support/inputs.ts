/** A store for inputs in tests: keeps what is new, and positions, as the real one does; and waiting for what they read. */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { InputContext } from "#/inputs/context.ts";
import type { Batch } from "#/inputs/input.ts";
import { LiveCopies } from "#/inputs/live-copies.ts";
import type { SignIn } from "#/signin/signin.ts";
import { chooseSources } from "#/sources/reading/choose.ts";
import { MovedTime } from "./timers.ts";

export const allSources = chooseSources({ format: undefined, map: undefined });

export class Kept {
  readonly signIns: SignIn[] = [];
  /** What was handed on again, and left out. */
  again = 0;
  readonly ids = new Set<string>();
  readonly positions = new Map<string, string>();

  take = async ({ input, arrivals, position }: Batch): Promise<void> => {
    for (const { id, signIn } of arrivals) {
      const name = `${input} ${id}`;
      if (this.ids.has(name)) this.again += 1;
      else this.signIns.push(signIn);
      this.ids.add(name);
    }
    if (position !== undefined) this.positions.set(input, position);
    return Promise.resolve();
  };

  position = (input: string): string => this.positions.get(input) ?? "";

  get accounts(): string[] {
    return this.signIns.map(({ account }) => account);
  }
}

export function contextOf(kept: Kept, time: MovedTime): InputContext {
  return {
    take: async (batch) => kept.take(batch),
    position: kept.position,
    clock: time,
    timers: time,
    timezone: "UTC",
    copies: new LiveCopies(),
  };
}

/** Moves the time a second at a go until it holds; fails where it never does. */
export async function until(time: MovedTime, holds: () => boolean, what: string): Promise<void> {
  for (let round = 0; round < 2_000 && !holds(); round += 1) {
    time.move(1_000);
    await pause(5);
  }
  assert.ok(holds(), what);
}

/** A failure as sshd writes it, complete in one line. */
export const failure = (account: string, second = 0, pid = 4_711): string =>
  `2026-11-23T10:${pad(Math.floor(second / 60))}:${pad(second % 60)}Z mx1 sshd[${pid}]: Failed password for ${account} from 192.0.2.7 port 50022 ssh2\n`;

/** What PAM says beside it: a weak witness, that waits for sshd's own word. */
export const weakFailure = (account: string, second = 0, pid = 4_711): string =>
  `2026-11-23T10:${pad(Math.floor(second / 60))}:${pad(second % 60)}Z mx1 sshd[${pid}]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=${account}\n`;

const pad = (value: number): string => String(value).padStart(2, "0");
