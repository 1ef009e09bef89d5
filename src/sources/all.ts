// Every log format that is read. An entry whose program none of them claims is offered to them in this order.
import { accessLog } from "#/sources/access-log/access-log.ts";
import { adfs } from "#/sources/adfs/adfs.ts";
import { apache } from "#/sources/apache/apache.ts";
import { authelia } from "#/sources/authelia/authelia.ts";
import { authentik } from "#/sources/authentik/authentik.ts";
import { caddy } from "#/sources/caddy/caddy.ts";
import { courier } from "#/sources/courier/courier.ts";
import { cyrus } from "#/sources/cyrus/cyrus.ts";
import { dovecot } from "#/sources/dovecot/dovecot.ts";
import { dropbear } from "#/sources/dropbear/dropbear.ts";
import { entra } from "#/sources/entra/entra.ts";
import { exchange } from "#/sources/exchange/exchange.ts";
import { exim } from "#/sources/exim/exim.ts";
import { gitea } from "#/sources/gitea/gitea.ts";
import { gitlab } from "#/sources/gitlab/gitlab.ts";
import { google } from "#/sources/google/google.ts";
import { grafana } from "#/sources/grafana/grafana.ts";
import { haproxy } from "#/sources/haproxy/haproxy.ts";
import { horde } from "#/sources/horde/horde.ts";
import { iis } from "#/sources/iis/iis.ts";
import { keycloak } from "#/sources/keycloak/keycloak.ts";
import { lighttpd } from "#/sources/lighttpd/lighttpd.ts";
import { m365 } from "#/sources/m365/m365.ts";
import { nextcloud } from "#/sources/nextcloud/nextcloud.ts";
import { nginx } from "#/sources/nginx/nginx.ts";
import { ocsf } from "#/sources/ocsf/ocsf.ts";
import { okta } from "#/sources/okta/okta.ts";
import { openssh } from "#/sources/openssh/openssh.ts";
import { openvpn } from "#/sources/openvpn/openvpn.ts";
import { pam } from "#/sources/pam/pam.ts";
import { perdition } from "#/sources/perdition/perdition.ts";
import { postfix } from "#/sources/postfix/postfix.ts";
import { proftpd } from "#/sources/proftpd/proftpd.ts";
import { proxmox } from "#/sources/proxmox/proxmox.ts";
import { pureFtpd } from "#/sources/pure-ftpd/pure-ftpd.ts";
import { roundcube } from "#/sources/roundcube/roundcube.ts";
import { sendmail } from "#/sources/sendmail/sendmail.ts";
import { sogo } from "#/sources/sogo/sogo.ts";
import { squirrelmail } from "#/sources/squirrelmail/squirrelmail.ts";
import { uwImap } from "#/sources/uw-imap/uw-imap.ts";
import { vaultwarden } from "#/sources/vaultwarden/vaultwarden.ts";
import { vsftpd } from "#/sources/vsftpd/vsftpd.ts";
import { webmin } from "#/sources/webmin/webmin.ts";
import { windows } from "#/sources/windows/windows.ts";
import { zimbra } from "#/sources/zimbra/zimbra.ts";
import type { Source } from "./source.ts";

export const sources: readonly Source[] = [
  dovecot,
  postfix,
  openssh,
  cyrus,
  courier,
  exim,
  sendmail,
  zimbra,
  uwImap,
  perdition,
  exchange,
  iis,
  roundcube,
  sogo,
  horde,
  squirrelmail,
  nginx,
  apache,
  accessLog,
  caddy,
  haproxy,
  lighttpd,
  nextcloud,
  vaultwarden,
  authelia,
  authentik,
  keycloak,
  gitea,
  gitlab,
  grafana,
  proxmox,
  webmin,
  vsftpd,
  proftpd,
  pureFtpd,
  openvpn,
  dropbear,
  windows,
  adfs,
  entra,
  m365,
  okta,
  google,
  ocsf,
  pam,
];
