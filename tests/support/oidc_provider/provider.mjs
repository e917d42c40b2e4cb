// A certified OpenID provider with its own sign-in page. What it is to be is the first argument, as JSON; it ends with its stdin.
//
// An account is made, or changed, by `POST /accounts?account=subject|address|verified|methods`; its subject is what one types there,
// and its methods (RFC 8176) are what it then says that somebody proved who they are by.
import { Provider } from "oidc-provider";

const { issuer, clients, jwks } = JSON.parse(process.argv[2]);

const accounts = new Map();

const provider = new Provider(issuer, {
  clients,
  jwks,
  claims: { openid: ["sub", "amr"], email: ["email", "email_verified"] },
  cookies: { keys: ["of a test"] },
  enabledJWA: { idTokenSigningAlgValues: ["RS256", "PS256", "ES256", "EdDSA"] },
  pkce: { required: () => true },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3600, IdToken: 600, Interaction: 600, Session: 3600 },
  findAccount: (_, subject) => {
    const known = accounts.get(subject);
    const { email, email_verified } = known ?? {};
    return known && { accountId: subject, claims: () => ({ sub: subject, email, email_verified }) };
  },
  // nobody is asked whether the studio may know their address
  loadExistingGrant: async (ctx) => {
    const { client, session } = ctx.oidc;
    session.amr = accounts.get(session.accountId).methods;
    const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid email");
    await grant.save();
    return grant;
  },
});

provider.use(async (ctx, next) => {
  if (ctx.path !== "/accounts") return next();
  const [subject, email, verified, methods = "pwd"] = ctx.query.account.split("|");
  accounts.set(subject, { email, email_verified: verified === "verified", methods: methods.split(" ") });
  ctx.status = 204;
});

process.stdin.on("end", () => process.exit(0)).resume();
provider.listen(Number(new URL(issuer).port), "127.0.0.1", () => console.log("listening"));
