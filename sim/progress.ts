/** How far a simulation is, told as `scan` tells how far it has read. */
import type { Screen } from "#/cli/screen.ts";
import type { Clock } from "#/platform/clock.ts";
import { createProgress } from "#/report/progress.ts";
import type { SoFar } from "./simulate.ts";

type Progressing = {
  readonly onProgress: (soFar: SoFar) => void;
  readonly finish: () => void;
};

/** Parts of the whole that progress is counted in. */
const parts = 1_000_000;

export function progressOf(screen: Screen, clock: Clock): Progressing {
  const progress = createProgress((text) => screen.error(text), screen.errorIsTerminal, clock, {
    columns: screen.width,
    unicode: screen.unicode,
    unit: "sign-ins",
  });
  return {
    onProgress: ({ share, signIns }) =>
      progress.report({ bytes: Math.round(share * parts), bytesTotal: parts, lines: signIns }),
    finish: () => progress.finish(),
  };
}
