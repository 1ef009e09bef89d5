// What to shut out at the firewall, as part of what to do next, and whom that would hit.
import type { Campaign, Conclusion } from "#/incidents/conclusion.ts";
import { type Block, blocksOf, sharedNetworks } from "./blocks.ts";
import { hasNoSuccesses } from "./report.ts";
import type { Step } from "./step.ts";
import { addressText, count, list, listSome, percent } from "./words.ts";

const blocksShown = 6;

/** "203.0.113.9", or "203.0.113.0/24 (30 addresses)". */
export const blockText = ({ what, kind, addresses }: Block): string =>
  kind === "address" ? addressText(what) : `${addressText(what)} (${count(addresses, "address")})`;

/** Shuts out the few that make nearly all the attempts, but none from which members sign in. */
export function block(campaigns: readonly Campaign[], blocks: readonly Block[], conclusion: Conclusion): Step {
  const chosen = once(blocks.filter(({ members }) => members === 0));
  const used = once(blocks.filter(({ members }) => members > 0));
  const attempts = chosen.reduce((sum, one) => sum + one.attempts, 0);
  const whole = campaigns.reduce((sum, campaign) => sum + campaign.attempts, 0);
  return {
    id: "block-addresses",
    when: "now",
    kind: "do",
    action: `Block ${theBlocks(chosen)} at the firewall: ${listSome(chosen.map(blockText), blocksShown)}.`,
    points: [
      `${chosen.length === 1 ? "It makes" : "They make"} ${percent(attempts, whole)} of the attempts. --csv writes all the addresses to a file.`,
      whomItHits(conclusion),
      ...used
        .slice(0, blocksShown)
        .map(({ what, members }) => `Leave ${addressText(what)} open: ${signedIn(members)} from it, too.`),
      ...sharedWarnings(campaigns),
    ],
  };
}

const once = (blocks: readonly Block[]): readonly Block[] => [
  ...new Map(blocks.map((one) => [one.what, one])).values(),
];

/** "the address", "the 3 addresses", "the network and the 3 addresses". */
function theBlocks(blocks: readonly Block[]): string {
  const parts = (["network", "address"] as const).flatMap((kind) => {
    const amount = blocks.filter((one) => one.kind === kind).length;
    return amount === 0 ? [] : [amount === 1 ? `the ${kind}` : `the ${count(amount, kind)}`];
  });
  return list(parts);
}

/** What is known of the members who would be shut out with them: nothing, or that there were none. */
export const whomItHits = (conclusion: Conclusion): string =>
  hasNoSuccesses(conclusion)
    ? "This log shows no successful sign-in, so check first that none of your own people come from there: a shared office or university network has one address for all."
    : "In these logs none of your accounts signed in from there. Check all the same that it is no shared office or university network, which has one address for all.";

const signedIn = (members: number): string =>
  `${count(members, "account")} of your own ${members === 1 ? "signs" : "sign"} in`;

/** Of a campaign from everywhere: the networks that can be shut out whole. */
export function wholeNetworks(campaigns: readonly Campaign[], conclusion: Conclusion): readonly string[] {
  const networks = blocksOf(campaigns).filter(({ kind }) => kind === "network");
  if (networks.length === 0) return [];
  const them = networks.length === 1 ? "One network" : count(networks.length, "network");
  return [`${them} can be blocked whole: ${listSome(networks.map(blockText), blocksShown)}. ${whomItHits(conclusion)}`];
}

/** Networks that must not be shut out whole, though several of their addresses take part. */
export const sharedWarnings = (campaigns: readonly Campaign[]): readonly string[] =>
  sharedNetworks(campaigns)
    .slice(0, blocksShown)
    .map(
      (one) =>
        `${count(one.addresses, "address")} of ${addressText(one.what)} took part, but do not block it whole: ${signedIn(one.members)} from it.`,
    );
