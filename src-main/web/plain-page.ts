/** A page that works without scripts and loads nothing, in the look of the console; `body` is HTML that is shown as it is. */
export const plainPage = (nonce: string, title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style nonce="${nonce}">${look}</style></head><body><main><div class="brand">${logo}Mailroom</div>${body}</main></body></html>`

export const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

const logo = '<svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="6" fill="#1d5fc2"/><path d="M6 11.5 16 18l10-6.5M6 10h20v13H6z" fill="none" stroke="#fff" stroke-width="2" stroke-linejoin="round"/></svg>'

// Colours and measures are those of src-renderer/app/theme.ts; its font stands behind the sign-in.
const look = `
:root{color-scheme:light dark;--accent:#1d5fc2;--accent-strong:#164a99;--on-accent:#fff;--bad:#b3261e;--text:#1b2128;--aside:#515c69;--edge:#d8dde3;--field:#6b7683;--ground:#f3f4f6;--paper:#fff}
@media (prefers-color-scheme:dark){:root{--accent:#82b4f8;--accent-strong:#a5cafb;--on-accent:#0e1d33;--bad:#ff9a90;--text:#e5e9ee;--aside:#a4afbc;--edge:#313944;--field:#8893a0;--ground:#12161b;--paper:#1a1f26}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:16px;background:var(--ground);color:var(--text);font:13px/1.5 "Inter Variable","Segoe UI",system-ui,sans-serif}
main{width:440px;max-width:100%;padding:24px;background:var(--paper);border:1px solid var(--edge);border-radius:10px;overflow-wrap:anywhere}
.brand{display:flex;align-items:center;gap:8px;margin-bottom:16px;font-size:15px;font-weight:600}
h1{margin:0 0 6px;font-size:19px;font-weight:600;line-height:1.3;letter-spacing:-.01em}
p{margin:0;color:var(--aside)}
form{margin-top:16px}
label{display:block;margin-bottom:3px;font-size:12.5px;font-weight:500}
.line{display:flex;gap:8px;flex-wrap:wrap}
input,button{min-height:34px;font:inherit;border-radius:5px}
input{width:176px;padding:6px 10px;border:1px solid var(--field);background:var(--paper);color:var(--text);font-family:ui-monospace,"Cascadia Mono","SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;letter-spacing:.08em}
button{padding:4px 12px;border:1px solid var(--edge);background:var(--paper);color:var(--text);font-weight:500;cursor:pointer}
button:hover{border-color:var(--field)}
.line button{border-color:var(--accent);background:var(--accent);color:var(--on-accent)}
.line button:hover{border-color:var(--accent-strong);background:var(--accent-strong)}
:focus-visible{outline:2px solid var(--accent);outline-offset:1px}
[role=alert]{margin-top:12px;padding:8px 12px;border:1px solid var(--edge);border-left:3px solid var(--bad);border-radius:5px;color:var(--text)}
.wait{margin-top:12px}
.hint{margin-top:16px;padding-top:12px;border-top:1px solid var(--edge);font-size:12px}
`
