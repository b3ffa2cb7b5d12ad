import type { ButtonProps } from '@mui/material'
import { protocolGroups, type ProtocolRow } from '#contract/protocols.ts'
import { MenuButton, type MenuEntry } from '../../components/select-menu.tsx'

type Needs<Name extends string> = { protocols: Record<Name, ProtocolRow>; names: readonly Name[]; disabled: boolean; onAdd: (protocol: Name) => void; onSetUp?: () => void; /** Servers that a new one may begin as. */ copies?: readonly MenuEntry[]; variant?: ButtonProps['variant'] }

/** The protocols by group; setting up from an address stands first, since it asks least. */
export const AddMenu = <Name extends string>({ protocols, names, disabled, onAdd, onSetUp, copies = [], variant = 'contained' }: Needs<Name>) => {
  const grouped = (Object.keys(protocolGroups) as (keyof typeof protocolGroups)[]).flatMap((group, place): MenuEntry[] =>
    names.filter((name) => protocols[name].group === group).map((name, index) => ({ label: protocols[name].label, onChoose: () => onAdd(name), ...(index === 0 ? { under: protocolGroups[group], parted: place > 0 || onSetUp !== undefined } : {}) }))
  )
  const first: MenuEntry[] = onSetUp ? [{ label: 'Set up from an address…', onChoose: onSetUp }] : []
  return <MenuButton label="Add" variant={variant} {...(variant === 'contained' ? { color: 'primary' as const } : {})} disabled={disabled} items={[...first, ...grouped, ...copies.slice(0, mostCopies).map((entry, index) => (index === 0 ? { ...entry, under: 'With the settings of another', parted: true } : entry))]} />
}

/** A menu that is longer is no quick choice any more. */
const mostCopies = 12
