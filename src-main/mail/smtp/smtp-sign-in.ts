import { createHmac } from 'node:crypto'
import type { Peer } from '#contract/problem.ts'
import type { Presented } from '../present-credentials.ts'
import { tokenErrorWords, tokenFarewell, tokenMechanisms, tokenResponse } from '../sasl-token.ts'
import type { SmtpReply, SmtpWire } from './smtp-wire.ts'

/** Methods of AUTH in the order in which they are chosen, for a password and for a token. */
export const signInMethods = { password: ['PLAIN', 'LOGIN', 'CRAM-MD5'], token: tokenMechanisms } as const
export type SignInMethod = (typeof signInMethods)[Presented['kind']][number]

/** An exchange of AUTH (RFC 4954) to its end: the last reply, and what a server said of a token (RFC 7628 3.2.2) before it. */
export async function exchangeSecret(wire: Pick<SmtpWire, 'commands'>, method: SignInMethod, presented: Presented, peer: Peer): Promise<{ reply: SmtpReply; words: string }> {
  const say = async (line: string): Promise<SmtpReply> => (await wire.commands([line]))[0] ?? { code: 0, said: '' }
  const { user, secret } = presented
  if (method === 'PLAIN') return { reply: await say(`AUTH PLAIN ${base64(`\0${user}\0${secret}`)}`), words: '' }
  if (method === 'XOAUTH2' || method === 'OAUTHBEARER') {
    const first = await say(`AUTH ${method} ${tokenResponse(method, { user, secret }, peer)}`)
    return first.code === 334 ? { reply: await say(tokenFarewell[method]), words: tokenErrorWords(challengeIn(first)) } : { reply: first, words: '' }
  }
  let reply = await say(`AUTH ${method}`)
  for (const answer of method === 'LOGIN' ? [() => base64(user), () => base64(secret)] : [cramAnswer(user, secret)]) {
    if (reply.code !== 334) break
    reply = await say(answer(reply))
  }
  return { reply, words: '' }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const challengeIn = ({ said }: SmtpReply): string => said.replace(/^334 ?/, '')

/** RFC 2195. */
const cramAnswer = (user: string, secret: string) => (challenge: SmtpReply): string =>
  base64(`${user} ${createHmac('md5', secret).update(Buffer.from(challengeIn(challenge), 'base64')).digest('hex')}`)
