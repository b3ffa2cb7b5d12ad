/**
 * Announcements that a provider sends to a public address of this console. `begin` gives an address that nobody can guess and a secret for the
 * provider to repeat; `heard` gets the body of each announcement that comes to that address, and looks for the secret in it itself. `end`
 * makes the address unknown again.
 */
export interface PushAnnouncements {
  /** null while no public address is configured. */
  begin(heard: (announcement: unknown) => void): Promise<{ url: string; secret: string; end(): void } | null>
}
