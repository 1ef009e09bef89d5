/** The peers, where their test suites are (no part of the project), and which software each part of them is about. */
import { existsSync } from "node:fs";
import { join } from "node:path";

export type Peer = "fail2ban" | "crowdsec";
export const peers: readonly Peer[] = ["fail2ban", "crowdsec"];
export const peerNames: Readonly<Record<Peer, string>> = { fail2ban: "fail2ban", crowdsec: "CrowdSec" };

const data = process.env["PORTCULLIS_DATA"] ?? join(import.meta.dirname, "../../../shared/data");

export const folders: Readonly<Record<Peer, string>> = {
  fail2ban: join(data, "fail2ban"),
  crowdsec: join(data, "crowdsec-hub"),
};

export const isPresent = (peer: Peer): boolean => existsSync(folders[peer]);

export type Software = {
  readonly name: string;
  /** fail2ban's sample files. */
  readonly fail2ban?: readonly string[];
  /** Folders of the tests in CrowdSec's hub. */
  readonly crowdsec?: readonly string[];
  /** Why none of our sources reads it, "" where there is no better reason than that; undefined where one does. */
  readonly unread?: string;
};

const dovecotTests = ["bf", "bf-no-overlap", "bf-user-enum"].map((name) => `dovecot-slow-${name}`);
const noSource = "";

