/**
 * Loaded before every test file: properties are tried with the same examples each time, so that `npm test` says the same
 * twice about the same code. `npm run fuzz` tries fresh ones, and names the seed of what fails.
 */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["FUZZ_SEED"] ?? "20170623") });
