/** Every peer's rule that the benchmark plays. */
import { crowdsec, crowdsecSlow } from "./crowdsec.ts";
import { elastic } from "./elastic.ts";
import { fail2ban } from "./fail2ban.ts";
import { javedPaxson } from "./javed-paxson.ts";
import type { Peer } from "./peer.ts";
import { sentinelEntra, sentinelOkta } from "./sentinel.ts";
import { splunk } from "./splunk.ts";
import { stopGuessing } from "./stop-guessing.ts";
import { zeek } from "./zeek.ts";

export const peers: readonly Peer[] = [
  fail2ban,
  crowdsec,
  crowdsecSlow,
  sentinelEntra,
  sentinelOkta,
  splunk,
  elastic,
  zeek,
  stopGuessing,
  javedPaxson,
];
