const NAMES: Record<string, string> = {
  client_credentials: "client credentials",
  authorization_code: "sign-in of a user",
  api_key: "API key",
  basic: "user and password",
  device_code: "device code",
};

/** A way to connect in words. */
export function grantName(grant: string): string {
  return NAMES[grant] ?? grant.replaceAll("_", " ");
}
