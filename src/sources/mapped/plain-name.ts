/** "sourceIPAddress", "Source_IP-Address" and "source ip address" alike: words in lower case with blanks between. */
export function plainName(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replace(/[\s_.:/()[\]-]+/g, " ")
    .trim()
    .toLowerCase();
}
