const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** Four decimal bytes without leading zeros. */
export function isIpv4(text: string): boolean {
  return ipv4.test(text);
}

export function isIpv6(text: string): boolean {
  return /^[0-9a-fA-F:.]+$/.test(text) && text.includes(":") && URL.canParse(`http://[${text}]`);
}

/** Messages as of api/machinery/names: [] for an IP address. */
export function isIp(text: string): string[] {
  return isIpv4(text) || isIpv6(text)
    ? []
    : ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"];
}

export function isCidr(text: string): string[] {
  const [address = "", prefix = "", ...rest] = text.split("/");
  const most = isIpv4(address) ? 32 : isIpv6(address) ? 128 : -1;
  const isPrefix = /^\d{1,3}$/.test(prefix) && Number(prefix) <= most;
  return isPrefix && rest.length === 0
    ? []
    : ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"];
}
