/** The tests that are the same for every peer: what differs is listed, and what is listed differs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Peer, folders, isPresent, peerNames, software, softwareOf } from "./peers.ts";
import { casesOf, tallies } from "./tally.ts";

export type Suite = {
  readonly peer: Peer;
  readonly services: () => readonly string[];
  /** Failed sign-ins that the suite has at least, so that an empty folder does not pass. */
  readonly theirsMin: number;
};

export function testConformance({ peer, services, theirsMin }: Suite): void {
  const name = peerNames[peer];
  const skip = isPresent(peer) ? false : `no test suite at ${folders[peer]}: set PORTCULLIS_DATA`;
  const tallied = skip === false ? tallies(peer) : [];

  test(`every part of ${name}'s test suite is known, and read unless it is said why not`, { skip }, () => {
    assert.deepEqual(
      services().filter((service) => softwareOf(peer, service) === undefined),
      [],
      "say in peers.ts which software these are about",
    );
  });

  for (const tally of tallied) {
    test(`${name}'s lines of ${tally.software.name} are read as ${name} does, or listed as a difference`, () => {
      assert.deepEqual(tally.unexplained, []);
    });
  }

  test(`${name}'s suite was really read`, { skip }, () => {
    const read = tallied.reduce((sum, tally) => sum + tally.read, 0);
    assert.ok(read >= theirsMin, `only ${read} failed sign-ins were read`);
  });

  test(`what is said to be unread of ${name}'s suite is not read by anybody`, { skip }, () => {
    const unread = software.filter((one) => one.unread !== undefined);
    const read = unread.filter((one) =>
      (one[peer] ?? []).some((service) =>
        casesOf(peer, service, one).some(({ entry }) => entry.told.some(({ kind }) => kind === "evidence")),
      ),
    );
    assert.deepEqual(
      read.map((one) => one.name),
      [],
      "take `unread` off these in peers.ts",
    );
  });
}
