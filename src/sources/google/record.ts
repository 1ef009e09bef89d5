/**
 * Finds the sign-in activity of Google Workspace in its own shapes: the Reports API's activities, the same in Cloud
 * Logging (audit logs of login.googleapis.com), and rows that the admin console exports in English. What others make of
 * them is found in exporters.ts.
 */
import { objectOf, scalarOf, textOf } from "#/sources/json-text.ts";
import type { Json, JsonObject } from "#/sources/source.ts";

export type GoogleEvent = {
  /** As the Reports API calls it: "login_failure". */
  readonly name: string;
  /** Values by the parameter's name; a list stands as a list. */
  readonly parameters: ReadonlyMap<string, readonly string[]>;
};

export type GoogleActivity = {
  readonly time: Json | undefined;
  /** Whose log it is: "login", "saml". */
  readonly application: string;
  readonly account: string;
  readonly address: string;
  readonly events: readonly GoogleEvent[];
};

export function googleActivity(value: JsonObject): GoogleActivity | undefined {
  if (value["kind"] === "admin#reports#activity") return fromReports(value);
  const payload = value["protoPayload"];
  if (payload !== undefined) return fromCloudLogging(value, objectOf(payload));
  return fromConsole(value);
}

export function fromReports(value: JsonObject): GoogleActivity {
  const id = objectOf(value["id"]);
  return {
    time: id["time"],
    application: textOf(id["applicationName"]),
    account: textOf(objectOf(value["actor"])["email"]),
    address: textOf(value["ipAddress"]),
    events: listOf(value["events"]).map((event) => ({
      name: textOf(event["name"]),
      parameters: parametersOf(event["parameters"]),
    })),
  };
}

const SERVICE = "login.googleapis.com";

function fromCloudLogging(value: JsonObject, payload: JsonObject): GoogleActivity | undefined {
  if (payload["serviceName"] !== SERVICE) return undefined;
  return {
    time: value["timestamp"],
    application: "login",
    account: textOf(objectOf(payload["authenticationInfo"])["principalEmail"]),
    address: textOf(objectOf(payload["requestMetadata"])["callerIp"]),
    events: listOf(objectOf(payload["metadata"])["event"]).map((event) => ({
      name: textOf(event["eventName"]),
      parameters: parametersOf(event["parameter"]),
    })),
  };
}

/** What the console calls the API's events; "" for those that are no sign-ins. */
const consoleNames: ReadonlyMap<string, string> = new Map([
  ["Successful login", "login_success"],
  ["Failed login", "login_failure"],
  ["Login challenge", "login_challenge"],
  ["Login verification", "login_verification"],
  ["Logout", ""],
  ["Suspicious login", ""],
  ["Suspicious login (less secure app)", "suspicious_login_less_secure_app"],
  ["Suspicious programmatic login", "suspicious_programmatic_login"],
  ["Leaked password", ""],
  ["Account password change", ""],
  ["2-step verification enroll", ""],
  ["2-step verification disable", ""],
]);

function fromConsole(value: JsonObject): GoogleActivity | undefined {
  const event = scalarOf(value["Event"] ?? value["Event name"] ?? value["Event Name"]);
  const name = consoleNames.get(event) ?? (event.startsWith("login_") ? event : undefined);
  const time = value["Date"];
  const address = value["IP address"] ?? value["IP Address"];
  if (name === undefined || time === undefined || address === undefined) return undefined;
  const parameters = new Map<string, readonly string[]>();
  for (const [column, parameter] of consoleColumns) {
    const cell = scalarOf(value[column]);
    if (cell !== "") parameters.set(parameter, cell.slice(0, CELL_LENGTH_MAX).split(/[,;] ?/));
  }
  return {
    time,
    application: "login",
    account: scalarOf(value["Actor"] ?? value["User"] ?? value["Actor email"]).trim(),
    address: scalarOf(address).trim(),
    events: [{ name, parameters }],
  };
}

const CELL_LENGTH_MAX = 1_000;

const consoleColumns = [
  ["Challenge type", "login_challenge_method"],
  ["Login challenge method", "login_challenge_method"],
  ["Challenge status", "login_challenge_status"],
  ["Login challenge status", "login_challenge_status"],
  ["Login failure type", "login_failure_type"],
  ["Failure type", "login_failure_type"],
  ["Affected email address", "affected_email_address"],
] as const;

const EVENTS_MAX = 32;
const PARAMETERS_MAX = 64;
const VALUES_MAX = 64;

/** Elastic's agents make one activity of each event: there the list is the event itself. */
function listOf(value: Json | undefined): readonly JsonObject[] {
  const list: readonly Json[] = Array.isArray(value) ? value.slice(0, EVENTS_MAX) : value === undefined ? [] : [value];
  return list.map((item) => objectOf(item));
}

function parametersOf(list: Json | undefined): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  if (!Array.isArray(list)) return found;
  for (const item of list.slice(0, PARAMETERS_MAX)) {
    const parameter = objectOf(item);
    const many: Json | undefined = parameter["multiValue"] ?? parameter["multiStrValue"];
    const values: readonly Json[] = Array.isArray(many) ? many.slice(0, VALUES_MAX) : [parameter["value"] ?? ""];
    found.set(textOf(parameter["name"]), values.map(scalarOf));
  }
  return found;
}
