/** HTML of a sample mail: the text in a simple frame, with a picture, so that it can be seen how mail of a server looks. The picture stands in it as a data: URL. */
export const sampleHtml = (text: string): string => {
  const paragraphs = escaped(text).split(/\n{2,}/).map((paragraph) => `<p style="margin:0 0 12px">${paragraph.replaceAll('\n', '<br>')}</p>`).join('')
  return `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body style="margin:0;padding:24px;background:#f3f5f8;font:15px/1.5 'Segoe UI',system-ui,sans-serif;color:#1b2128">` +
    `<table role="presentation" cellpadding="0" cellspacing="0" style="max-width:560px;margin:0 auto;background:#ffffff;border:1px solid #d5dbe3;border-radius:6px"><tr><td style="padding:24px">` +
    `<img src="data:image/png;base64,${envelope}" width="96" height="72" alt="An envelope with a tick" style="display:block;margin:0 0 16px">${paragraphs}` +
    `<p style="margin:16px 0 0;padding-top:12px;border-top:1px solid #d5dbe3;color:#5a6573;font-size:13px">A sample mail, sent by Mailroom. If you see an envelope above, pictures arrive as they should.</p></td></tr></table></body></html>`
}

const escaped = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

/** PNG, 96 × 72. */
const envelope = 'iVBORw0KGgoAAAANSUhEUgAAAGAAAABICAMAAAA+uQBRAAAAYFBMVEX///8iZqp3mcyIqswzZqqqzN3d7v9mmczd3e7M3e5Ed7u7zO7d7u6qu93u7v9ViLszd7uZu927zN0zd6pmmbvd7t2qzKp3qndmmWYzdzPM3cwziESIu4hEiERVmVXu/+541SfmAAACVUlEQVR42u2Y3XKDIBSEtzFpMYkkthXFNM37v2WHg20EwfA305vsXUbdDw4rhwg89dRTf3oprH8CbKoC2qwAtrvXbO22PgBdqHL9KxqoE1DRtTeWY8/eaJSVG4BaTWJ/SPc/7NXwa/gAONINTap/QwM8wg8Apwhs0vz1sxxrAKBRd50SFoKd1JMNmawBwM6qTNELcVDlOTM8BoDTUNo4/5YmzhECoOtxeZ3SOTdYBeCd4lCH+tcUvneEA8Bi8qrTyRADmPJaBW8OG444ANCG5VWnszWfDQKAqZl/PMjr4UPVkiEFAE4LsZrXlsrPkQb4zavf30pnPABTQDzl11FDDmDK687buvYMeQDwT09eqXyfHLmAaSHsvOp0rjwSAXA1ut/WVQYwNbrWTucRpQCA2ej0r5Xb620sQOdVLwSV30pnJ/pBSimHXnQ6GrGAe6MzWpfW2MuZ+tFz+F0HTI1OH55O83R2g7Q0dCmAKa+LdIqLXOgikgC60RmtC/iSTn0lASivZjo9/g5CEAC8bY3NQUivRBLAUnfxAy5dAcDg9r5eKUv5gNFbHCrdmA3o/cVXc+hzAZ3TX9tSkbpMgPD7i2WQEgD9A3+zRgmAwQgN6fs2r92QCbBCc/f/ezuKAK73mlwt/4IAIuh393YvmCxWIiJM/t+yGGAwCUv/oVRMhSe6fbEXTbhfDVFuqxDOV68ruNkJx95hb3anuO9Otbldi+XeNOZ9UjtbDWe2YTgylPLNrolrmWmKaPqJCj+2FCYU8w8/OqYr8PCbo6Dje+YsrD8gT0XoB9vGc9ZMIP+2AAAAAElFTkSuQmCC'
