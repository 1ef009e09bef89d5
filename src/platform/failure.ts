// What an operator can mend is a Failure: a stable code, and a message that says what to do. Anything else is a bug.

export type FailureCode =
  | "file-not-found"
  | "file-unreadable"
  | "file-empty"
  | "compression-broken"
  | "nothing-recognised"
  | "format-unknown"
  | "scenario-unknown"
  | "map-invalid"
  | "option-invalid"
  | "settings-invalid"
  | "output-unwritable"
  | "watch-stopped"
  | "report-late"
  | "report-lost"
  | "server-unreadable"
  | "doveadm-refused"
  | "gate-unreachable"
  | "gate-change-invalid"
  | "store-full"
  | "store-unwritable"
  | "store-locked"
  | "store-newer"
  | "store-damaged"
  | "tokens-invalid"
  | "gate-unguarded"
  | "listening-failed"
  | "certificate-unusable";

/** A problem that whoever runs Portcullis can mend. `message` says what is wrong and what to do about it. */
export class Failure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Failure";
    this.code = code;
  }
}
