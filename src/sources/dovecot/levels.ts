/** The levels that Dovecot writes before its messages in its own log files, and the worse ones in syslog too. */

export const DEBUG = 68;
export const ERROR = 69;
export const WARNING = 87;

/** The first letter of the level at `from`, as a code; 0 where none stands there. */
export function levelAt(text: string, from: number): number {
  return afterLevel(text, from) > from ? text.charCodeAt(from) : 0;
}

/** Past "Info: " and the like; `from` where no level stands there. */
export function afterLevel(text: string, from: number): number {
  switch (text.charCodeAt(from)) {
    case 73:
      return text.startsWith("Info: ", from) ? from + 6 : from;
    case ERROR:
      return text.startsWith("Error: ", from) ? from + 7 : from;
    case WARNING:
      return text.startsWith("Warning: ", from) ? from + 9 : from;
    case DEBUG:
      return text.startsWith("Debug: ", from) ? from + 7 : from;
    default:
      return from;
  }
}
