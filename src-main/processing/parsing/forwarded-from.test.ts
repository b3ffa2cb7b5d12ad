import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forwardedInText, isForward } from './forwarded-from.ts'
import { parseMessage } from './parse-message.ts'

const ann = 'Ann Lee <ann@example.com>'
/** Blocks as the programs write them; github.com/crisp-oss/email-forward-parser collects them by program and language. */
const blocks: [string, string, string, string | null][] = [
  ['Gmail', 'Fwd: x', `---------- Forwarded message ---------\nFrom: ${ann}\nDate: Fri\nSubject: x\nTo: <it@x.y>`, 'ann@example.com'],
  ['Gmail, German', 'Fwd: x', `Bitte\n\n---------- Forwarded message ---------\nVon: ${ann}\nDate: Fr.\nSubject: x\nTo: <it@x.y>`, 'ann@example.com'],
  ['Gmail, no prefix left', 'x', `---------- Forwarded message ---------\nFrom: ${ann}\nSubject: x`, 'ann@example.com'],
  ['Outlook', 'FW: x', `-----Original Message-----\nFrom: Ann Lee [mailto:ann@example.com]\nSent: Friday\nTo: IT\nSubject: x`, 'ann@example.com'],
  ['Outlook, German', 'WG: x', `-----Ursprüngliche Nachricht-----\nVon: ${ann}\nGesendet: Freitag\nAn: IT\nBetreff: x`, 'ann@example.com'],
  ['Outlook, French', 'TR : x', `________________________________\nDe : ${ann}\nEnvoyé : vendredi\nÀ : IT\nObjet : x`, 'ann@example.com'],
  ['Outlook, Spanish', 'RV: x', `De: ${ann}\nEnviado el: viernes\nPara: IT\nAsunto: x`, 'ann@example.com'],
  ['Outlook, Italian', 'I: x', `Da: ${ann}\nInviato: venerdì\nA: IT\nOggetto: x`, 'ann@example.com'],
  ['Outlook, Portuguese', 'ENC: x', `De: ${ann}\nEnviada em: sexta\nPara: IT\nAssunto: x`, 'ann@example.com'],
  ['Outlook, Dutch', 'FW: x', `-----Oorspronkelijk bericht-----\nVan: ${ann}\nVerzonden: vrijdag\nAan: IT\nOnderwerp: x`, 'ann@example.com'],
  ['Outlook, Polish', 'PD: x', `Od: ${ann}\nWysłano: piątek\nDo: IT\nTemat: x`, 'ann@example.com'],
  ['Outlook, Japanese', 'FW: x', `差出人: ${ann}\n送信日時: 金曜日\n宛先: IT\n件名: x`, 'ann@example.com'],
  ['Outlook in bold', 'FW: x', `*From:* ${ann}\n*Sent:* Friday\n*To:* IT\n*Subject:* x`, 'ann@example.com'],
  ['Apple Mail', 'Fwd: x', `Begin forwarded message:\n\n> From: ${ann}\n> Subject: x\n> Date: Friday\n> To: it@x.y`, 'ann@example.com'],
  ['Apple Mail, all quoted', 'Fwd: x', `Look\n\n> Anfang der weitergeleiteten Nachricht:\n> \n> Von: ${ann}\n> Betreff: x\n> Datum: Freitag`, 'ann@example.com'],
  ['Apple Mail, French', 'Fwd: x', `Début du message réexpédié :\n\n> De: ${ann}\n> Objet: x\n> Date: vendredi`, 'ann@example.com'],
  ['Thunderbird', 'Fwd: x', `-------- Forwarded Message --------\nSubject: \tx\nDate: \tFri\nFrom: \t${ann}\nTo: \tit@x.y`, 'ann@example.com'],
  ['Thunderbird, German', 'Fwd: x', `-------- Weitergeleitete Nachricht --------\nBetreff: \tx\nDatum: \tFri\nVon: \t${ann}\nAn: \tit@x.y`, 'ann@example.com'],
  ['Thunderbird, Polish', 'Fwd: x', `--- Treść przekazanej wiadomości ---\nTemat: \tx\nData: \tFri\nNadawca: \t${ann}\nAdresat: \tit@x.y`, 'ann@example.com'],
  ['Yahoo', 'Fw: x', `----- Forwarded Message -----\nFrom: ${ann}\nTo: it@x.y\nSubject: x`, 'ann@example.com'],
  ['on behalf of', 'FW: x', 'From: Desk <desk@example.com> on behalf of Ann Lee <ann@example.com>\nSent: Friday\nSubject: x', 'desk@example.com'],
  ['the address on the next line', 'FW: x', 'From: Ann Lee\n<ann@example.com>\nSent: Friday\nSubject: x', 'ann@example.com'],
  ['only a name', 'FW: x', 'From: Ann Lee\nSent: Friday\nTo: IT\nSubject: x', null],
  ['a reply of Outlook', 'RE: x', `-----Original Message-----\nFrom: ${ann}\nSent: Friday\nTo: IT\nSubject: x`, null],
  ['a reply to a forward, quoted', 'Re: Fwd: x', `Done\n\n> ---------- Forwarded message ---------\n> From: ${ann}\n> Subject: x`, null],
  ['a reply of Outlook over a forward', 'RE: x', `From: Bob <bob@x.y>\nSent: Friday\nSubject: x\n\n---------- Forwarded message ---------\nFrom: ${ann}\nSubject: x`, null],
  ['the outermost of two', 'Fwd: x', `---------- Forwarded message ---------\nFrom: ${ann}\nSubject: x\n\n---------- Forwarded message ---------\nFrom: Bob <bob@x.y>\nSubject: x`, 'ann@example.com'],
  ['a label alone', 'Fwd: x', 'From: the top of the stairs\nit fell down', null],
  ['nothing', 'Fwd: x', 'Hello', null]
]
for (const [what, subject, text, expected] of blocks) test(`forwarded: ${what}`, () => assert.equal(forwardedInText(`Please see.\n\n${text}\n\nHello`, subject)?.address ?? null, expected))

