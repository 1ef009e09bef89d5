// What comes in live: which logs are followed, where syslog and pushes are taken, and from whom.
import type { Units } from "#/platform/settings.ts";
import { type Duration, hours } from "#/platform/units.ts";

export type Settings = {
  /** Logs to follow: paths, patterns ("/var/log/*.log") and directories. A log that does not exist yet is waited for. */
  readonly follow: readonly string[];
  /** Directories into which rotation puts old logs, if not beside them (logrotate's `olddir`). */
  readonly rotatedIn: readonly string[];
  /** Zone of times that have none, such as Europe/London. */
  readonly timezone: string;
  /** Which field is which in JSON or CSV of a format of your own, as after `scan --map`: time=when,account=user,address=ip,outcome=result. */
  readonly map: string;
  /** Whether the systemd journal is followed. */
  readonly journal: boolean;
  /** Only what these units say (dovecot.service); none for all. */
  readonly journalUnits: readonly string[];
  /** Where the journal's files are, if it is not this machine's own (/var/log/journal/remote). */
  readonly journalFolder: string;
  /** Where syslog is taken by UDP, as host:port; "" for nowhere. UDP loses messages and anybody can forge their sender: loopback at best. */
  readonly syslogUdp: string;
  /** Where syslog is taken by TCP, as host:port; "" for nowhere. */
  readonly syslogTcp: string;
  /** Where syslog is taken by TLS, as host:port; "" for nowhere. */
  readonly syslogTls: string;
  /** The key for TLS, a PEM file. */
  readonly syslogTlsKey: string;
  /** The certificate for TLS with its chain, a PEM file. It is read again when it changes. */
  readonly syslogTlsCertificate: string;
  /** Authorities, a PEM file: only clients with a certificate of theirs may send; "" for anybody who may connect. */
  readonly syslogTlsClients: string;
  /** Addresses and networks that may send syslog; none for anybody who reaches the port. Whoever may send can make any account look attacked. */
  readonly syslogFrom: readonly string[];
  /** Bytes of one syslog message; longer ones are passed over and counted. */
  readonly syslogMessageMax: number;
  /** Connections to each of TCP and TLS; one more is closed at once. */
  readonly syslogConnectionsMax: number;
  /** How long a connection may be silent before it is closed. */
  readonly syslogIdle: Duration;
  /** A file with a line "name: SHA-256 of the token" for each who may push by HTTP; "" for nobody. */
  readonly pushTokens: string;
  /** Bytes of one push as it is sent; unpacked it may be sixteen times as long. */
  readonly pushBodyMax: number;
  /** Where a pushed line has an id of its own, with dots (log.id), so that it counts once however often it is pushed; "" for nowhere but in OCSF. */
  readonly pushIdField: string;
};

/**
 * Nothing comes in unless it is said. A message of 64 KiB is longer than any that rsyslog or syslog-ng send as they come (8 KiB and 64 KiB). An
 * hour outlasts the silence of a server by night: one that was cut off loses what it sends before it notices.
 */
export const defaults: Settings = {
  follow: [],
  rotatedIn: [],
  timezone: "UTC",
  map: "",
  journal: false,
  journalUnits: [],
  journalFolder: "",
  syslogUdp: "",
  syslogTcp: "",
  syslogTls: "",
  syslogTlsKey: "",
  syslogTlsCertificate: "",
  syslogTlsClients: "",
  syslogFrom: [],
  syslogMessageMax: 65_536,
  syslogConnectionsMax: 256,
  syslogIdle: hours(1),
  pushTokens: "",
  pushBodyMax: 4_194_304,
  pushIdField: "",
};

export const units: Units<Settings> = {
  follow: "names",
  rotatedIn: "names",
  timezone: "text",
  map: "text",
  journal: "yes-or-no",
  journalUnits: "names",
  journalFolder: "text",
  syslogUdp: "text",
  syslogTcp: "text",
  syslogTls: "text",
  syslogTlsKey: "text",
  syslogTlsCertificate: "text",
  syslogTlsClients: "text",
  syslogFrom: "names",
  syslogMessageMax: "count",
  syslogConnectionsMax: "count",
  syslogIdle: "duration",
  pushTokens: "text",
  pushBodyMax: "count",
  pushIdField: "text",
};
