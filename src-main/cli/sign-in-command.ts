import type { SignInState, SignInStep } from '#contract/oauth.ts'
import type { ExitStatus } from '../model/exit-status.ts'
import { plain } from '../model/plain-line.ts'
import type { Asked, Command, Tools } from './command.ts'
import { print } from './print.ts'
import { watchWork } from './watch-work.ts'

/** `mailroom incoming sign-in` and `mailroom outgoing sign-in`: what the person has to do is printed; no browser is opened. */
export const signInCommand = (kind: 'incoming' | 'outgoing'): Command => ({
  name: `${kind} sign-in`, arguments: 'NAME', takes: [1, 1], flags: {}, summary: 'Signs in at the provider: prints the address to open, or the code to enter, and waits.',
  example: `mailroom ${kind} sign-in ${kind === 'incoming' ? 'it-support' : 'main'}`, run: (asked, tools) => signIn(asked, tools, kind)
})

async function signIn(asked: Asked, tools: Tools, kind: 'incoming' | 'outgoing'): Promise<ExitStatus> {
  const name = asked.positionals[0] ?? ''
  let written = Promise.resolve()
  const show = async (step: SignInStep): Promise<void> => {
    tools.terminal.say(stepText(step))
    if (asked.json) await tools.terminal.write(`${JSON.stringify({ step: step.kind, ...withoutKind(step) })}\n`)
  }
  const state = await tools.withConsole((core) =>
    watchWork(core, tools, (workId) => core.call('sign-in.start', { kind, name, workId }), (event, detail) => {
      if (event !== 'sign-in-step-happened' || !('step' in detail) || !('kind' in detail.step)) return
      const { step } = detail
      written = written.then(() => show(step))
    })
  )
  await written
  await print(asked, tools, { server: name, ...state }, () => stateText(name, state))
  return state.problem === null ? 0 : 1
}

function withoutKind({ kind: _, ...step }: SignInStep): object {
  return step
}

function stepText(step: SignInStep): string {
  if (step.kind === 'device-code') return `Open ${plain(step.verificationUrl)} and enter the code ${plain(step.userCode)}\nbefore ${step.expiresAt.slice(11, 16)} UTC. Waiting…`
  return `Open this address in a browser on this computer and sign in:\n\n${plain(step.url)}\n\nThe browser comes back to ${plain(step.redirectUrl)}. Waiting…`
}

function stateText(name: string, { account, scope, idleExpiresAt }: SignInState): string {
  const unused = idleExpiresAt === null ? '' : ` Unused it would end on ${idleExpiresAt.slice(0, 10)}.`
  return `${name} is signed in${account === null ? '' : ` as ${plain(account)}`}.${unused}\n${scope.length === 0 ? '' : `Granted: ${plain(scope.join(' '))}\n`}`
}
