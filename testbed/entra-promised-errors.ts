import type { ProblemCode } from '#contract/problem.ts'

/** What every AADSTS error that is translated must become. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
export const promisedEntraErrors: readonly [ProblemCode, readonly number[]][] = [
  ['sign-in-idle-too-long', [70008, 700082]],
  ['sign-in-revoked', [50057, 50089, 50132, 50133, 50173, 54005, 70000, 700003, 700084]],
  ['client-secret-expired', [7000222]],
  ['client-secret-wrong', [7000215, 50012]],
  ['client-unknown', [70001, 700011, 700016, 7000112]],
  ['tenant-unknown', [50059, 50128, 50194, 90002, 90019, 90130, 700005, 900023, 9001023]],
  ['redirect-url-refused', [50011, 70004, 500112, 900971]],
  ['scope-refused', [28002, 28003, 50001, 65005, 70011, 500011, 650052, 650053, 650057, 700022, 700023, 1002012]],
  ['consent-missing', [50105, 65001, 650056, 90008, 90094, 90095, 90099, 9002341]],
  ['sign-in-interaction-needed', [50055, 50058, 50072, 50074, 50076, 50078, 50079, 50097, 50125, 50129, 50131, 50144, 50158, 53000, 53001, 53002, 53003, 53004, 70043, 530032, 530035, 700020]],
  ['sign-in-declined', [65004, 90120]],
  ['sign-in-timed-out', [70016, 70019, 70020]],
  ['signed-in-as-another', [16000, 16003, 50014, 50020, 50034, 51004, 90072, 500208]],
  ['credentials-refused', [50053, 50126]],
  ['wrong-cloud', [50049, 90038, 90043, 90051, 90123, 900382, 900432, 1000104]],
  ['sign-in-flow-refused', [70002, 70003, 70005, 700025, 7000218]],
  ['clock-wrong', [500133, 700024]],
  ['key-file-unusable', [50013, 50048, 700021, 700027, 700030, 7000214]],
  ['server-busy', [50033, 50087, 50196, 90006, 90012, 90024, 90033, 90055, 90090, 90091]],
  ['token-refused', [12345678, 50000, 9002313]]
]
