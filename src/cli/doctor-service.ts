/** What `doctor` says of what comes in: who asks, what is read, and what cannot be seen in it. */
import type { DeskState, ServiceState } from "#/gate/service-state.ts";
import { type Millis, counted, inWords, utcMinute } from "#/platform/units.ts";
import { type Finding, missing, note, right, wrong } from "./connect/server.ts";

/** Since this start. */
export function ofWhatComesIn({ since, desks, inputs, watch, recorder }: ServiceState, now: Millis): Finding[] {
  const asking = desks.filter(isUsed);
  const found = [...asking.flatMap((desk) => ofDesk(desk)), ...inputs.map((input) => ofInput(input))];
  if (found.length === 0)
    found.push(
      missing(
        `nobody has asked or told anything since it was started ${inWords(Math.max(0, now - since))} ago`,
        "portcullis connect dovecot; or inputs: { follow: [/var/log/mail.log] }",
      ),
    );
  if (recorder.dropped > 0)
    found.push(wrong(`${counted(recorder.dropped, "verdict")} could not be recorded`, "see what the store says above"));
  if (watch === undefined)
    found.push(
      wrong("the part that keeps and judges sign-ins does not run", "its log says why: journalctl -u portcullis"),
    );
  else found.push(...ofSignIns(watch, desks, now));
  return found;
}

const asked = ({ verdicts }: DeskState): number => verdicts.reduce((sum, [, count]) => sum + count, 0);

const isUsed = (desk: DeskState): boolean =>
  asked(desk) + desk.told.kept + desk.told.busy + desk.told.unkept + desk.malformed > 0;

function ofDesk(desk: DeskState): Finding[] {
  const { protocol, told, malformed, failures, fingerprintsRefused, trouble } = desk;
  const found = [right(`${protocol} asks: ${counted(asked(desk), "question")}, ${counted(told.kept, "report")} kept`)];
  if (told.busy + told.unkept > 0)
    found.push(
      wrong(
        `${protocol}: ${counted(told.busy + told.unkept, "report")} could not be kept: ${trouble}`,
        "mend the store",
      ),
    );
  if (failures > 0)
    found.push(wrong(`${protocol}: ${counted(failures, "question")} could not be decided: ${trouble}`, "tell us"));
  if (malformed > 0)
    found.push(
      wrong(`${protocol}: ${counted(malformed, "message")} could not be read`, "portcullis connect ... --check"),
    );
  if (fingerprintsRefused > 0)
    found.push(
      wrong(
        `${protocol} sends hashes of passwords where others can read them on their way; they are not used`,
        "ask over loopback, a Unix socket or TLS",
      ),
    );
  return found;
}

function ofInput({ input, signIns, malformed, dropped, trouble }: ServiceState["inputs"][number]): Finding {
  const what = `${input}: ${counted(signIns, "sign-in")} read`;
  if (trouble !== "") return wrong(`${what}; ${trouble}`, "then it goes on by itself");
  if (dropped > 0)
    return wrong(`${what}, ${counted(dropped, "message")} lost on the way`, "send by TCP or TLS instead of UDP");
  if (malformed > 0)
    return note(`${what}, ${counted(malformed, "line")} that could not be`, "portcullis scan FILE --malformed");
  return right(what);
}

/** Fewer tell nothing yet. */
const TELLING_MIN = 50;
const ADDRESSLESS_SHARE = 0.1;
const AHEAD_MAX = 300_000;

function ofSignIns(watch: NonNullable<ServiceState["watch"]>, desks: readonly DeskState[], now: Millis): Finding[] {
  const { successes, failures, addressless, toldAgain, judged, last, trouble } = watch;
  const found: Finding[] = [];
  if (trouble !== "")
    found.push(
      wrong(`what comes in cannot be kept, and is not judged: ${trouble}`, "make room, or the store writable"),
    );
  if (last - now > AHEAD_MAX)
    found.push(
      wrong(
        `a sign-in is dated ${utcMinute(last)} UTC, in the future: a server's clock is wrong`,
        "timedatectl on your servers; NTP; inputs.timezone",
      ),
    );
  if (successes === 0 && failures > TELLING_MIN)
    found.push(
      missing(
        "only failures come in: nobody can become familiar, and who falls is not seen",
        "log successful sign-ins, too",
      ),
    );
  if (addressless > (successes + failures) * ADDRESSLESS_SHARE && successes + failures > TELLING_MIN)
    found.push(
      missing(
        `${Math.round((100 * addressless) / (successes + failures))}% of the sign-ins have no address: a proxy hides it`,
        "gate.forwarders for a proxy that tells it; login_trusted_networks for Dovecot's webmail",
      ),
    );
  if (desks.some((desk) => desk.protocol === "dovecot" && isUsed(desk)) && toldAgain > judged / 10)
    found.push(
      note(
        `${counted(toldAgain, "sign-in")} came from Dovecot's reports and its log; each counts once`,
        "follow the log of other servers only",
      ),
    );
  return found;
}
