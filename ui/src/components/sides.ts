/** Whose side a failure is on, so that a user knows whom to ask. */
const SIDES: [string, RegExp][] = [
  [
    "Network between here and the provider",
    /^(network|timeout|tls|tcp|dns|proxy|connect_failed|name_not_found|unreachable|reset|redirect|stall)/,
  ],
  [
    "Customer's side: their administrator can fix it",
    /^(needs_reauth|invalid_client|invalid_grant|invalid_scope|scope_refused|unsupported_grant_type|missing_scope|forbidden|unauthorized|signing|revoked|marking_refused)/,
  ],
  [
    "Provider's side",
    /^(provider|server_error|rate_limited|token_answer|maintenance|xml_answer|other_format|remote_not_found|loop_detected|truncated)/,
  ],
  ["This workspace", /^(workspace|vault|sealed|passphrase|keyring|keys|backup|audit)/],
  [
    "Your input",
    /^(invalid|missing|unknown|name_taken|no_|not_https|private_address|localhost|malformed|mode_unavailable|run_in_progress|host_not_declared|origin_not_approved|required_field)/,
  ],
];

/** In words; what matches nothing is ours. */
export function sideOf(code: string): string {
  return SIDES.find(([, codes]) => codes.test(code))?.[0] ?? "Crosswalk's side";
}
