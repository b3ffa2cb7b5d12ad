/** The contract names the nearest placeholder with it, too. */
export { nearestName } from '#contract/nearest-name.ts'
