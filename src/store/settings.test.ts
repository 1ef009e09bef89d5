import assert from "node:assert/strict";
import { test } from "node:test";
import { defaults, flushOf } from "./settings.ts";

test("flush is one of two words, and an error names both", () => {
  assert.equal(flushOf(defaults), "process");
  assert.equal(flushOf({ ...defaults, flush: "power" }), "power");
  assert.throws(() => flushOf({ ...defaults, flush: "always" }), {
    code: "settings-invalid",
    message: /store\.flush is "always": write "process" .* or "power"/,
  });
});
