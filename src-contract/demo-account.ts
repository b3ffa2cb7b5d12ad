/** The accounts of the demo's built-in mail server. Nothing but sample mail is behind them, so that everybody may know the password. */
export const demoAccount = { users: ['it@demo.example', 'hr@demo.example'], password: 'letters-and-parcels' } as const
