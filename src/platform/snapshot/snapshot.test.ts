import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Kinds } from "./kinds.ts";
import { type Restored, readSnapshot } from "./read.ts";
import { writeSnapshot } from "./write.ts";

class Person {
  readonly name: string;
  private age = 0;
  friends: Person[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get isGrown(): boolean {
    return this.age >= 18;
  }

  grow(years: number): void {
    this.age += years;
  }
}

class Counter {
  readonly step: () => number;
  total = 0;

  constructor(step: () => number) {
    this.step = step;
  }
}

const people = new Kinds([{ name: "person", create: () => new Person("") }]);

const bytesOf = (root: object, kinds = people): Buffer => Buffer.concat([...writeSnapshot(root, kinds)]);

function wholeOf(restored: Restored): unknown {
  assert.equal(restored.kind, "whole");
  return restored.kind === "whole" ? restored.root : undefined;
}

const again = (root: object, kinds = people): unknown => wholeOf(readSnapshot(bytesOf(root, kinds), kinds));

test("what is read back is what was written, and writes the same bytes", () => {
  const numbers = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.constantFrom(-0, 0, 191, 192, 255, 65_535, 65_536, 2 ** 31, -1),
  );
  const texts = fc.string({ unit: fc.integer({ min: 0, max: 65_535 }).map((unit) => String.fromCharCode(unit)) });
  const { node } = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.oneof(numbers, texts, fc.boolean(), fc.constant(undefined), fc.constant(null)),
      fc.array(tie("node")),
      fc.array(fc.tuple(tie("node"), tie("node"))).map((pairs) => new Map(pairs)),
      fc.array(tie("node")).map((members) => new Set(members)),
      fc.dictionary(fc.oneof(texts, fc.constantFrom("__proto__", "length", "constructor")), tie("node"), {
        noNullPrototype: true,
      }),
      fc.float32Array(),
      fc.uint8Array(),
    ),
  }));
  fc.assert(
    fc.property(node, (value) => {
      const before = { value };
      const restored = again(before);
      assert.deepStrictEqual(restored, before);
      assert.ok(typeof restored === "object" && restored !== null);
      assert.ok(bytesOf(restored).equals(bytesOf(before)));
    }),
  );
});

test("what is shared is shared again, cycles close, and classes have their methods and private fields", () => {
  const ana = new Person("ana");
  const bea = new Person("bea");
  ana.friends.push(bea, ana);
  bea.friends.push(ana);
  ana.grow(40);
  const restored = again({ first: ana, all: new Map([[bea, new Set([ana])]]) });
  assert.ok(typeof restored === "object" && restored !== null && "first" in restored && "all" in restored);
  const { first, all } = restored;
  assert.ok(first instanceof Person && all instanceof Map);
  assert.ok(first.isGrown);
  assert.equal(first.friends[1], first);
  assert.equal(first.friends[0]?.friends[0], first);
  assert.deepEqual([...all.keys()], [first.friends[0]]);
  assert.ok([...all.values()].every((friends) => friends instanceof Set && friends.has(first)));
});

test("a chain of a hundred thousand is no deeper than one of two", () => {
  let last = new Person("last");
  for (let index = 0; index < 100_000; index += 1) {
    const one = new Person(String(index));
    one.friends.push(last);
    last = one;
  }
  let restored = again(last);
  let length = 0;
  for (; restored instanceof Person; restored = restored.friends[0]) length += 1;
  assert.equal(length, 100_001);
});

test("holes, texts and arrays longer than a chunk, and empty Maps in long rows stay what they are", () => {
  const sparse: unknown[] = [1];
  sparse[3] = undefined;
  const root = {
    sparse,
    text: "ü".repeat(1_500_000),
    wide: "\ud800x".repeat(700_000),
    floats: new Float64Array(300_000).fill(0.1),
    maps: Array.from({ length: 600_000 }, () => new Map()),
  };
  const restored = again(root);
  assert.deepStrictEqual(restored, root);
  assert.ok([...writeSnapshot(root, people)].length > 5);
});

test("fields that are apart are as a fresh one has them", () => {
  const kindsOf = (step: () => number): Kinds =>
    new Kinds([{ name: "counter", create: () => new Counter(step), apart: ["step"] }]);
  const counter = new Counter(() => 1);
  counter.total = 7;
  const restored = wholeOf(
    readSnapshot(
      bytesOf(
        counter,
        kindsOf(() => 1),
      ),
      kindsOf(() => 2),
    ),
  );
  assert.ok(restored instanceof Counter);
  assert.equal(restored.total, 7);
  assert.equal(restored.step(), 2);
});

test("what the program has anyway is named, and read back as the very same", () => {
  const none: readonly string[] = [];
  const kinds = new Kinds([], [none]);
  const restored = again({ one: none, other: [] }, kinds);
  assert.ok(typeof restored === "object" && restored !== null && "one" in restored && "other" in restored);
  assert.equal(restored.one, none);
  assert.notEqual(restored.other, none);
  assert.deepEqual(readSnapshot(bytesOf({}, kinds), people), { kind: "other" });
});

test("what nobody can write down, and what is of no kind, is refused rather than left out", () => {
  const late = new Person("late");
  Object.assign(late, { nickname: "l" });
  const cases: readonly [object, RegExp][] = [
    [{ run: () => 1 }, /cannot hold a function; there is one in Object \{ run \}/],
    [{ many: 1n }, /cannot hold a bigint/],
    [{ at: new Date(0) }, /Date is of no kind/],
    [[new Counter(() => 1)], /Counter is of no kind that a snapshot knows; there is one in Array/],
    [{ weak: new WeakMap() }, /WeakMap is of no kind/],
    [late, /has other fields than a fresh one/],
  ];
  for (const [root, message] of cases) assert.throws(() => bytesOf(root), message);
  assert.throws(() => new Kinds([{ name: "person", create: () => new Person(""), apart: ["nose"] }]), /no field nose/);
  assert.throws(
    () => new Kinds(["one", "other"].map((name) => ({ name, create: () => new Person("") }))),
    /one name or class/,
  );
});

test("bytes that changed anywhere, or were cut off anywhere, are damaged", () => {
  const bytes = bytesOf({ people: [new Person("ana")], numbers: new Float64Array(2) });
  for (let at = 0; at < bytes.length; at += 1) {
    assert.deepEqual(readSnapshot(bytes.subarray(0, at), people), { kind: "damaged" });
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 4;
    assert.deepEqual(readSnapshot(changed, people), { kind: "damaged" });
  }
});

test("a snapshot of other kinds, or of other fields of them, is not read", () => {
  const bytes = bytesOf({ people: [] });
  const others = new Kinds([{ name: "people", create: () => new Person("") }]);
  const fewer = new Kinds([{ name: "person", create: () => new Person(""), apart: ["friends"] }]);
  for (const kinds of [others, fewer]) assert.deepEqual(readSnapshot(bytes, kinds), { kind: "other" });
});
