// "Who may import whom" of the README, kept by npm run check. `valuesOnly` lets the types of ports cross.
const outerRooms = ['mail', 'sign-in', 'credentials', 'database', 'data-folder', 'content', 'intake', 'ipc', 'window', 'web', 'native-mail', 'help-desk', 'demo', 'backup']
const useCases = ['servers', 'fetching', 'processing', 'requests', 'delivery', 'error-folder', 'notices', 'work', 'people', 'receiving', 'hand-over', 'ledger', 'dashboard', 'retention', 'access', 'senders']
const protocols = ['imap', 'pop3', 'smtp', 'ews', 'graph', 'gmail']
// A suite of promises that several transports keep is a test too.
const tests = '(?:\\.test\\.tsx?|-promises\\.ts)$'
const room = (...names) => `^src-main/(?:${names.join('|')})/`
const program = (...names) => `(?:^|/)node_modules/(?:${names.join('|')})/`
const valuesOnly = { dependencyTypesNot: ['type-only'] }

/** A rule about what is not a test: tests may set up whatever they need. */
const never = (name, comment, from, to) => ({ name, comment, severity: 'error', from: { pathNot: tests, ...from }, to })

/** What an outer room may use of another, as values: intake parses and stores in its worker; the demo stands on the table of protocols. */
const allowedBetween = { intake: ['content', 'data-folder'], database: ['data-folder'], content: ['data-folder'], credentials: ['data-folder'], backup: ['data-folder'] }
const apart = outerRooms.map((name) =>
  never(`${name}-stands-alone`, 'Outer rooms know each other by the types of their ports alone.', { path: room(name) }, { path: room(...outerRooms.filter((other) => other !== name && !(allowedBetween[name] ?? []).includes(other))), ...valuesOnly })
)
const protocolsApart = protocols.map((name) =>
  never(`${name}-knows-no-other-protocol`, 'What two protocols share lies beside them, in mail/connection or mail/diagnose.', { path: `^src-main/mail/${name}/` }, { path: `^src-main/mail/(?:${protocols.filter((other) => other !== name).join('|')})/` })
)
const only = (library, place) => never(`${library.replace(/\W/g, '-')}-only-in-its-place`, `${library} is used in ${place} alone.`, { path: '^src-', pathNot: [place, tests] }, { path: program(library), ...valuesOnly })

