// The systemd unit: nothing in it that systemd does not know, and shut as far as the program allows.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./support/command.ts";
import { lacks } from "./support/servers/packages.ts";

test("systemd finds the service's unit secure", { skip: lacks("systemd") }, () => {
  const unit = join(root, "deploy/portcullis.service");
  // In tenths of its scale from 0 (shut) to 10: beyond it, it fails.
  const args = ["security", "--offline=true", "--no-pager", "--threshold=15", unit];
  const { status, stdout, stderr } = spawnSync("systemd-analyze", args, { encoding: "utf8" });
  assert.equal(status, 0, `${stdout}${stderr}`);
  assert.match(stdout, /Overall exposure level for portcullis\.service: [\d.]+ OK/);
  assert.doesNotMatch(stderr, /Unknown|Failed to parse/i);
});
