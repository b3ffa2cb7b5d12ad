import type { OAuthSettings } from '#contract/oauth.ts'
import type { Problem, ProblemCode } from '#contract/problem.ts'
import { placeOf } from './heard-answer.ts'

/** An error answer of Microsoft Entra (v2.0): `error`, `error_description`, `error_codes`, `suberror`; empty where it said nothing. */
export type EntraError = { error: string; description: string; codes: number[]; suberror: string }

/** Of which request it is the answer. `clockAheadMs` is how far the authority's clock is ahead of ours. */
export type EntraAsked = { server: string; settings: OAuthSettings; clockAheadMs: number }

/**
 * What an error of Entra means, by its AADSTS code and else by its OAuth error. `serverSaid` is its first sentence without trace and correlation
 * ids. https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function entraProblem(said: EntraError, asked: EntraAsked): Problem {
  const known = codesOf(said).filter((code) => code in kindByCode)
  // 70002 accompanies more exact codes in older answers.
  const code = known.find((one) => one !== 70002) ?? known[0]
  const byCode = code === undefined ? undefined : kindByCode[code]
  const kind = code === 70002 ? kindOf70002(said.description) : (byCode ?? kindByError[said.error] ?? 'token-refused')
  return problemOf(kind, wordsOf(said), asked)
}

/** What can be read in a page of the sign-in service, which shows some errors to the user only; null where there is none. */
export function entraErrorIn(text: string): EntraError | null {
  const found = /AADSTS(\d{4,8})(?::\s*([^<"\\]{0,400}))?/.exec(text)
  return found === null ? null : { error: '', description: `AADSTS${found[1] ?? ''}${found[2] === undefined ? '' : `: ${found[2]}`}`, codes: [Number(found[1])], suberror: '' }
}

type Kind = Extract<
  ProblemCode,
  | 'sign-in-idle-too-long' | 'sign-in-revoked' | 'client-secret-expired' | 'client-secret-wrong' | 'client-unknown' | 'tenant-unknown' | 'redirect-url-refused' | 'scope-refused'
  | 'consent-missing' | 'sign-in-interaction-needed' | 'sign-in-declined' | 'sign-in-timed-out' | 'signed-in-as-another' | 'wrong-cloud' | 'sign-in-flow-refused' | 'key-file-unusable'
  | 'clock-wrong' | 'token-refused' | 'credentials-refused' | 'server-busy'
>

/** The comments are the names of the table on the page above; those marked (gk) are not on it and come from answers seen in practice. */
const kindByCode: Readonly<Record<number, Kind>> = {
  70008: 'sign-in-idle-too-long', // ExpiredOrRevokedGrant: "expired due to inactivity"
  700082: 'sign-in-idle-too-long', // ExpiredOrRevokedGrantInactiveToken
  50173: 'sign-in-revoked', // FreshTokenNeeded: "an admin or a user revoked the tokens"
  50132: 'sign-in-revoked', // SsoArtifactInvalidOrExpired: "password expiration or recent password change"
  50133: 'sign-in-revoked', // SsoArtifactRevoked: "password expiration or recent password change"
  50089: 'sign-in-revoked', // "Authentication failed due to flow token expired … or are revoked"
  50057: 'sign-in-revoked', // UserDisabled: the account is disabled
  70000: 'sign-in-revoked', // InvalidGrant: "The refresh token isn't valid"
  700003: 'sign-in-revoked', // device object deleted or disabled (gk)
  700084: 'sign-in-revoked', // refresh token of a single page app, fixed lifetime
  54005: 'sign-in-revoked', // authorization code already redeemed
  9002313: 'token-refused', // InvalidRequest: malformed
  7000222: 'client-secret-expired', // InvalidClientSecretExpiredKeysProvided
  7000215: 'client-secret-wrong', // "Invalid client secret is provided"
  50012: 'client-secret-wrong', // AuthenticationFailed; a certificate makes it key-file-unusable below
  70002: 'client-secret-wrong', // InvalidClient; see kindOf70002
  700016: 'client-unknown', // UnauthorizedClient_DoesNotMatchRequest
  700011: 'client-unknown', // UnauthorizedClientAppNotFoundInOrgIdTenant
  70001: 'client-unknown', // UnauthorizedClient: the application is disabled
  7000112: 'client-unknown', // UnauthorizedClientApplicationDisabled
  700005: 'tenant-unknown', // InvalidGrantRedeemAgainstWrongTenant
  90002: 'tenant-unknown', // InvalidTenantName
  900023: 'tenant-unknown', // "neither a valid DNS name nor a valid external domain" (gk)
  50059: 'tenant-unknown', // MissingTenantRealmAndNoUserInformationProvided
  50128: 'tenant-unknown', // "Invalid domain name"
  90019: 'tenant-unknown', // MissingTenantRealm
  50194: 'tenant-unknown', // not a multitenant application: /common and /organizations are not for it
  9001023: 'tenant-unknown', // grant type not supported over /common or /consumers
  90130: 'tenant-unknown', // NonConvergedAppV2GlobalEndpointNotSupported
  50011: 'redirect-url-refused', // InvalidReplyTo
  500112: 'redirect-url-refused', // the reply address of the code differs from that of the request (gk)
  70004: 'redirect-url-refused', // InvalidRedirectUri
  900971: 'redirect-url-refused', // "No reply address provided"
  70011: 'scope-refused', // InvalidScope
  28002: 'scope-refused', // scope not valid when requesting an access token
  28003: 'scope-refused', // scope can't be empty
  65005: 'scope-refused', // MisconfiguredApplication: resource not in its required resource access list
  650053: 'scope-refused', // asked for a scope that doesn't exist on the resource (gk)
  650057: 'scope-refused', // Invalid resource: not listed in the requested permissions
  700022: 'scope-refused', // InvalidMultipleResourcesScope
  700023: 'scope-refused', // InvalidResourcelessScope
  1002012: 'scope-refused', // client credentials take /.default alone (gk)
  500011: 'scope-refused', // InvalidResourceServicePrincipalNotFound
  50001: 'scope-refused', // InvalidResource
  650052: 'scope-refused', // "a service that your organization hasn't subscribed to or enabled"
  65001: 'consent-missing', // DelegationDoesNotExist
  650056: 'consent-missing', // Misconfigured application: no permissions listed or not consented
  90008: 'consent-missing', // TokenForItselfRequiresGraphPermission
  90094: 'consent-missing', // AdminConsentRequired
  90095: 'consent-missing', // AdminConsentRequiredRequestAccess
  90099: 'consent-missing', // not authorized in the tenant
  9002341: 'consent-missing', // the user is required to permit single sign-on
  50105: 'consent-missing', // EntitlementGrantsNotFound: the user isn't assigned to the app
  50072: 'sign-in-interaction-needed', // UserStrongAuthEnrollmentRequiredInterrupt
  50074: 'sign-in-interaction-needed', // UserStrongAuthClientAuthNRequiredInterrupt
  50076: 'sign-in-interaction-needed', // UserStrongAuthClientAuthNRequired
  50078: 'sign-in-interaction-needed', // UserStrongAuthExpired
  50079: 'sign-in-interaction-needed', // UserStrongAuthEnrollmentRequired
  50055: 'sign-in-interaction-needed', // InvalidPasswordExpiredPassword
  50058: 'sign-in-interaction-needed', // UserInformationNotProvided
  50097: 'sign-in-interaction-needed', // DeviceAuthenticationRequired
  50125: 'sign-in-interaction-needed', // PasswordResetRegistrationRequiredInterrupt
  50129: 'sign-in-interaction-needed', // DeviceIsNotWorkplaceJoined
  50131: 'sign-in-interaction-needed', // ConditionalAccessFailed
  50144: 'sign-in-interaction-needed', // InvalidPasswordExpiredOnPremPassword
  50158: 'sign-in-interaction-needed', // ExternalSecurityChallenge
  53000: 'sign-in-interaction-needed', // DeviceNotCompliant
  53001: 'sign-in-interaction-needed', // DeviceNotDomainJoined
  53002: 'sign-in-interaction-needed', // ApplicationUsedIsNotAnApprovedApp
  53003: 'sign-in-interaction-needed', // BlockedByConditionalAccess
  53004: 'sign-in-interaction-needed', // ProofUpBlockedDueToRisk
  530032: 'sign-in-interaction-needed', // BlockedByConditionalAccessOnSecurityPolicy
  530035: 'sign-in-interaction-needed', // BlockedBySecurityDefaults
  70043: 'sign-in-interaction-needed', // BadTokenDueToSignInFrequency
  700020: 'sign-in-interaction-needed', // InteractionRequired
  65004: 'sign-in-declined', // UserDeclinedConsent
  90120: 'sign-in-declined', // InvalidDeviceFlowRequest: "already authorized or declined"
  70016: 'sign-in-timed-out', // AuthorizationPending, when nobody waits any longer
  70019: 'sign-in-timed-out', // CodeExpired
  70020: 'sign-in-timed-out', // the device code expired (gk)
  50020: 'signed-in-as-another', // UserUnauthorized: the account does not exist in the tenant
  50034: 'signed-in-as-another', // UserAccountNotFound
  51004: 'signed-in-as-another', // UserAccountNotInDirectory
  50014: 'signed-in-as-another', // GuestUserInPendingState
  16000: 'signed-in-as-another', // the account doesn't exist in the tenant
  16003: 'signed-in-as-another', // SsoUserAccountNotFoundInResourceTenant
  500208: 'signed-in-as-another', // no valid login domain for the account type
  90072: 'signed-in-as-another', // PassThroughUserMfaError: the external account doesn't exist on the tenant
  50126: 'credentials-refused', // InvalidUserNameOrPassword
  50053: 'credentials-refused', // IdsLocked, or a sign-in from a malicious address
  90038: 'wrong-cloud', // NationalCloudTenantRedirection
  90043: 'wrong-cloud', // NationalCloudAuthCodeRedirection
  90051: 'wrong-cloud', // InvalidNationalCloudId
  90123: 'wrong-cloud', // IdentityProviderAccessDenied
  900382: 'wrong-cloud', // "Confidential Client isn't supported in Cross Cloud request"
  900432: 'wrong-cloud', // "Confidential Client isn't supported in Cross Cloud request"
  1000104: 'wrong-cloud', // XCB2BResourceCloudNotAllowedOnIdentityTenant
  50049: 'wrong-cloud', // NoSuchInstanceForDiscovery
  7000218: 'sign-in-flow-refused', // client_assertion or client_secret missing: public client flows are not allowed
  700025: 'sign-in-flow-refused', // InvalidClientPublicClientWithCredential
  70003: 'sign-in-flow-refused', // UnsupportedGrantType
  70005: 'sign-in-flow-refused', // UnsupportedResponseType
  700024: 'clock-wrong', // client assertion is not within its valid time range (gk)
  500133: 'clock-wrong', // assertion isn't within its valid time range
  700021: 'key-file-unusable', // client assertion application identifier doesn't match (gk)
  700027: 'key-file-unusable', // client assertion failed signature validation
  700030: 'key-file-unusable', // invalid certificate
  50013: 'key-file-unusable', // InvalidAssertion
  50048: 'key-file-unusable', // SubjectMismatchesIssuer
  7000214: 'key-file-unusable', // certificate was revoked (gk)
  50033: 'server-busy', // RetryableError
  50087: 'server-busy', // SasRetryableError
  50196: 'server-busy', // LoopDetected: "too many of the same request in too short a period"
  90006: 'server-busy', // ExternalServerRetryableError
  90012: 'server-busy', // RequestTimeout
  90024: 'server-busy', // RequestBudgetExceededError
  90033: 'server-busy', // MsodsServiceUnavailable
  90055: 'server-busy', // TenantThrottlingError
  90090: 'server-busy', // GraphRetryableError
  90091: 'server-busy' // GraphServiceUnreachable
}

/** RFC 6749 4.1.2.1 and 5.2, RFC 8628 3.5, OpenID Connect Core 3.1.2.6. */
const kindByError: Readonly<Record<string, Kind>> = {
  access_denied: 'sign-in-declined',
  authorization_declined: 'sign-in-declined',
  authorization_pending: 'sign-in-timed-out',
  expired_token: 'sign-in-timed-out',
  invalid_grant: 'sign-in-revoked',
  invalid_scope: 'scope-refused',
  invalid_resource: 'scope-refused',
  invalid_tenant: 'tenant-unknown',
  consent_required: 'consent-missing',
  interaction_required: 'sign-in-interaction-needed',
  login_required: 'sign-in-interaction-needed',
  unauthorized_client: 'client-unknown',
  invalid_client: 'client-secret-wrong',
  unsupported_grant_type: 'sign-in-flow-refused',
  unsupported_response_type: 'sign-in-flow-refused',
  temporarily_unavailable: 'server-busy',
  server_error: 'server-busy'
}

// "The provided client is not supported for this feature. The client application must be marked as 'mobile.'" has the code of a wrong secret.
const kindOf70002 = (description: string): Kind => (/marked as 'mobile|not supported for this feature/i.test(description) ? 'sign-in-flow-refused' : 'client-secret-wrong')

function problemOf(kind: Kind, serverSaid: string, { server, settings, clockAheadMs }: EntraAsked): Problem {
  const said = { server, serverSaid }
  switch (kind) {
    case 'client-unknown': return { code: kind, clientId: settings.clientId, ...said }
    case 'tenant-unknown': return { code: kind, tenant: settings.tenant, ...said }
    case 'redirect-url-refused': return { code: kind, redirectUrl: settings.redirectUrl, ...said }
    case 'scope-refused': return { code: kind, scope: settings.scope, ...said }
    case 'signed-in-as-another': return { code: kind, server, wanted: settings.user === '' ? settings.tenant : settings.user, got: accountIn(serverSaid) }
    case 'credentials-refused': return { code: kind, user: settings.user, ...said }
    case 'sign-in-timed-out': return { code: kind, server }
    case 'sign-in-flow-refused': return { code: kind, flow: settings.flow, ...said }
    case 'key-file-unusable': return { code: kind, server, reason: serverSaid }
    case 'clock-wrong': return { code: kind, offByMs: -clockAheadMs, ...said }
    case 'server-busy': return { code: kind, ...placeOf(settings.tokenUrl), serverSaid }
    default: return { code: kind, ...said }
  }
}

/** Codes in the order in which they explain: those of the description first, the last of them being the most exact. */
function codesOf({ description, codes }: EntraError): number[] {
  const described = [...description.matchAll(/AADSTS(\d{4,8})/g)].map(([, digits]) => Number(digits)).reverse()
  return [...new Set([...described, ...codes])]
}

function wordsOf({ error, description, codes }: EntraError): string {
  const words = description
    .split(/\s*(?:\r?\n|Trace ID:|Correlation ID:|Timestamp:)/)[0]
    ?.replace(/[A-Za-z0-9_\-.~]{60,}/g, '(hidden)')
    .trim() ?? ''
  const coded = words.includes('AADSTS') || codes.length === 0 ? words : `AADSTS${codes[0] ?? ''}: ${words}`
  return (coded === '' ? error : coded).slice(0, 600)
}

const accountIn = (words: string): string => /'([^'\s]+@[^'\s]+)'/.exec(words)?.[1] ?? 'an account that is not in this tenant'
