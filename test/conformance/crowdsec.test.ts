/**
 * CrowdSec's own tests through our sources: every line whose fields it asserts to be a failed (or successful) sign-in must be
 * one here, from the same address and on the same account where it says one; no other line of its parsers' tests may be a
 * failure. The tests are not part of the project; where they are not at hand they are skipped and say so.
 */
import { crowdsecServices } from "./crowdsec-samples.ts";
import { testConformance } from "./suite.ts";

testConformance({ peer: "crowdsec", services: crowdsecServices, theirsMin: 500 });
