// What mail programs write above a message that is handed on, in lower case: Gmail, Outlook, Apple Mail, Thunderbird, Yahoo, Lotus
// Notes. The collection of github.com/crisp-oss/email-forward-parser (lib/parser.js) names the program and language of most.
const words = (text: string): ReadonlySet<string> => new Set(text.split('|').map((word) => word.trim()))

/** What a subject begins with when the message is handed on. */
export const forwardPrefixes = words('fw|fwd|wg|tr|rv|i|enc|doorst|pd|vs|vb|vl|redir|ilt|i̇lt|fs|rif|továbbítás|transfert|转发|轉寄|転送|전달')

/** Titles between dashes above a forwarded message. */
export const forwardTitles = words(
  'forwarded message|forwarded by|begin forwarded message|weitergeleitete nachricht|weitergeleitet|message transféré|message transmis|message réexpédié|mensaje reenviado|messaggio inoltrato|mensagem encaminhada|mensagem reencaminhada|doorgestuurd bericht|wiadomość przekazana dalej|przekazana wiadomość|treść przekazanej wiadomości|転送メッセージ|転送されたメッセージ|' +
    'vidarebefordrat meddelande|videresendt meddelelse|videresendt melding|välitetty viesti|edelleenlähetetty viesti|přeposlaná zpráva|preposlaná správa|továbbított üzenet|mesaj redirecționat|пересылаемое сообщение|перенаправленное сообщение|пересланное сообщение|переслане повідомлення|i̇letilmiş mesaj|iletilen ileti|转发的邮件|转发邮件信息|轉寄郵件|전달된 메시지'
)

/** Titles between dashes that Outlook and old Thunderbird write above a forwarded message as above an answered one. */
export const originalTitles = words(
  'original message|original-nachricht|ursprüngliche nachricht|originalnachricht|message d\'origine|message d’origine|message original|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|origineel bericht|oryginalna wiadomość|wiadomość oryginalna|元のメッセージ|原文|ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|původní zpráva|исходное сообщение|原始邮件|原始郵件|원본 메시지|özgün ileti|eredeti üzenet|original appointment'
)

/** Lines of Apple Mail, without their colon. */
export const appleMarkers = words(
  'begin forwarded message|anfang der weitergeleiteten nachricht|début du message réexpédié|début du message transféré|inicio del mensaje reenviado|inizio messaggio inoltrato|begin doorgestuurd bericht|początek przekazywanej wiadomości|início da mensagem reencaminhada|início da mensagem encaminhada|転送されたメッセージ|' +
    'start på videresendt besked|välitetty viesti alkaa|vidarebefordrat mejl|videresendt melding|začátek přeposílané zprávy|továbbított levél kezdete|начало переадресованного сообщения|i̇leti başlangıcı|下面是被转发的邮件|開始轉寄郵件|전달된 메시지'
)

/** Labels of the sender. */
export const fromLabels = words('from|von|de|da|van|od|差出人|送信者|fra|från|lähettäjä|šalje|feladó|expeditorul|de la|отправитель|от|від|від кого|kimden|gönderen|saatja|mittente|nadawca|remitente|remetente|expéditeur|absender|afzender|发件人|寄件者|보낸 사람')

/** Labels of the other lines of such a block. */
export const blockLabels = words(
  'to|an|à|a|para|aan|do|komu|pour|til|till|vastaanottaja|címzett|кому|kime|宛先|收件人|收件者|받는 사람|destinatario|destinataire|cc|kopie|kopia|копия|dw|sent|gesendet|envoyé|enviado|enviado el|enviada em|enviado em|inviato|inviata|verzonden|wysłano|wysłane|送信日時|sendt|skickat|lähetetty|отправлено|gönderildi|date|datum|data|fecha|日付|日時|dato|päivämäärä|дата|tarih|发送时间|發送時間|보낸 날짜|' +
    'subject|betreff|objet|asunto|oggetto|assunto|onderwerp|temat|件名|emne|ämne|aihe|předmět|predmet|tárgy|тема|konu|sujet|主题|主旨|제목|reply-to|antwort an|répondre à|responder a|rispondi a'
)

/** What stands behind a sender who wrote for somebody else. */
export const addressWords = /\s+(?:on behalf of|im auftrag von|de la part de|en nombre de|per conto di|namens|em nome de|w imieniu)\s[^]*$/i
