import assert from 'node:assert/strict'
import { test } from 'node:test'
import { priorityMatrix } from '../../../src-contract/request-values.ts'
import { cellOf, matrixDraft, matrixOf, nameFaults, nextId, pairsWithout, usualMatrix, type MatrixDraft } from './matrix-draft.ts'

const renamed = (draft: MatrixDraft, from: string, to: string): MatrixDraft => ({ ...draft, impacts: draft.impacts.map((one) => (one.name === from ? { ...one, name: to } : one)) })

test('what is edited and not changed is stored as it was', () => assert.deepEqual(matrixOf(matrixDraft(usualMatrix)), usualMatrix))
test('the usual matrix fits the contract and leaves no pair out', () => {
  assert.deepEqual(priorityMatrix.parse(usualMatrix), usualMatrix)
  assert.equal(pairsWithout(matrixDraft(usualMatrix)), 0)
  assert.deepEqual(usualMatrix.matrix.filter(({ priority }) => priority === 'High').length, 2)
})
test('a renamed impact keeps its pairs, also where it was called like another for a moment', () => {
  const draft = renamed(renamed(matrixDraft(usualMatrix), 'Low', 'High'), 'High', 'High')
  const low = draft.impacts[2]
  assert.ok(low)
  const saved = matrixOf({ ...draft, impacts: draft.impacts.map((one) => (one.id === low.id ? { ...one, name: 'One person ' } : one)) })
  assert.deepEqual(saved.matrix.filter(({ impact }) => impact === 'One person').map(({ priority }) => priority), ['Medium', 'Low', 'Planning'])
})
test('with an urgency or a priority its pairs go', () => {
  const draft = matrixDraft(usualMatrix)
  assert.equal(matrixOf({ ...draft, urgencies: draft.urgencies.slice(1) }).matrix.length, 6)
  const without = { ...draft, priorities: draft.priorities.filter(({ name }) => name !== 'Medium') }
  assert.equal(matrixOf(without).matrix.length, 6)
  assert.equal(pairsWithout(without), 3)
})
test('a pair that is set anew', () => {
  const draft = matrixDraft({ ...usualMatrix, matrix: [] })
  assert.equal(pairsWithout(draft), 9)
  const [impact, urgency, priority] = [draft.impacts[0], draft.urgencies[2], draft.priorities[1]]
  assert.ok(impact && urgency && priority)
  assert.deepEqual(matrixOf({ ...draft, cells: { [cellOf(impact, urgency)]: priority.id } }).matrix, [{ impact: 'High', urgency: 'Low', priority: 'High' }])
})
test('ids are never given again', () => assert.equal(nextId(matrixDraft(usualMatrix)), 12))
test('names that are empty or doubled', () => {
  const draft = matrixDraft({ impacts: ['High', 'high '], urgencies: [' '], priorities: ['P1', 'P2'], matrix: [] })
  assert.deepEqual(nameFaults(draft), { 'impacts.1': 'This name is given twice.', 'urgencies.0': 'Enter a name, or take the line away.' })
})