/** Everything in the peers' suites, whether we read it or not. */
export const software: readonly Software[] = [
  {
    name: "Dovecot",
    fail2ban: ["dovecot"],
    crowdsec: [
      "dovecot-logs",
      ...dovecotTests,
      "dovecot-spam",
      "dovecot-time-based-bf",
      "dovecot-time-based-bf-user-enum",
    ],
  },
  {
    name: "Postfix",
    fail2ban: ["postfix"],
    crowdsec: ["postfix-logs", "postfix-sasl-bf", "postfix-spam", "postfix-helo", "postfix-non-smtp", "postfix-relay"],
  },
  {
    name: "OpenSSH",
    fail2ban: ["sshd", "sshd-journal", "zzz-sshd-obsolete-multiline"],
    crowdsec: [
      "sshd-logs",
      "sshd-logs-fp",
      "sshd-success-logs",
      "sshd-invalid-bf",
      "sshd-bad-keyexchange-bf",
      "sshd-impossible-travel",
      "sshd-impossible-travel-user",
      "sshd-refused-conn",
      "sshd_banner_exchange",
      "ssh-bf",
      "ssh-generic-test",
      "ssh-slow-bf",
      "ssh-time-based-bf",
      "ssh-timeout",
      "syslog-logs",
    ],
  },
  {
    name: "the Linux audit log",
    fail2ban: ["selinux-ssh"],
    unread: "it says again what sshd's own log says, and both together would count every attempt twice",
  },
  { name: "Cyrus IMAP", fail2ban: ["cyrus-imap", "sieve"] },
  { name: "Courier", fail2ban: ["courier-auth", "courier-smtp"] },
  { name: "Exim", fail2ban: ["exim"], crowdsec: ["exim-logs", "exim-syslog-logs", "exim-bf", "exim-spam"] },
  { name: "Sendmail", fail2ban: ["sendmail-auth"] },
  {
    name: "Exchange",
    crowdsec: [
      "exchange-imap-logs",
      "exchange-imap-bf",
      "exchange-pop-logs",
      "exchange-pop-bf",
      "exchange-smtp-logs",
      "exchange-smtp-bf",
    ],
  },
  { name: "Zimbra", crowdsec: ["zimbra-logs", "zimbra-bf"] },
  { name: "Perdition", fail2ban: ["perdition"] },
  { name: "UW IMAP", fail2ban: ["uwimap-auth"] },
  { name: "Roundcube", fail2ban: ["roundcube-auth"] },
  { name: "SOGo", fail2ban: ["sogo-auth"] },
  { name: "Horde", fail2ban: ["horde"] },
  { name: "SquirrelMail", fail2ban: ["squirrelmail"] },
  {
    name: "nginx",
    fail2ban: ["nginx-http-auth"],
    crowdsec: ["nginx-http-generic-bf", "nginx-mail-logs", "nginx-mail-bf"],
  },
  { name: "Apache", fail2ban: ["apache-auth", "apache-pass"] },
  { name: "lighttpd", fail2ban: ["lighttpd-auth"] },
  { name: "HAProxy", fail2ban: ["haproxy-http-auth"] },
  { name: "Caddy", crowdsec: ["caddy-basic-auth-bf"] },
  { name: "IIS", crowdsec: ["iis-xml-logs"] },
  { name: "BookStack", crowdsec: ["bookstack-logs"] },
  { name: "Nextcloud", crowdsec: ["nextcloud-logs", "nextcloud-bf"] },
  {
    name: "Vaultwarden and Bitwarden",
    fail2ban: ["vaultwarden", "bitwarden"],
    crowdsec: ["vaultwarden-logs", "vaultwarden-bf", "bitwarden-logs"],
  },
  { name: "Authelia", crowdsec: ["authelia-logs", "authelia-bf"] },
  { name: "authentik", crowdsec: ["authentik-logs", "authentik-bf"] },
  { name: "Keycloak", crowdsec: ["keycloak-logs", "keycloak-bf", "keycloak-slow-bf"] },
  { name: "GitLab", fail2ban: ["gitlab"], crowdsec: ["gitlab-logs"] },
  { name: "Grafana", fail2ban: ["grafana"], crowdsec: ["grafana-logs"] },
  { name: "Webmin", fail2ban: ["webmin-auth"], crowdsec: ["webmin-logs"] },
  { name: "Proxmox", crowdsec: ["proxmox-logs"] },
  { name: "vsftpd", fail2ban: ["vsftpd"], crowdsec: ["vsftpd-logs"] },
  { name: "ProFTPD", fail2ban: ["proftpd"], crowdsec: ["proftpd-logs"] },
  { name: "Pure-FTPd", fail2ban: ["pure-ftpd"], crowdsec: ["pureftpd-logs"] },
  { name: "OpenVPN", crowdsec: ["openvpn", "openvpn-bf"] },
  { name: "Dropbear", fail2ban: ["dropbear"], crowdsec: ["dropbear-logs"] },
  { name: "PAM", fail2ban: ["pam-generic"], crowdsec: ["pam-logs"] },
  { name: "Synology DSM", crowdsec: ["synology-dsm-logs"] },
  { name: "Windows", crowdsec: ["windows-logs", "windows-bf"] },
  { name: "Apereo CAS", crowdsec: ["apereo-cas-audit-logs"], unread: noSource },
  { name: "Centreon", fail2ban: ["centreon"], unread: noSource },
  { name: "CouchDB", crowdsec: ["couchdb-logs"], unread: noSource },
  { name: "Dante", fail2ban: ["dante"], unread: noSource },
  { name: "Domino SMTP", fail2ban: ["domino-smtp"], unread: noSource },
  { name: "Drupal", fail2ban: ["drupal-auth"], unread: noSource },
  { name: "Guacamole", fail2ban: ["guacamole"], unread: noSource },
  { name: "Kerio Connect", fail2ban: ["kerio"], unread: noSource },
  { name: "LemonLDAP::NG", crowdsec: ["lemonldap-ng-logs"], unread: noSource },
  { name: "Mailu admin", crowdsec: ["mailu-admin-logs"], unread: noSource },
  { name: "monit", fail2ban: ["monit"], unread: noSource },
  { name: "MySQL", fail2ban: ["mysqld-auth"], unread: noSource },
  { name: "Open WebMail", fail2ban: ["openwebmail"], unread: noSource },
  { name: "qmail", fail2ban: ["qmail"], unread: noSource },
  { name: "solid-pop3d", fail2ban: ["solid-pop3d"], unread: noSource },
  { name: "Teleport", crowdsec: ["teleport-logs"], unread: noSource },
  { name: "xrdp", fail2ban: ["xrdp"], unread: noSource },
];

/** The software that a part of a peer's suite is about. */
export const softwareOf = (peer: Peer, service: string): Software | undefined =>
  software.find((one) => one[peer]?.includes(service));
