import type { AccessTokenRow, AccessTokensTable } from '../access/access-table.ts'
import type { Row } from './database.ts'

type StoredToken = Row & { name: string; role: string; token_hash: string; created_at: string; last_used_at: string | null; second_factor: string | null }

/** Named tokens of the headless host. */
export const accessTokensTable: AccessTokensTable = {
  async all(from) {
    const rows = await from.all<StoredToken>('SELECT name, role, token_hash, created_at, last_used_at, second_factor FROM access_tokens ORDER BY name')
    return rows.map((row) => ({ name: row.name, role: row.role as AccessTokenRow['role'], createdAt: row.created_at, lastUsedAt: row.last_used_at, secondFactor: row.second_factor, hash: row.token_hash }))
  },
  async insert(transaction, { name, role, hash, createdAt, lastUsedAt, secondFactor }) {
    await transaction.run('INSERT INTO access_tokens (name, role, token_hash, created_at, last_used_at, second_factor) VALUES (?, ?, ?, ?, ?, ?)', [name, role, hash, createdAt, lastUsedAt, secondFactor])
  },
  async delete(transaction, name) {
    await transaction.run('DELETE FROM access_tokens WHERE name = ?', [name])
  },
  async noteUse(transaction, name, at) {
    await transaction.run('UPDATE access_tokens SET last_used_at = ? WHERE name = ?', [at, name])
  }
}
