/**
 * Real servers for tests come as Debian packages. What is missing is installed once, by whichever test file comes first; where that cannot be done,
 * the tests that need it are skipped, with the reason. Packages that are there are left alone.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Fetching and unpacking some 10 MB. A machine without a mirror gives up well before. */
const INSTALL_SECONDS_MAX = 300;
const LOCK = "/run/lock/portcullis-test-packages";

/** Why tests that need these packages must be skipped; false where they can run. What is missing is installed. */
export function lacks(...packages: readonly string[]): string | false {
  const wanted = packages.join(", ");
  if (process.platform !== "linux" || !existsSync("/usr/bin/apt-get"))
    return `needs ${wanted}, which this test installs on Debian and the like only`;
  if (process.getuid?.() !== 0)
    return `needs ${wanted} and servers that change their user: run npm test as root, in a container`;
  if (missing(packages).length === 0) return false;
  process.stderr.write(
    `portcullis: installing ${missing(packages).join(", ")} for the tests (once, not started) ...\n`,
  );
  // Under the lock, another test file's installation may turn out to have done it.
  const script = join(import.meta.dirname, "install.sh");
  const run = spawnSync(
    "flock",
    ["-w", String(INSTALL_SECONDS_MAX), LOCK, "timeout", String(INSTALL_SECONDS_MAX), "sh", script, ...packages],
    { encoding: "utf8", maxBuffer: 1 << 24 },
  );
  const left = missing(packages);
  if (left.length === 0) return false;
  const said = `${run.stderr}\n${run.stdout}`.split("\n").find((line) => /^E:|Unable to|No such/.test(line));
  return `${left.join(", ")} cannot be installed: ${said ?? run.error?.message ?? `apt-get ended with ${run.status}`}`;
}

function missing(packages: readonly string[]): string[] {
  return packages.filter((name) => {
    const { stdout } = spawnSync("dpkg-query", ["-W", "-f=${db:Status-Abbrev}", name], { encoding: "utf8" });
    return !stdout.startsWith("ii");
  });
}
