import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { ProblemError } from '#contract/problem.ts'
import type { PushAnnouncements } from '../push-announcements.ts'
import { nothing, subscription as subscriptionAnswer } from './graph-answers.ts'
import type { GraphClient } from './graph-client.ts'

export type Subscription = {
  /** Renews what ends soon, and makes anew what Graph removed. */
  keep(): Promise<void>
  end(): Promise<void>
}

/** Asked for at each renewal, in milliseconds; the service may give less. */
const lifetimeMs = 24 * 3_600_000

const announced = z.object({ value: z.array(z.object({ subscriptionId: z.string().optional(), clientState: z.string().nullish(), lifecycleEvent: z.string().optional() })) })

/**
 * Change notifications of a folder; `news` is called for each that is really Graph's, and when some may have been lost. Throws ProblemError where Graph makes no subscription.
 * https://learn.microsoft.com/graph/change-notifications-delivery-webhooks https://learn.microsoft.com/graph/change-notifications-lifecycle-events
 */
export async function createSubscription(client: GraphClient, folderId: string, announcements: PushAnnouncements, news: () => void): Promise<Subscription | null> {
  let current: { id: string; endsAt: number } | null = null
  let isDoubtful = false
  const address = await announcements.begin((body) => {
    for (const { clientState, lifecycleEvent } of announced.safeParse(body).data?.value ?? []) {
      if (address === null || !isSame(clientState ?? '', address.secret)) continue
      if (lifecycleEvent === 'subscriptionRemoved') current = null
      if (lifecycleEvent === 'reauthorizationRequired') isDoubtful = true
      // Renewing waits for the watch; a round in between also finds what was not announced.
      news()
    }
  })
  if (address === null) return null
  const url = `${client.place.root}/subscriptions`
  const ending = (): string => new Date(Date.now() + lifetimeMs).toISOString()
  const taken = ({ id, expirationDateTime }: z.infer<typeof subscriptionAnswer>): void => {
    const endsAt = Date.parse(expirationDateTime)
    current = { id, endsAt: Number.isNaN(endsAt) ? Date.now() : endsAt }
    isDoubtful = false
  }
  const create = async (): Promise<void> => {
    const { mailbox } = client.place
    const resource = `${mailbox === '' ? '/me' : `/users/${mailbox}`}/mailFolders('${folderId}')/messages`
    taken(await client.json({ method: 'POST', url, words: 'a subscription', json: { changeType: 'created', notificationUrl: address.url, lifecycleNotificationUrl: address.url, resource, clientState: address.secret, expirationDateTime: ending() } }, subscriptionAnswer))
  }
  const renew = async (id: string): Promise<void> => {
    const renewed = await client.find({ method: 'PATCH', url: `${url}/${encodeURIComponent(id)}`, words: 'a subscription', json: { expirationDateTime: ending() }, repeatable: true, absent: ({ status }) => status === 404 }, subscriptionAnswer)
    if (renewed === null) await create()
    else taken(renewed)
  }
  try {
    await create()
  } catch (error) {
    address.end()
    throw error
  }
  return {
    async keep() {
      try {
        if (current === null) await create()
        else if (isDoubtful || current.endsAt - Date.now() < lifetimeMs / 4) await renew(current.id)
      } catch (error) {
        // Looking at the folder goes on; the next time tries again.
        if (!(error instanceof ProblemError) || error.problem.code === 'cancelled') throw error
        client.note(`The subscription could not be kept: ${error.problem.code}`)
      }
    },
    async end() {
      address.end()
      const id = current?.id
      current = null
      if (id === undefined) return
      // It ends by itself otherwise.
      await client.find({ method: 'DELETE', url: `${url}/${encodeURIComponent(id)}`, words: 'the end of a subscription', absent: () => true }, nothing).catch((error: unknown) => client.note(`The subscription was left: ${error instanceof ProblemError ? error.problem.code : 'unknown'}`))
    }
  }
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)]
  return first.length === second.length && timingSafeEqual(first, second)
}
