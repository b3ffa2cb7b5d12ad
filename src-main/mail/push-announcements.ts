/**
 * Announcements that a provider sends to a public address of this console. `begin` gives the address to register and a secret that each
 * announcement must carry; `heard` is called for each one that does. `end` makes the address unknown again.
 */
export interface PushAnnouncements {
  /** null while no public address is configured. */
  begin(heard: (announcement: unknown) => void): Promise<{ url: string; secret: string; end(): void } | null>
}
