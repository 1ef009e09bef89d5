/** What `portcullis gate` says before a change is made: whom it hits, in numbers. */
import type { Preview } from "#/gate/control-messages.ts";
import { type Decision, scopeText } from "#/gate/posture.ts";
import type { Reach } from "#/gate/reach.ts";
import type { WouldHave } from "#/gate/would-have.ts";
import { counted, utcMinute } from "#/platform/units.ts";
import { codesText, safe } from "./gate-text.ts";

/** What is said before; "" for what hits nobody and needs no question. */
export function previewText(change: Decision, preview: Preview, isRunning: boolean): string {
  if (change.kind === "enforce") {
    if (preview.isEnforcing) return "The gate enforces already.\n";
    if (preview.unread !== "") return `Nobody can say now whom it would have hit: ${safe(preview.unread)}\n`;
    return preview.wouldHave.map((figures) => enforceText(figures, preview.at)).join("\n");
  }
  if (change.kind !== "block" && (change.kind !== "posture" || change.posture === "open")) return "";
  if (!isRunning) return "serve is not running, so nobody can say whom this will hit.\n";
  if (!preview.isReady) return "The gate is still reading who signs in from where, so it cannot say whom this hits.\n";
  const { reach } = preview;
  if (reach === undefined) return "";
  return change.kind === "block" && reach.hit === 0
    ? `Nobody signed in from around ${safe(change.network)} in the last 7 days.\n`
    : `${reachText(change, reach)}\n`;
}

/** Whether a person is to be asked: whatever may hit members. */
export function asks(change: Decision, { reach, isEnforcing }: Preview): boolean {
  switch (change.kind) {
    case "enforce":
      return !isEnforcing;
    case "posture":
      return change.posture !== "open";
    case "block":
      return (reach?.hit ?? 0) > 0;
    case "watch":
    case "unblock":
    case "undo":
      return false;
    default:
      return change satisfies never;
  }
}

function reachText(change: Extract<Decision, { kind: "posture" | "block" }>, reach: Reach): string {
  const { accounts, active, hit, names, breakGlass } = reach;
  const examples = names.length === 0 ? "" : ` (${names.map(safe).join(", ")}${hit > names.length ? ", ..." : ""})`;
  const ofActive = `Of ${counted(active, "account")} that signed in in the last 7 days`;
  if (change.kind === "block") {
    return `${counted(hit, "account")} signed in from around ${safe(change.network)} in the last 7 days${examples}; from there they will be refused.`;
  }
  const whom = safe(scopeText(change.scope));
  switch (change.posture) {
    case "closed":
      return (
        `This shuts out ${whom}: ${counted(accounts, "known account")}, ${active.toLocaleString("en-US")} of which signed in in the last 7 days.` +
        (change.scope.accounts !== ""
          ? ""
          : breakGlass === 0
            ? " There is no break-glass account (gate.breakGlass): nobody at all will get in."
            : ` ${counted(breakGlass, "break-glass account")} can still sign in.`)
      );
    case "on-site":
      return `${ofActive} (${whom}), ${hit.toLocaleString("en-US")} did so from outside the site networks${examples}; from there they will be refused.`;
    case "guarded":
      return (
        `${ofActive} (${whom}), ${hit.toLocaleString("en-US")} did so from a network that was new to them${examples}; about so many a week will ` +
        "be refused there. Everybody else goes on as usual."
      );
    case "open":
      return "";
    default:
      return change.posture satisfies never;
  }
}

function enforceText(figures: WouldHave, at: number): string {
  const days = Math.round((at - figures.since) / 86_400_000);
  const lines = [days === 1 ? "In the last day" : `In the last ${days} days`];
  if (figures.refused === 0) lines.push("  nothing would have been refused.");
  else {
    lines.push(
      `  ${figures.refused.toLocaleString("en-US")} attempts on ${counted(figures.accounts, "account")} from ${counted(figures.addresses, "address")} would have been refused: ${codesText(figures.byCode)}.`,
    );
    lines.push(
      figures.hurtPairs === 0
        ? "  None of them signed in from there afterwards: no member would have been hurt, as far as is known."
        : `  ${counted(figures.hurtAccounts, "account")} signed in from there afterwards, with the right password: members who would have been hurt, or thieves.`,
    );
    for (const { account, address, code, at: when } of figures.hurt) {
      lines.push(`    ${safe(account)} from ${safe(address)} at ${utcMinute(when)} UTC (${code})`);
    }
    if (figures.hurtPairs > figures.hurt.length) lines.push(`    and ${figures.hurtPairs - figures.hurt.length} more`);
    if (figures.isCut) lines.push("  There was more than could be looked at: the true figures are higher.");
  }
  if (figures.delayed > 0) lines.push(`  ${counted(figures.delayed, "attempt")} would have been made to wait.`);
  return `${lines.join("\n")}\n`;
}
