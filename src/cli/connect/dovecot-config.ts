/** What `doveconf -n` prints: "name = value" lines, and blocks of them in braces. */

export type Config = {
  /** A setting of the whole server; "" where it is not set. */
  readonly setting: (name: string) => string;
  /** auth_policy_request_attributes, in the words of 2.3 or 2.4; undefined where it is as by default. */
  readonly attributes: () => ReadonlyMap<string, string> | undefined;
  readonly isPenaltyOff: boolean;
};

export function readConfig(text: string): Config {
  const settings = new Map<string, string>();
  const inside: string[] = [];
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (line === "}") inside.pop();
    else if (line.endsWith("{")) inside.push(line.slice(0, -1).trim());
    else {
      const equals = line.indexOf("=");
      if (equals > 0)
        settings.set([...inside, line.slice(0, equals).trim()].join(" > "), unquoted(line.slice(equals + 1).trim()));
    }
  }
  return {
    setting: (name) => settings.get(name) ?? "",
    attributes: () => attributesOf(settings),
    isPenaltyOff: [...settings].some(
      ([name, value]) =>
        /^service anvil > unix_listener (?:\S+\/)?anvil-auth-penalty > mode$/.test(name) && /^0+$/.test(value),
    ),
  };
}

const NAME = "auth_policy_request_attributes";

function attributesOf(settings: ReadonlyMap<string, string>): Map<string, string> | undefined {
  const block = [...settings].filter(([name]) => name.startsWith(`${NAME} > `));
  if (block.length > 0) return new Map(block.map(([name, value]) => [name.slice(NAME.length + 3), value]));
  const line = settings.get(NAME);
  if (line === undefined) return undefined;
  return new Map(
    line.split(/\s+/).map((pair) => {
      const equals = pair.indexOf("=");
      return equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

const unquoted = (value: string): string => /^"(.*)"$/.exec(value)?.[1] ?? value;
