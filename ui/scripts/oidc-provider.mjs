// An OpenID provider for the tests of signing in: PKCE required, refresh tokens rotated and their
// reuse punished, revocation, device codes, short lives. With an API of one thing behind it.
//
//   node oidc-provider.mjs [LIFE OF AN ACCESS TOKEN IN SECONDS]
//
// The first line on stdout is {"url"}. GET /facts tells what happened so far.
import http from "node:http";

import Provider from "oidc-provider";

const life = Number(process.argv[2] ?? 3600);
const facts = { codes: 0, refreshes: 0, revocations: 0, devices: 0, reuses: 0, refused: [] };

const server = http.createServer();
server.listen(0, "127.0.0.1", () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(url, {
    clients: [
      {
        client_id: "crosswalk-native",
        application_type: "native",
        token_endpoint_auth_method: "none",
        redirect_uris: ["http://127.0.0.1/callback"],
        response_types: ["code"],
        grant_types: [
          "authorization_code",
          "refresh_token",
          "urn:ietf:params:oauth:grant-type:device_code",
        ],
      },
    ],
    scopes: ["openid", "offline_access", "things.read"],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: (_, client, code) =>
      client.grantTypeAllowed("refresh_token") && code.scopes.has("offline_access"),
    ttl: { AccessToken: life, RefreshToken: 90 * 86_400, DeviceCode: 120 },
    features: {
      deviceFlow: { enabled: true },
      revocation: { enabled: true, allowedPolicy: () => true },
    },
  });
  provider.on("grant.success", ({ oidc }) => {
    const grant = oidc.params.grant_type;
    if (grant === "authorization_code") facts.codes += 1;
    if (grant === "refresh_token") facts.refreshes += 1;
    if (grant.endsWith("device_code")) facts.devices += 1;
  });
  provider.on("grant.error", ({ oidc }, error) => {
    const what = `${oidc.params?.grant_type} ${error.message} ${error.error_detail ?? ""}`;
    // A device asks until somebody has signed in.
    if (error.message !== "authorization_pending") facts.refused.push(what);
    if (/already used/.test(what)) facts.reuses += 1;
  });
  provider.use(async (ctx, next) => {
    if (ctx.path === "/facts") {
      ctx.body = facts;
    } else if (ctx.path === "/api/things") {
      const bearer = (ctx.get("authorization").match(/^Bearer (.+)$/) ?? [])[1];
      const token = bearer && (await provider.AccessToken.find(bearer));
      const allowed = token?.isValid && token.scope?.split(" ").includes("things.read");
      ctx.status = allowed ? 200 : 401;
      ctx.body = allowed ? [{ id: 1, name: "A thing" }] : { error: "invalid_token" };
    } else {
      await next();
      if (ctx.path === "/token/revocation" && ctx.status === 200) facts.revocations += 1;
    }
  });
  server.on("request", provider.callback());
  process.stdout.write(`${JSON.stringify({ url })}\n`);
});

// Ends with the test that started it.
process.stdin.on("end", () => process.exit(0)).resume();
