import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nativeMailSettings } from '#contract/native-mail.ts'
import { instanceName } from './instance-name.ts'

test('an instance name can be said, fits the settings and hardly comes twice', () => {
  const names = Array.from({ length: 2_000 }, () => instanceName(Math.random))
  for (const name of names) {
    assert.match(name, /^(?:[bdfgklmnprstvz][aeiou]){3}\d{5}$/)
    assert.equal(nativeMailSettings.parse({ instance: name }).instance, name)
  }
  assert.equal(new Set(names).size, names.length)
})

test('chance alone makes it', () => {
  assert.equal(instanceName(() => 0), 'bababa00000')
  assert.equal(instanceName(() => 0.999_999), 'zuzuzu99999')
})
