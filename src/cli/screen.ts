// What the terminal can do, looked at once: width, colour, characters. NO_COLOR and TERM=dumb are honoured.

export type Screen = {
  /** Columns; 80 where it is no terminal. */
  readonly width: number;
  readonly color: boolean;
  /** Whether the locale is UTF-8. */
  readonly unicode: boolean;
  readonly outputIsTerminal: boolean;
  readonly errorIsTerminal: boolean;
  print(text: string): void;
  error(text: string): void;
};

const WIDTH_MAX = 110;
const WIDTH_MIN = 30;

export function createScreen(
  environment: NodeJS.ProcessEnv,
  output: NodeJS.WriteStream,
  errors: NodeJS.WriteStream,
): Screen {
  const isTerminal = output.isTTY;
  const columns = isTerminal ? output.columns : Number(environment["COLUMNS"] ?? 80);
  const locale = environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"] ?? "";
  const forced = environment["FORCE_COLOR"] !== undefined && environment["FORCE_COLOR"] !== "0";
  const plain = (environment["NO_COLOR"] ?? "") !== "" || environment["TERM"] === "dumb";
  return {
    width: Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, columns || 80)),
    color: (isTerminal || forced) && !plain,
    // A pipe says nothing of who reads it; UTF-8 is what everybody reads today. Only a locale that says otherwise counts.
    unicode: locale === "" || /utf-?8/i.test(locale),
    outputIsTerminal: isTerminal,
    errorIsTerminal: errors.isTTY,
    print: (text) => void output.write(text),
    error: (text) => void errors.write(text),
  };
}
