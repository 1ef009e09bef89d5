/** Why the gate answers as it does: everything that it knows of one account at one address, as values for a person to read. */
import type { Millis } from "#/platform/units.ts";
import type { Service } from "#/signin/signin.ts";
import { normaliseAccount } from "#/signin/account.ts";
import { canonicalAddress } from "#/signin/address.ts";
import type { Verdict } from "./attempt.ts";
import type { Acquaintance, KnownNetwork } from "./familiar-networks.ts";
import type { Gate } from "./gate.ts";
import type { Numbered } from "./posture.ts";
import { type ThreatKind, threatKinds } from "./threat.ts";
import type { Threat } from "./threats.ts";

export type Explanation = {
  readonly at: Millis;
  /** The name under which the account is kept. */
  readonly account: string;
  readonly address: string;
  readonly service: Service;
  readonly verdict: Verdict;
  readonly isEnforcing: boolean;
  readonly isReady: boolean;
  readonly acquaintance: Acquaintance;
  /** Its familiar networks, the last used first. */
  readonly networks: readonly KnownNetwork[];
  /** What strangers are refused for here. Hot passwords are not among it, since nobody tried one. */
  readonly threats: readonly (Threat & { readonly kind: ThreatKind })[];
  /** The change that set the posture for it, and the one that blocks its network. */
  readonly posture: Numbered | undefined;
  readonly block: Numbered | undefined;
};

export function explain(gate: Gate, account: string, address: string, service: Service, at: Millis): Explanation {
  const attempt = {
    at,
    account: normaliseAccount(account),
    accountGiven: account,
    address: canonicalAddress(address),
    service,
    server: "",
    client: "",
    passwordFingerprint: "",
  };
  const facts = gate.facts(attempt);
  return {
    at,
    account: gate.familiar.nameOf(attempt.account),
    address: attempt.address,
    service,
    verdict: gate.decide(attempt),
    isEnforcing: gate.isEnforcing(at),
    isReady: gate.isReady,
    acquaintance: facts.acquaintance,
    networks: gate.familiar.of(attempt.account, at),
    threats: threatKinds.flatMap((kind) => {
      const threat = facts.threats[kind];
      return threat === undefined ? [] : [{ kind, ...threat }];
    }),
    posture: facts.posture?.entry,
    block: facts.block,
  };
}