module.exports = {
  forbidden: [
    { name: 'everything-is-found', severity: 'error', comment: 'An import that leads nowhere.', from: {}, to: { couldNotResolve: true } },
    never('contract-knows-only-zod', 'The contract is data and schemas.', { path: '^src-contract/' }, { pathNot: ['^src-contract/', program('zod')] }),
    never('preload-is-a-bridge', 'The preload knows the bridge and electron.', { path: '^src-preload/' }, { pathNot: ['^src-contract/(?:bridge|problem)\\.ts$', program('electron')] }),
    { name: 'window-knows-the-contract', severity: 'error', comment: 'The renderer never reaches into the main process, nor into Node.', from: { path: '^src-renderer/' }, to: { path: ['^src-main/', '^src-preload/'] } },
    never('window-has-no-node', 'The page has no Node.', { path: '^src-renderer/' }, { dependencyTypes: ['core'] }),
    { name: 'main-knows-no-page', severity: 'error', comment: 'The core draws nothing.', from: { path: '^src-(?:main|contract)/' }, to: { path: ['^src-renderer/', '^src-preload/', '^(?:e2e|scripts|bench)/'] } },
    never('no-test-in-the-product', 'Test gear stays out of the product.', { path: '^src-' }, { path: ['^testbed/', tests] }),

    never('model-is-pure', 'Rules know the contract and each other.', { path: room('model') }, { pathNot: [room('model'), '^src-contract/', program('zod')] }),
    never('use-cases-see-ports', 'Use cases take the outer rooms as types, through their needs.', { path: room(...useCases), pathNot: ['^src-main/processing/parsing/', tests] }, { path: room(...outerRooms), ...valuesOnly }),
    never('only-the-top-composes', 'What wires the parts is known to the hosts and to itself alone.', { path: '^src-main/', pathNot: ['^src-main/(?:(?:main|headless|compose)\\.ts$|compose/)', room('cli'), tests] }, { path: '^src-main/(?:(?:main|headless|compose)\\.ts$|compose/)' }),
    never('compose-knows-no-host', 'The wiring is the same for every host.', { path: '^src-main/compose(?:\\.ts$|/)' }, { path: '^src-main/(?:main|headless)\\.ts$' }),
    never('intake-parses-and-stores', 'Of the use cases, intake knows the parsing alone.', { path: room('intake') }, { path: room(...useCases), pathNot: '^src-main/processing/parsing/', ...valuesOnly }),
    never('outer-rooms-use-no-use-case', 'What happens is decided further in.', { path: room(...outerRooms.filter((name) => name !== 'intake' && name !== 'demo')) }, { path: room(...useCases), ...valuesOnly }),
    never('command-line-goes-through-the-door', 'Commands know the console and the contract.', { path: room('cli') }, { path: room(...useCases, ...outerRooms.filter((name) => name !== 'data-folder')), ...valuesOnly }),
    never('log-stands-alone', 'Everybody may log; the log knows nobody.', { path: room('log') }, { path: '^src-main/(?!log/|model/)' }),
    ...apart,
    ...protocolsApart,
    never('autoconfig-is-no-protocol', 'It finds servers and speaks to no mailbox; protocols and what they share do not know it.', { path: '^src-main/mail/(?!autoconfig/)' }, { path: '^src-main/mail/autoconfig/' }),
    never('autoconfig-knows-no-protocol', 'What it shares with protocols lies beside them.', { path: '^src-main/mail/autoconfig/' }, { path: `^src-main/mail/(?:${protocols.join('|')})/` }),

    { name: 'electron-only-in-the-window', severity: 'error', comment: 'Everything else runs without it.', from: { path: '^src-main/', pathNot: ['^src-main/main\\.ts$', room('window')] }, to: { path: program('electron') } },
    only('keytar', '^src-main/credentials/'),
    only('sql\\.js', '^src-main/database/'),
    only('imapflow', '^src-main/mail/imap/'),
    only('nodemailer', '^src-main/mail/smtp/|^src-main/delivery/'),
    only('hoodiecrow-imap', '^src-main/demo/'),
    only('@azure/msal-node', '^src-main/sign-in/'),
    only('oauth4webapi', '^src-main/sign-in/'),
    only('fast-xml-parser', '^src-main/mail/(?:ews|autoconfig)/'),
    only('csv-parse', '^src-main/csv/'),
    only('mailauth', '^src-main/(?:intake|mail/dkim)/'),
    only('yauzl', '^src-main/backup/'),
    only('prom-client', '^src-main/dashboard/'),
    only('re2js', '^src-main/processing/'),
    only('smtp-server', '^src-main/(?:demo|native-mail)/'),

    never('page-knows-no-page', 'What two pages share is a component.', { path: '^src-renderer/pages/([^/]+)/' }, { path: '^src-renderer/pages/', pathNot: '^src-renderer/pages/$1/' }),
    never('pages-know-no-app', 'The shell knows its pages, not the other way round.', { path: '^src-renderer/(?:pages|components|problems|main-process)/' }, { path: '^src-renderer/app/' }),
    never('components-know-no-page', 'Components know MUI and no domain.', { path: '^src-renderer/(?:components|problems|main-process)/' }, { path: '^src-renderer/pages/' }),
    never('only-main-process-touches-the-bridge', 'One place talks to the core.', { path: '^src-renderer/', pathNot: ['^src-renderer/main-process/', tests] }, { path: '^src-renderer/main-process/(?:bridge|browser-bridge)\\.ts$' })
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    exclude: { path: '\\.css$|^fontsource|@fontsource' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.js', '.json', '.d.ts'] }
  }
}
