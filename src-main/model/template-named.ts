import { plainTemplate, type RequestTemplate } from '#contract/request-values.ts'

/**
 * The request template of a name, whatever its case; null where there is none. Without a name, and under the name of the plain
 * template, it is the one that administrators made under that name, else the plain one.
 */
export function templateNamed(templates: readonly RequestTemplate[], name: string | null): RequestTemplate | null {
  const wanted = (name ?? plainTemplate.name).trim().toLowerCase()
  const found = templates.find((template) => template.name.toLowerCase() === wanted)
  return found ?? (wanted === plainTemplate.name.toLowerCase() ? plainTemplate : null)
}
