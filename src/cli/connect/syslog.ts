/** rsyslog: sends on what it hears from the mail server and from sign-ins, for what no server asks the gate about. */
import { type Page, type Places, type Server, missing, right } from "./server.ts";

const FILE = "/etc/rsyslog.d/90-portcullis.conf";

export const syslog: Server = {
  title: "rsyslog",
  version: (probe) => /rsyslogd\s+v?(\d[\d.]*)/.exec(probe("rsyslogd", ["-v"])?.text ?? "")?.[1] ?? "",
  page: (places): Page => ({
    parts: [{ where: FILE, text: action(places) }],
    reload: "rsyslogd -N1 && systemctl restart rsyslog",
    undo: `rm ${FILE} && systemctl restart rsyslog`,
    changes: [
      "rsyslog sends lines of the mail server and of sign-ins on; it writes its own logs as before.",
      "While Portcullis does not take them, they wait on disk, at most 256 MB, and are sent later.",
    ],
    know: [
      "Where Portcullis runs on the same host, inputs.follow (or inputs.journal) is simpler, and loses nothing on the way.",
      "What Dovecot reports to the gate and tells its log counts once.",
      "Whoever can send to that port can make any account look attacked: loopback, or inputs.syslogFrom, or TLS with client certificates.",
    ],
  }),
  check(places, probe, config) {
    const read = probe("cat", [config === "" ? FILE : config]);
    if (read === undefined || read.status !== 0)
      return [missing(`${FILE} is not there: rsyslog sends nothing on`, "portcullis connect syslog")];
    const { host, port } = placeOf(places);
    const text = read.text.replaceAll(/^\s*#.*$/gm, "");
    return text.includes(`target="${host}"`) && text.includes(`port="${port}"`)
      ? [right(`it sends to ${places.syslog}`)]
      : [missing(`it does not send to ${places.syslog}`, "portcullis connect syslog")];
  },
};

function placeOf({ syslog: place }: Places): { readonly host: string; readonly port: string } {
  const colon = place.lastIndexOf(":");
  return { host: place.slice(0, colon).replaceAll(/[[\]]/g, ""), port: place.slice(colon + 1) };
}

function action(places: Places): string {
  const { host, port } = placeOf(places);
  return `if ($syslogfacility-text == "mail" or $syslogfacility-text == "auth" or $syslogfacility-text == "authpriv") then {
  action(type="omfwd" target="${host}" port="${port}" protocol="tcp" TCP_Framing="octet-counted"
    template="RSYSLOG_SyslogProtocol23Format" action.resumeRetryCount="-1"
    queue.type="LinkedList" queue.filename="portcullis" queue.maxDiskSpace="256m" queue.saveOnShutdown="on")
}
`;
}