test('name and address of who wrote it', () => assert.deepEqual(forwardedInText('-------- Forwarded Message --------\nSubject: x\nFrom: "Weiß, Jörg" <jo@X.Y>', 'Fwd: x'), { name: 'Weiß, Jörg', address: 'jo@x.y' }))

const subjects: [string, boolean][] = [['Fwd: x', true], ['FW: x', true], ['WG: x', true], ['TR : x', true], ['[Fwd: x]', true], ['転送: x', true], ['Re: Fwd: x', false], ['AW: x', false], ['Forward plan', false], ['', false]]
for (const [subject, expected] of subjects) test(`is a forward: ${subject}`, () => assert.equal(isForward(subject), expected))

const attached = (subject: string, text: string, ...inner: string[]): string | null =>
  parseMessage(Buffer.from(`From: boss@x.y\nSubject: ${subject}\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n${text}\n${inner.map((one) => `--b\nContent-Type: message/rfc822\n\n${one}\n`).join('')}--b--\n`)).forwardedFrom?.address ?? null
const original = 'From: ann@example.com\nSubject: Printer\n\nBroken'
const attachments: [string, string | null, string | null][] = [
  ['by the subject', attached('Fwd: Printer', 'Look', original), 'ann@example.com'],
  ['by the same subject', attached('Printer', 'Look', original), 'ann@example.com'],
  ['without a text', attached('Please', '', original), 'ann@example.com'],
  ['a message as evidence', attached('I get such mail', 'What is this?', original), null],
  ['several', attached('Fwd: two', 'Look', original, original), null]
]
for (const [what, found, expected] of attachments) test(`forwarded as an attachment: ${what}`, () => assert.equal(found, expected))
