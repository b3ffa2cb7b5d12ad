import { randomUUID } from 'node:crypto'
import { GraphError, invalid, notFound } from './graph-error.ts'
import type { Answer } from './graph-methods.ts'

export type GraphSubscription = { id: string; resource: string; changeType: string; notificationUrl: string; lifecycleNotificationUrl: string | null; clientState: string; expirationDateTime: string }
export type LifecycleEvent = 'reauthorizationRequired' | 'subscriptionRemoved' | 'missed'

export type GraphSubscriptions = {
  all: GraphSubscription[]
  create(body: Record<string, unknown>): Promise<Answer>
  renew(id: string, body: Record<string, unknown>): Answer
  end(id: string): Answer
  /** Tells the subscribers of a mailbox that something arrived. */
  announce(mailbox: string, messageId: string): Promise<void>
  lifecycle(event: LifecycleEvent): Promise<void>
}

/** Messages may be subscribed to for 10,080 minutes: https://learn.microsoft.com/graph/api/resources/subscription#subscription-lifetime */
const longestMs = 10_080 * 60_000

/** `post` calls an address of the subscriber. https://learn.microsoft.com/graph/change-notifications-delivery-webhooks */
export function createGraphSubscriptions(post: (url: string, body: unknown) => Promise<{ status: number; text: string; contentType: string }>): GraphSubscriptions {
  const found = (id: string): GraphSubscription => {
    const one = subscriptions.all.find((subscription) => subscription.id === id)
    if (one === undefined) throw new GraphError(404, 'ExtensionError', `Operation: Read; Exception: [Status Code: NotFound; Reason: The object was not found.]`)
    return one
  }
  const until = (value: unknown): string => {
    const at = Date.parse(String(value))
    if (!(at > Date.now())) throw invalid('Subscription expiration date must be in the future.')
    if (at > Date.now() + longestMs) throw new GraphError(400, 'ValidationError', 'Subscription expiration can only be 10080 minutes in the future.')
    return new Date(at).toISOString()
  }
  /** The address must repeat the token as plain text within 10 seconds. */
  const validate = async (url: string): Promise<void> => {
    const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomUUID()}`
    const address = new URL(url)
    if (address.protocol !== 'https:' && address.hostname !== '127.0.0.1') throw invalid('The notification URL must be https.')
    address.searchParams.set('validationToken', token)
    const answer = await post(address.href, null).catch(() => ({ status: 0, text: '', contentType: '' }))
    if (answer.status !== 200 || answer.text !== token || !answer.contentType.startsWith('text/plain')) throw new GraphError(400, 'ValidationError', 'Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.')
  }
  const subscriptions: GraphSubscriptions = {
    all: [],
    async create({ resource, changeType, notificationUrl, lifecycleNotificationUrl, clientState, expirationDateTime }) {
      if (typeof resource !== 'string' || typeof changeType !== 'string' || typeof notificationUrl !== 'string') throw invalid('The subscription is not complete.')
      if (typeof clientState === 'string' && clientState.length > 128) throw invalid('clientState has at most 128 characters.')
      const subscription: GraphSubscription = { id: randomUUID(), resource, changeType, notificationUrl, lifecycleNotificationUrl: typeof lifecycleNotificationUrl === 'string' ? lifecycleNotificationUrl : null, clientState: String(clientState ?? ''), expirationDateTime: until(expirationDateTime) }
      await validate(notificationUrl)
      if (subscription.lifecycleNotificationUrl !== null) await validate(subscription.lifecycleNotificationUrl)
      subscriptions.all.push(subscription)
      return { status: 201, json: { ...subscription, clientState: undefined } }
    },
    renew(id, { expirationDateTime }) {
      const subscription = found(id)
      subscription.expirationDateTime = until(expirationDateTime)
      return { status: 200, json: subscription }
    },
    end(id) {
      if (!subscriptions.all.some((one) => one.id === id)) throw notFound()
      subscriptions.all = subscriptions.all.filter((one) => one.id !== id)
      return { status: 204 }
    },
    async announce(mailbox, messageId) {
      for (const { id, resource, notificationUrl, clientState, expirationDateTime } of subscriptions.all) {
        if (!resource.toLowerCase().includes(mailbox.toLowerCase())) continue
        await post(notificationUrl, { value: [{ id: randomUUID(), subscriptionId: id, subscriptionExpirationDateTime: expirationDateTime, clientState, changeType: 'created', resource: `Users/x/Messages/${messageId}`, tenantId: 'x', resourceData: { '@odata.type': '#Microsoft.Graph.Message', id: messageId } }] })
      }
    },
    // https://learn.microsoft.com/graph/change-notifications-lifecycle-events
    async lifecycle(lifecycleEvent) {
      const told = subscriptions.all
      if (lifecycleEvent === 'subscriptionRemoved') subscriptions.all = []
      for (const { id, lifecycleNotificationUrl, clientState, expirationDateTime } of told) if (lifecycleNotificationUrl !== null) await post(lifecycleNotificationUrl, { value: [{ subscriptionId: id, subscriptionExpirationDateTime: expirationDateTime, tenantId: 'x', clientState, lifecycleEvent }] })
    }
  }
  return subscriptions
}
