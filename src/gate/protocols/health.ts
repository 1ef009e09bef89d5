/** Whether the process lives (/healthz), and whether it is of use (/readyz): for supervisors and load balancers. Neither says anything to strangers. */
import type { Handler, Reply } from "./exchange.ts";

const say = (status: number, text: string): Reply => ({ status, type: "text/plain; charset=utf-8", body: `${text}\n` });

/** Answering at all is the answer. */
export const healthz: Handler = () => say(200, "alive");

/** @param missing what it is not ready for yet, in a few words each; nothing for ready. A gate without its store is ready: it answers from memory. */
export function readyz(missing: () => readonly string[]): Handler {
  return () => {
    const all = missing();
    return all.length === 0 ? say(200, "ready") : say(503, all.join("\n"));
  };
}
