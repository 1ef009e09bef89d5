/**
 * Which requests are sign-ins. A POST to the path of a sign-in form or service is an attempt; what its answer means
 * differs by application, and only where an application's answers are known to tell success from failure is a success
 * read: a redirect after a sign-in form is a success for WordPress and the answer to both for Nextcloud.
 */
import type { Service } from "#/signin/signin.ts";

export type SignInPath = {
  readonly service: Service;
  /** The status that only a successful sign-in gets; 0 where no status tells. */
  readonly success: number;
  /** A status besides 401, 403, 423 and 429 that only a failed sign-in gets; 0 where there is none. */
  readonly failure: number;
};

const form: SignInPath = { service: "web", success: 0, failure: 0 };
const wordPress: SignInPath = { service: "web", success: 302, failure: 200 };
const roundcube: SignInPath = { service: "webmail", success: 302, failure: 200 };
const sogo: SignInPath = { service: "webmail", success: 200, failure: 0 };
const outlook: SignInPath = { service: "webmail", success: 0, failure: 0 };
const authelia: SignInPath = { service: "sso", success: 200, failure: 0 };
const singleSignOn: SignInPath = { service: "sso", success: 0, failure: 0 };

/** The last part of a path, without its extension, that sign-in forms and services use. */
const names = new Map<string, SignInPath>([
  ...[
    "login",
    "log-in",
    "log_in",
    "logon",
    "signin",
    "sign-in",
    "sign_in",
    "user_login",
    "session",
    "sessions",
    "authenticate",
    "authentication",
    "j_security_check",
    "j_spring_security_check",
    "xmlrpc",
    "auth",
  ].map((name): [string, SignInPath] => [name, form]),
  ["wp-login", wordPress],
  ["firstfactor", authelia],
  ["token", singleSignOn],
]);

const extensions = /\.(?:php|html?|aspx?|jsp|do|action|cgi|pl)$/;

/** What a POST to `target` (path and query as requested) is an attempt at; undefined where it is no sign-in. */
export function signInPath(target: string): SignInPath | undefined {
  const queryAt = target.indexOf("?");
  const query = queryAt < 0 ? "" : target.slice(queryAt + 1);
  if (query.includes("_task=login")) return roundcube;
  const path = plainPath(queryAt < 0 ? target : target.slice(0, queryAt));
  const last = path.slice(path.lastIndexOf("/") + 1);
  if (last === "auth.owa") return outlook;
  if (last === "connect") return path.includes("/sogo/") ? sogo : undefined;
  const found = names.get(last.replace(extensions, ""));
  if (found === wordPress) return isOtherAction(query) ? undefined : wordPress;
  if (found === singleSignOn) return /\/(?:connect|oauth2?|openid-connect)\/token$/.test(path) ? found : undefined;
  return found === form && path.includes("/login-actions/") ? singleSignOn : found;
}

/** In lower case, without what would hide it from a look but not from the server: `%2E`, `;x=y`, a slash at the end. */
function plainPath(path: string): string {
  let plain = path.slice(0, TARGET_LOOKED_AT).toLowerCase();
  if (plain.includes("%")) {
    plain = plain.replace(/%([2-7][0-9a-f])/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)).toLowerCase(),
    );
  }
  const parameters = plain.indexOf(";");
  if (parameters >= 0) plain = plain.slice(0, parameters);
  return plain.endsWith("/") ? plain.slice(0, -1) : plain;
}

/** WordPress serves lost passwords, registration and password-protected posts from its sign-in page too. */
function isOtherAction(query: string): boolean {
  return /(?:^|&)action=(?!login(?:&|$))/.test(query);
}

const authenticated: readonly (readonly [string, Service])[] = [
  ["/microsoft-server-activesync", "activesync"],
  ["/ews/", "ews"],
  ["/mapi/", "ews"],
  ["/rpc/rpcproxy.dll", "ews"],
  ["/autodiscover/", "ews"],
  ["/oab/", "ews"],
  ["/sogo/dav/", "webmail"],
  ["/remote.php/dav", "web"],
  ["/remote.php/webdav", "web"],
  ["/remote.php/caldav", "web"],
  ["/remote.php/carddav", "web"],
];

/**
 * The service at `target` that answers with 2xx only to who has shown a name and password. Elsewhere the name in an
 * access log proves nothing: nginx writes down the name that the client sent, asked for or not.
 */
export function authenticatedService(target: string): Service | undefined {
  const path = target.slice(0, TARGET_LOOKED_AT).toLowerCase();
  for (const [part, service] of authenticated) {
    if (path.startsWith(part) || (part.startsWith("/remote.php") && path.includes(part))) {
      return path.includes("/public") ? undefined : service;
    }
  }
  return undefined;
}

const TARGET_LOOKED_AT = 1_000;
