/** nginx: asks about each request before it passes it on (auth_request), and tells afterwards how it ended. */
import {
  type Finding,
  type Page,
  type Places,
  type Server,
  TOKEN,
  missing,
  note,
  right,
  tokenHint,
  wrong,
} from "./server.ts";

export const nginx: Server = {
  title: "nginx",
  version: (probe) => /nginx\/([\d.]+)/.exec(probe("nginx", ["-v"])?.text ?? "")?.[1] ?? "",
  page,
  check(places, probe, config) {
    const read = probe("nginx", [...(config === "" ? [] : ["-c", config]), "-T"]);
    return read === undefined || read.status !== 0 ? undefined : findings(places, withoutComments(read.text));
  },
};

export const target = ({ url, socket }: Places, path: string): string =>
  socket === "" ? `${url}${path}` : `http://unix:${socket}:/${path}`;

const waits = ({ delay }: Places): number => Math.ceil(delay / 1_000) + 5;

function page(places: Places): Page {
  const key = places.hasTokens ? `\n  proxy_set_header X-API-Key ${TOKEN};` : "";
  return {
    parts: [
      {
        where: "the location in which people sign in, beside its proxy_pass",
        text: "auth_request /portcullis;\npost_action /portcullis-result;\n",
      },
      { where: "the same server { ... }, beside that location", text: locations(places, key) },
    ],
    reload: "nginx -t && systemctl reload nginx",
    undo: "take these lines out again, then nginx -t && systemctl reload nginx",
    changes: [
      "Each request there is asked about first; a stranger who is refused gets what a wrong password gets.",
      `While Portcullis does not answer, requests go on as before: at once where it is down, after at most ${waits(places)} s where it hangs.`,
    ],
    know: [
      "Put it where people sign in (the login page's POST), not before pictures and scripts.",
      `gate.forwarders in portcullis.yaml names nginx's address (127.0.0.1, where it is on this host): else the gate takes everybody for nginx itself.`,
      "The account is known where nginx sees it (Basic authentication, X-Forwarded-User). A form's user name it does not see: have the " +
        "site behind it ask over JSON instead (/v1/openapi.json).",
      "Where nginx itself checks passwords (auth_basic in the same location), it looks at the password first and asks about right ones only: " +
        "put the question into a server before it.",
      "$remote_addr is the member's address, unless another proxy stands before nginx: then set_real_ip_from and real_ip_header come first.",
      ...(places.hasTokens ? [tokenHint("nginx")] : []),
    ],
  };
}

const locations = (places: Places, key: string): string => `location = /portcullis {
  internal;
  proxy_pass ${target(places, "forward-auth")};
  proxy_pass_request_body off;
  proxy_set_header Content-Length "";
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Host $host;${key}
  proxy_connect_timeout 1s;
  # Longer than the gate lets a stranger wait (gate.delay).
  proxy_read_timeout ${waits(places)}s;
  error_page 500 502 503 504 =204 /portcullis-down;
}
location = /portcullis-down {
  internal;
  return 204;
}
location = /portcullis-result {
  internal;
  proxy_method POST;
  proxy_pass ${target(places, "forward-auth/result")};
  proxy_pass_request_body off;
  proxy_set_header Content-Length 0;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Host $host;
  proxy_set_header X-Original-Status $status;${key}
  proxy_connect_timeout 1s;
  proxy_read_timeout 2s;
}
`;

const withoutComments = (text: string): string => text.replaceAll(/(^|\s)#[^\n]*/g, "$1");

function findings(places: Places, text: string): Finding[] {
  const asked = new Set([...text.matchAll(/\bproxy_pass\s+([^;\s]+)\s*;/g)].map(([, where = ""]) => where));
  const found: Finding[] = [];
  const question = target(places, "forward-auth");
  if (!/\bauth_request\s+(?!off\b)\S+\s*;/.test(text))
    return [missing("auth_request is nowhere: nginx asks nobody", "portcullis connect nginx")];
  const other = [...asked].find((where) => /\/forward-auth\/?$/.test(where));
  if (asked.has(question)) found.push(right(`it asks Portcullis at ${question}`));
  else if (other === undefined) found.push(missing("its auth_request asks somebody else", `proxy_pass ${question};`));
  else found.push(wrong(`it asks ${other}, and Portcullis listens elsewhere`, `proxy_pass ${question};`));
  found.push(
    asked.has(target(places, "forward-auth/result"))
      ? right("it tells how requests end")
      : missing(
          "it does not tell how requests end: guesses are seen in its log at best",
          "post_action /portcullis-result;",
        ),
    /proxy_set_header\s+X-(?:Forwarded-For|Real-IP)\s+\$/i.test(text)
      ? right("it says for whom it asks")
      : wrong(
          "it does not say for whom it asks: everybody looks like nginx itself",
          "proxy_set_header X-Forwarded-For $remote_addr;",
        ),
    places.forwarders.length > 0
      ? right(`the gate believes ${places.forwarders.join(", ")}: nginx's address must be among them`)
      : missing(
          "gate.forwarders is empty: the gate believes no proxy, and takes everybody for nginx itself",
          'gate: { forwarders: ["127.0.0.1"] } in portcullis.yaml',
        ),
  );
  if (!/error_page[^;]*\b502\b[^;]*=204/.test(text))
    found.push(
      wrong(
        "while Portcullis does not answer, nobody gets in (500)",
        "error_page 500 502 503 504 =204 /portcullis-down; in the location that asks",
      ),
    );
  if (places.hasTokens && !/proxy_set_header\s+X-API-Key\s/i.test(text))
    found.push(missing("it shows no token, and Portcullis asks for one", `proxy_set_header X-API-Key ${TOKEN};`));
  if (/\bauth_basic\s+(?!off\b)/.test(text))
    found.push(note("auth_basic: where it stands in the location that asks, wrong passwords are never asked about"));
  return found;
}
