/**
 * The kinds of objects that a snapshot may hold besides plain objects, arrays, Maps, Sets, typed arrays and the simple values: classes, each by a
 * name that stays. All own fields of an instance are kept, so that a new one cannot be forgotten; only those that are named as apart are
 * not. A class's #private fields are out of reach here: one whose instances are kept has ordinary fields (`private`).
 */

export type Kind = {
  readonly name: string;
  /**
   * A fresh instance, made as the program makes them, whose fields are then overwritten: so V8 lays it out as all others, and what is read back runs as
   * fast. What its arguments are does not matter, but their types do.
   */
  readonly create: () => object;
  /** Fields that a fresh instance has right: settings, and functions, which nobody can write down. */
  readonly apart?: readonly string[];
};

/** A kind, and what follows from a fresh instance of it. */
export type KnownKind = {
  readonly name: string;
  readonly create: () => object;
  readonly prototype: unknown;
  /** All fields, in their order. */
  readonly fields: readonly string[];
  /** Those that are kept. */
  readonly kept: readonly string[];
};

export class Kinds {
  readonly all: readonly KnownKind[];
  /** Objects that never change and that the program has anyway: they are named, and read back as the very same. */
  readonly constants: readonly object[];
  readonly #byPrototype: ReadonlyMap<unknown, number>;

  /** @throws Error where two have one name or class, or a field that is to be apart does not exist. */
  constructor(kinds: readonly Kind[], constants: readonly object[] = []) {
    this.all = kinds.map(known);
    this.constants = constants;
    this.#byPrototype = new Map(this.all.map(({ prototype }, index) => [prototype, index]));
    const names = new Set(this.all.map(({ name }) => name));
    if (this.#byPrototype.size < kinds.length || names.size < kinds.length)
      throw new Error("Two kinds of a snapshot have one name or class.");
  }

  /** Where in `all` the objects of this prototype are; undefined where they are of no kind. */
  indexOf(prototype: unknown): number | undefined {
    return this.#byPrototype.get(prototype);
  }

  /** Differs where what is kept of any kind differs. */
  get signature(): string {
    return JSON.stringify([this.constants.length, ...this.all.map(({ name, kept }) => [name, ...kept])]);
  }
}

function known({ name, create, apart = [] }: Kind): KnownKind {
  const fresh = create();
  const fields = Object.keys(fresh);
  const missing = apart.find((field) => !fields.includes(field));
  if (missing !== undefined) throw new Error(`A ${name} has no field ${missing}.`);
  return {
    name,
    create,
    prototype: Object.getPrototypeOf(fresh),
    fields,
    kept: fields.filter((field) => !apart.includes(field)),
  };
}

/** The fields of an object, whatever it is. */
export const fieldsOf = (object: object): Record<string, unknown> => object as Record<string, unknown>;
