import { randomUUID } from 'node:crypto'

/** An error of Entra: its AADSTS code; the OAuth error, words and HTTP status where they differ from the table. */
export type EntraFault = { code: number; error?: string; says?: string; status?: number; suberror?: string; claims?: string }

/** OAuth error and words by AADSTS code. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const known: Readonly<Record<number, { error: string; says: string }>> = {
  16000: { error: 'interaction_required', says: "User account 'bob@fabrikam.example' from identity provider 'https://sts.example/' does not exist in tenant 'Contoso' and cannot access the application in that tenant." },
  50011: { error: 'invalid_request', says: "The redirect URI specified in the request does not match the redirect URIs configured for the application. Make sure the redirect URI sent in the request matches one added to your application." },
  50020: { error: 'invalid_grant', says: "User account 'bob@fabrikam.example' from identity provider 'live.com' does not exist in tenant 'Contoso' and cannot access the application in that tenant." },
  50058: { error: 'login_required', says: 'A silent sign-in request was sent but no user is signed in.' },
  50076: { error: 'invalid_grant', says: 'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.' },
  50079: { error: 'invalid_grant', says: 'Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication.' },
  50105: { error: 'invalid_grant', says: 'Your administrator has configured the application to block users unless they are specifically granted access to it.' },
  50133: { error: 'invalid_grant', says: 'The session is not valid due to password expiration or recent password change.' },
  50147: { error: 'invalid_request', says: 'Missing or invalid code_challenge parameter.' },
  50158: { error: 'invalid_grant', says: 'External security challenge not satisfied.' },
  50173: { error: 'invalid_grant', says: 'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.' },
  53003: { error: 'invalid_grant', says: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.' },
  54005: { error: 'invalid_grant', says: 'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.' },
  65001: { error: 'invalid_grant', says: "The user or administrator has not consented to use the application. Send an interactive authorization request for this user and resource." },
  65004: { error: 'access_denied', says: 'User declined to consent to access the app.' },
  65005: { error: 'invalid_client', says: 'The app needs access to a service that is not in its required resource access list.' },
  70000: { error: 'invalid_grant', says: 'Authentication failed. The refresh token is not valid.' },
  70002: { error: 'invalid_client', says: "The provided client is not supported for this feature. The client application must be marked as 'mobile.'" },
  70003: { error: 'unsupported_grant_type', says: 'The app requested an unsupported grant type.' },
  70005: { error: 'unsupported_response_type', says: 'The app requested an unsupported response type.' },
  70008: { error: 'invalid_grant', says: 'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.' },
  70011: { error: 'invalid_scope', says: "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid." },
  70016: { error: 'authorization_pending', says: 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.' },
  70018: { error: 'bad_verification_code', says: 'Invalid verification code.' },
  70020: { error: 'expired_token', says: 'The provided value for the input parameter device_code is not valid. This device code has expired.' },
  700016: { error: 'unauthorized_client', says: "Application with identifier was not found in the directory 'Contoso'. You may have sent your authentication request to the wrong tenant." },
  700024: { error: 'invalid_client', says: 'Client assertion is not within its valid time range.' },
  700025: { error: 'invalid_client', says: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented." },
  700027: { error: 'invalid_client', says: 'Client assertion failed signature validation. The key was not found.' },
  700082: { error: 'invalid_grant', says: 'The refresh token has expired due to inactivity. The token was issued on 2026-01-02T03:04:05.0000000Z and was inactive for 90.00:00:00.' },
  90002: { error: 'invalid_request', says: "Tenant 'nowhere.example' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud." },
  90014: { error: 'invalid_request', says: 'The required field is missing from the credential.' },
  90033: { error: 'temporarily_unavailable', says: 'A transient error has occurred. Please try again.' },
  90094: { error: 'access_denied', says: 'The grant requires admin permission.' },
  90123: { error: 'invalid_request', says: "The token can't be issued because the identity or claim issuance provider denied the request." },
  500112: { error: 'invalid_client', says: 'The reply address does not match the reply address provided when requesting the authorization code.' },
  501481: { error: 'invalid_grant', says: 'The Code_Verifier does not match the code_challenge supplied in the authorization request.' },
  900144: { error: 'invalid_request', says: 'The request body must contain a parameter that is missing.' },
  900382: { error: 'invalid_client', says: 'Confidential Client is not supported in Cross Cloud request.' },
  1002012: { error: 'invalid_scope', says: 'The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.' },
  7000215: { error: 'invalid_client', says: 'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.' },
  7000218: { error: 'invalid_client', says: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'." },
  7000222: { error: 'invalid_client', says: 'The provided client secret keys for the app are expired. Visit the Azure portal to create new keys for your app.' },
  9001023: { error: 'invalid_request', says: 'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.' }
}

/**
 * The body of an error answer, with the trace that Entra puts into every description.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes#handling-error-codes-in-your-application
 */
export function entraErrorBody(fault: EntraFault, now: number): { error: string; error_description: string; error_codes: number[]; [field: string]: unknown } {
  const row = known[fault.code]
  const timestamp = new Date(now).toISOString().replace('T', ' ').replace(/\.\d+Z$/, 'Z')
  const [trace, correlation] = [randomUUID(), randomUUID()]
  return {
    error: fault.error ?? row?.error ?? 'invalid_grant',
    error_description: `AADSTS${fault.code}: ${fault.says ?? row?.says ?? 'The sign-in was refused.'} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
    error_codes: [fault.code],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
    error_uri: `https://login.microsoftonline.com/error?code=${fault.code}`,
    ...(fault.suberror === undefined ? {} : { suberror: fault.suberror }),
    ...(fault.claims === undefined ? {} : { claims: fault.claims })
  }
}

/** 401 for a client that did not prove itself (RFC 6749 5.2), else 400. */
export const statusOf = (fault: EntraFault, error: string): number => fault.status ?? (error === 'invalid_client' ? 401 : error === 'temporarily_unavailable' ? 503 : 400)
