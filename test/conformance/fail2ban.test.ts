/**
 * fail2ban's own samples through our sources: every line that it takes for a failed sign-in must be one here, from the
 * same address (and at the same time, on the same account where it says one); no line that it knows to be none may be
 * one. The samples are not part of the project; where they are not at hand the tests are skipped and say so.
 */
import { fail2banServices } from "./fail2ban-samples.ts";
import { testConformance } from "./suite.ts";

testConformance({ peer: "fail2ban", services: fail2banServices, theirsMin: 390 });
