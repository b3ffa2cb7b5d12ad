import type { TransferEncoding } from './build-message.ts'

/** One mail of the demo as a person would note it down; `minutesAgo` counts back from the start of the demo. */
export type DemoMail = {
  /** Name by which others reply to it. */
  key?: string
  from: string
  address: string
  cc?: string
  subject: string
  text: string
  minutesAgo: number
  charset?: string
  /** A charset that the text is labelled with, wrongly. */
  claims?: string
  encoding?: TransferEncoding
  /** Also as HTML. */
  rich?: boolean
  /** Address of a picture that the HTML loads from afar, as newsletters do to learn who reads them. */
  remotePicture?: string
  files?: readonly DemoFile[]
  repliesTo?: string
  /** In place of the text: the signed message of `signed-mail.ts`. */
  signed?: true
  headers?: readonly (readonly [name: string, value: string])[]
}

/**
 * A file to be made up: a screenshot of an error dialog in a colour, a text file, a PDF of one page, a calendar invitation, a winmail.dat
 * with a text file in it.
 */
export type DemoFile =
  | { kind: 'screenshot'; name: string; hue: number }
  | { kind: 'text'; name: string; text: string }
  | { kind: 'pdf'; name: string; text: string }
  | { kind: 'program'; name: string }
  | { kind: 'invitation'; subject: string; inDays: number }
  | { kind: 'winmail'; inside: { name: string; text: string } }

const hours = 60
const days = 24 * hours

/** Mail of the mailbox it@demo.example. */
export const itMail: readonly DemoMail[] = [
  { key: 'vpn', from: 'Hannah Fischer', address: 'hannah.fischer@demo.example', minutesAgo: 6 * days, subject: 'VPN drops every ten minutes', rich: true, text: 'Hi,\n\nsince I moved to the home office the VPN drops every ten minutes or so. The little padlock turns yellow and I have to sign in again. Sometimes a Teams call survives it, mostly not.\n\nScreenshot of the message attached. Could you have a look before Thursday? I present to the board then.\n\nHannah', files: [{ kind: 'screenshot', name: 'vpn-error.png', hue: 40 }] },
  { from: 'Hannah Fischer', address: 'hannah.fischer@demo.example', minutesAgo: 6 * days - 35, repliesTo: 'vpn', subject: 'Re: VPN drops every ten minutes', text: 'One more thing: it only happens on the Wi-Fi in the study. With the cable it held for two hours.\n\nHannah' },
  { key: 'printer', from: 'Tom Ashworth', address: 'tom.ashworth@demo.example', minutesAgo: 5 * days + 300, subject: 'Printer 3rd floor: error 49.4C02', text: 'Morning all,\n\nthe big printer by the kitchen says 49.4C02 and wants to be switched off and on. I did that three times. It prints half a page and stops.\n\nMonth end is on Friday, please help :)\n\nTom', files: [{ kind: 'screenshot', name: 'IMG_2041.png', hue: 200 }] },
  { from: 'Grace Okafor', address: 'grace.okafor@demo.example', minutesAgo: 5 * days + 250, repliesTo: 'printer', subject: 'Re: Printer 3rd floor: error 49.4C02', text: 'Same here. It ate my purchase order.\n\nGrace' },
  { from: 'Priya Nair', address: 'priya.nair@demo.example', minutesAgo: 5 * days, subject: 'New starter on Monday: laptop and accounts', rich: true, text: 'Hello IT,\n\nElena Petrova starts in Controlling on Monday. She needs:\n\n- a laptop (14 inch is fine) and a headset\n- an account with access to FIN-Reports and the travel tool\n- a badge for the 3rd and 4th floor\n\nHer manager is Marcus Bell. Cost centre 4410.\n\nThanks, Priya' },
  { from: 'Jörg Müller', address: 'joerg.mueller@demo.example', minutesAgo: 4 * days + 700, charset: 'iso-8859-1', encoding: 'quoted-printable', subject: 'Zugriff auf das Laufwerk „Verträge"', text: 'Hallo zusammen,\n\nseit der Umstellung gestern Abend kann ich das Laufwerk für die Verträge nicht mehr öffnen. Fehler: „Zugriff verweigert". Meine Kollegin Käthe Weiß hat dasselbe Problem.\n\nKönnten Sie das bitte prüfen? Für Rückfragen bin ich bis fünf Uhr im Büro.\n\nGrüße\nJörg Müller' },
  { from: 'Ольга Иванова', address: 'olga.ivanova@partner.example', minutesAgo: 4 * days + 400, charset: 'koi8-r', encoding: '8bit', subject: 'Не открывается портал поставщика', text: 'Здравствуйте!\n\nС сегодняшнего утра не открывается портал поставщика: после входа появляется пустая страница. Пробовала в двух браузерах.\n\nСнимок экрана прилагаю.\n\nС уважением,\nОльга Иванова', files: [{ kind: 'screenshot', name: 'portal.png', hue: 280 }] },
  { from: '田中 美咲', address: 'misaki.tanaka@demo.example', minutesAgo: 4 * days, charset: 'iso-2022-jp', encoding: '7bit', subject: '共有フォルダーの権限について', text: 'IT サポート御中\n\nお世話になっております。東京オフィスの田中です。\n\n共有フォルダー「営業2026」を開くことができません。今週の金曜日までに権限をいただけますでしょうか。\n\nよろしくお願いいたします。\n田中 美咲' },
  { from: 'Zoltán Kovács', address: 'zoltan.kovacs@demo.example', minutesAgo: 3 * days + 900, charset: 'windows-1250', encoding: '8bit', subject: 'Elfelejtett jelszó', text: 'Tisztelt Ügyfélszolgálat!\n\nElfelejtettem a jelszavamat, és háromszor rosszul írtam be. Kérem, oldják fel a fiókomat. Őszintén sajnálom, tűz van a szerződés miatt.\n\nÜdvözlettel:\nKovács Zoltán' },
  { from: 'Łukasz Wiśniewski', address: 'lukasz.wisniewski@demo.example', minutesAgo: 3 * days + 500, charset: 'windows-1250', encoding: 'base64', subject: 'Prośba o dostęp do CRM', text: 'Dzień dobry,\n\nproszę o dostęp do systemu CRM dla naszego zespołu w Łodzi (pięć osób, lista w załączniku).\n\nPozdrawiam\nŁukasz Wiśniewski', files: [{ kind: 'text', name: 'lista osób.txt', text: 'Anna Zielińska\nPiotr Dąbrowski\nŁukasz Wiśniewski\nMałgorzata Król\nJakub Wójcik\n' }] },
  { from: '王 小明', address: 'wang.xiaoming@demo.example', minutesAgo: 3 * days + 100, charset: 'gb18030', encoding: 'base64', subject: '打印机无法使用', text: '您好：\n\n上海办公室的打印机从今天早上开始无法使用，显示屏一直是黑的。我们已经重新启动过两次。\n\n请尽快处理，谢谢！\n\n王小明' },
  { from: 'Marcus Bell', address: 'marcus.bell@demo.example', minutesAgo: 3 * days, subject: 'Outlook keeps asking for my password', rich: true, text: 'Hi team,\n\nOutlook asks for my password every few minutes. I type it, it is happy, and then it asks again. On the phone everything works.\n\nMarcus', files: [{ kind: 'screenshot', name: 'Screenshot 2026.png', hue: 0 }] },
  { from: 'Aoife Brennan', address: 'aoife.brennan@demo.example', minutesAgo: 2 * days + 800, subject: 'Laptop battery is swollen', headers: [['X-Priority', '1 (Highest)'], ['Importance', 'high']], text: 'The touchpad of my laptop does not click any more because the battery underneath has grown. It is warm. I have switched it off and put it on the window sill.\n\nWhat shall I do with it?\n\nAoife' },
  { from: 'Diego Muñoz', address: 'diego.munoz@demo.example', minutesAgo: 2 * days + 600, charset: 'windows-1252', encoding: 'quoted-printable', subject: 'Contraseña caducada', text: 'Buenos días:\n\nMi contraseña caducó ayer y no puedo cambiarla desde casa. ¿Podrían restablecerla, por favor? Mi extensión es la 2217.\n\nGracias\nDiego' },
  { from: 'François Lefèvre', address: 'francois.lefevre@demo.example', minutesAgo: 2 * days + 400, charset: 'utf-8', encoding: 'quoted-printable', rich: true, subject: 'Écran noir en salle « Loire »', text: "Bonjour,\n\nl'écran de la salle Loire reste noir depuis la mise à jour. Le câble fonctionne avec un autre portable, donc ce n'est pas lui.\n\nNous avons un client demain à neuf heures.\n\nMerci d'avance\nFrançois" },
  { from: 'Sofia Rossi', address: 'sofia.rossi@demo.example', minutesAgo: 2 * days + 200, subject: 'Second monitor', text: 'Hello,\n\ncould I get a second monitor? 27 inch if possible. Approved by Marcus (in cc).\n\nSofia', cc: 'Marcus Bell <marcus.bell@demo.example>' },
  { from: 'Backup Server 02', address: 'backup02@demo.example', minutesAgo: 2 * days, subject: 'Job NIGHTLY-FULL finished with warnings', headers: [['Auto-Submitted', 'auto-generated'], ['Precedence', 'bulk']], text: 'Job: NIGHTLY-FULL\nStarted: 01:00  Ended: 04:41\nFiles: 1,204,311  Bytes: 2.1 TB\nWarnings: 3 files were in use and were skipped.\n' },
  { from: 'Ingrid Halvorsen', address: 'ingrid.halvorsen@demo.example', minutesAgo: 2 * days - 100, subject: 'Automatic reply: Planned maintenance on Saturday', headers: [['Auto-Submitted', 'auto-replied'], ['X-Auto-Response-Suppress', 'All'], ['Precedence', 'auto_reply']], text: 'Thank you for your message. I am on parental leave until 1 February. In urgent cases please contact Lars Berg.\n\nIngrid Halvorsen' },
  { from: 'CloudDesk Weekly', address: 'news@clouddesk.example', minutesAgo: 2 * days - 300, rich: true, remotePicture: 'https://clouddesk.example/open.png?reader=it', subject: '10 ways to supercharge your service desk 🚀', headers: [['List-Unsubscribe', '<https://clouddesk.example/u/1>'], ['List-Id', 'CloudDesk Weekly <weekly.clouddesk.example>'], ['Precedence', 'bulk']], text: 'This week: how market leaders close tickets before they are opened. Register for the webinar and win a mug.' },
  { from: 'IT-Helpdesk', address: 'admin@mail-quota-check.example', minutesAgo: 1 * days + 900, subject: 'URGENT: your mailbox is 99% full, verify now', text: 'Dear user,\n\nyour mailbox will be closed in 24 hours. Verify your account at http://mail-quota-check.example/verify to keep it.\n\nHelpdesk Administrator' },
  { from: 'Lars Berg', address: 'lars.berg@demo.example', minutesAgo: 1 * days + 700, subject: 'Certificate warning on the intranet', text: 'Since this morning every browser warns me about the intranet: the certificate ended yesterday at midnight.\n\nLars', files: [{ kind: 'screenshot', name: 'warning.png', hue: 10 }] },
  { from: 'Käthe Weiß', address: 'kaethe.weiss@demo.example', minutesAgo: 1 * days + 500, charset: 'utf-8', encoding: '8bit', subject: 'Excel stürzt beim Öffnen der Kalkulation ab', text: 'Hallo,\n\ndie angehängte Kalkulation bringt Excel sofort zum Absturz. Bei Jörg geht sie auf. Gibt es einen Weg, die Datei zu retten?\n\nViele Grüße\nKäthe Weiß', files: [{ kind: 'pdf', name: 'Kalkulation (Ausdruck).pdf', text: 'Kalkulation 2027' }, { kind: 'screenshot', name: 'absturz.png', hue: 220 }] },
  { from: 'Elena Petrova', address: 'elena.petrova@demo.example', minutesAgo: 1 * days + 300, subject: 'First day: no access to FIN-Reports', text: 'Hello, I started today and everything works but FIN-Reports, which says that I am not in the group. Priya said it was ordered last week.\n\nElena' },
  { from: 'Noah Williams', address: 'noah.williams@demo.example', minutesAgo: 1 * days + 100, subject: 'Invoice viewer for the accountants', text: 'The auditors sent us this viewer, can you check whether we may run it? I have not started it.\n\nNoah', files: [{ kind: 'program', name: 'invoice-viewer.exe' }] },
  { from: 'Yuki Sato', address: 'yuki.sato@demo.example', minutesAgo: 1 * days, charset: 'shift_jis', encoding: '8bit', subject: 'パスワードの再設定のお願い', text: 'お疲れ様です。佐藤です。\n\nパスワードの有効期限が切れてしまいました。再設定をお願いいたします。\n\n佐藤' },
  { from: 'Facilities', address: 'facilities@demo.example', minutesAgo: 20 * hours, subject: 'Power cut in building B on Saturday', files: [{ kind: 'invitation', subject: 'Power cut building B', inDays: 3 }], text: 'Building B will be without power on Saturday from 07:00 to 11:00. Please make sure that the switch cabinets are shut down before. Invitation attached.' },
  { from: 'Mail Delivery Subsystem', address: 'mailer-daemon@partner.example', minutesAgo: 15 * hours, subject: 'Undelivered Mail Returned to Sender', headers: [['Auto-Submitted', 'auto-replied']], text: 'I am sorry to have to inform you that your message could not be delivered to one or more recipients.\n\n<j.doe@partner.example>: host mx.partner.example said: 550 5.1.1 No such user' },
  { from: 'Ahmed Hassan', address: 'ahmed.hassan@demo.example', minutesAgo: 9 * hours, subject: 'Wi-Fi guests at the Cairo office', charset: 'windows-1256', encoding: 'base64', text: 'السلام عليكم\n\nشبكة الضيوف لا تعمل في مكتب القاهرة منذ يوم أمس.\n\nThe guest Wi-Fi in Cairo has been down since yesterday. We expect visitors at noon.\n\nAhmed' },
  { from: 'Grace Okafor', address: 'grace.okafor@demo.example', minutesAgo: 5 * hours, subject: 'Phone lost in a taxi', headers: [['Importance', 'high']], text: 'I left my company phone in a taxi in Lagos an hour ago. Please lock it. The number ends in 4471.\n\nGrace (from a colleague’s phone)' },
  { from: 'Tom Ashworth', address: 'tom.ashworth@demo.example', minutesAgo: 2 * hours, repliesTo: 'printer', subject: 'Re: Printer 3rd floor: error 49.4C02', text: 'It works again since the technician was here. Thank you! You may close this.\n\nTom' },
  { from: 'Sofia Rossi', address: 'sofia.rossi@demo.example', minutesAgo: 40, subject: 'Shared calendar does not sync', text: 'The team calendar on my phone stopped at last Wednesday. On the laptop it is up to date.\n\nSofia' },
  { from: 'Lars Berg', address: 'lars.berg@demo.example', minutesAgo: 30, subject: '@@command@@ Laptop for Elena Petrova', text: '$Operation=AddRequest$\n$RequesterEmail=elena.petrova@demo.example$\n$Category=Hardware$ $SubCategory=Laptop$\n$Impact=Medium$ $Urgency=High$\n$Cost centre=4410$\n@@res_301.qstn_select_302=14 inch@@\n@@res_301.qstn_check_303=Headset, Dock@@\n\nShe called me; I note it down for her.\n\nLars' },
  { from: 'Tom Ashworth', address: 'tom.ashworth@demo.example', minutesAgo: 25, subject: '@@command@@ Coffee machine of the 3rd floor', text: '$Operation=AddRequest$\n$Priority=Critical$\n\nLars said that one can do it like this. The machine leaks.\n\nTom' },
  { from: 'Daniel Reeve', address: 'daniel.reeve@demo.example', minutesAgo: 22 * hours, subject: 'Not in today, migraine', text: 'Dear all, I am not in today. In urgent cases ask Priya.\n\nDaniel' },
  { from: 'Reception', address: 'reception@demo.example', minutesAgo: 16 * hours, subject: 'Fwd: Door badge does not open the 4th floor', text: 'This came to us, please take it over.\n\nReception\n\n---------- Forwarded message ---------\nFrom: Noah Williams <noah.williams@demo.example>\nDate: Fri, 20 Nov 2026 at 08:12\nSubject: Door badge does not open the 4th floor\nTo: Reception <reception@demo.example>\n\nMy badge blinks red at the door of the 4th floor since Monday. The 3rd is fine.\n\nNoah' },
  { from: 'Ute Schäfer', address: 'ute.schaefer@demo.example', minutesAgo: 13 * hours, subject: 'Measurements of the server room', text: 'The readings of last night are attached. From three o’clock on it is too warm.\n\nUte', files: [{ kind: 'winmail', inside: { name: 'server-room.csv', text: 'hour;degrees\n01;21.4\n02;22.0\n03;27.9\n04;29.3\n' } }] },
  { from: 'Claire Hébert', address: 'claire.hebert@demo.example', minutesAgo: 12 * hours, subject: 'Commande de licences CAO, message signé', text: '', signed: true },
  { from: 'Inês Gonçalves', address: 'ines.goncalves@demo.example', minutesAgo: 11 * hours, charset: 'windows-1252', claims: 'utf-8', encoding: '8bit', subject: 'Impressora sem ligação', text: 'Olá,\n\na impressora do rés-do-chão não tem ligação à rede desde ontem à noite. É possível vir alguém antes das três?\n\nObrigada,\nInês Gonçalves' }
]

/** Mail of the mailbox hr@demo.example. */
export const hrMail: readonly DemoMail[] = [
  { key: 'payslip', from: 'Daniel Reeve', address: 'daniel.reeve@demo.example', minutesAgo: 6 * days - 200, subject: 'Question about my October payslip', text: 'Hello,\n\nmy October payslip shows 12 overtime hours, I count 16. Could you check with Priya? The list is attached.\n\nBest, Daniel', files: [{ kind: 'text', name: 'overtime.csv', text: 'date;hours\n2026-10-05;4\n2026-10-12;4\n2026-10-19;4\n2026-10-26;4\n' }] },
  { from: 'Priya Nair', address: 'priya.nair@demo.example', minutesAgo: 6 * days - 500, repliesTo: 'payslip', subject: 'RE: Question about my October payslip', text: 'I approved 16. The last four must have come in after the deadline; please add them in November.\n\nPriya' },
  { from: 'Ute Schäfer', address: 'ute.schaefer@demo.example', minutesAgo: 5 * days + 100, charset: 'iso-8859-1', encoding: 'quoted-printable', subject: 'Elternzeit ab März', text: 'Liebe Kolleginnen und Kollegen,\n\nich möchte ab dem 1. März für zwölf Monate Elternzeit nehmen. Welche Unterlagen benötigen Sie dafür, und bis wann?\n\nHerzliche Grüße\nUte Schäfer' },
  { from: 'Mia Andersson', address: 'mia.andersson@mail.example', minutesAgo: 5 * days - 300, rich: true, subject: 'Application: Service Desk Analyst (ref. SD-2026-11)', text: 'Dear hiring team,\n\nplease find attached my application for the position of Service Desk Analyst. I have worked on a second-level desk for four years and would like to move to Uppsala.\n\nKind regards\nMia Andersson', files: [{ kind: 'pdf', name: 'CV Mia Andersson.pdf', text: 'Mia Andersson, Service Desk Analyst' }, { kind: 'pdf', name: 'Cover letter.pdf', text: 'Dear hiring team' }] },
  { from: 'Rahul Verma', address: 'rahul.verma@mail.example', minutesAgo: 4 * days + 900, subject: 'Application: Working student IT', text: 'Hello, my CV is attached. I can start in January, 16 hours a week.\n\nRahul Verma', files: [{ kind: 'pdf', name: 'cv.pdf', text: 'Rahul Verma' }] },
  { from: 'Inês Gonçalves', address: 'ines.goncalves@demo.example', minutesAgo: 4 * days + 600, charset: 'windows-1252', encoding: '8bit', subject: 'Pedido de férias – dezembro', text: 'Bom dia,\n\ngostaria de marcar férias de 21 de dezembro a 4 de janeiro. O João substitui-me nas questões de faturação.\n\nObrigada\nInês' },
  { from: 'Дмитрий Соколов', address: 'dmitry.sokolov@demo.example', minutesAgo: 4 * days + 300, charset: 'koi8-r', encoding: 'quoted-printable', subject: 'Справка с места работы', text: 'Добрый день!\n\nПрошу подготовить справку с места работы для банка. Нужна на двух языках, до пятницы.\n\nСпасибо,\nДмитрий Соколов' },
  { from: '佐藤 健一', address: 'kenichi.sato@demo.example', minutesAgo: 4 * days - 200, charset: 'iso-2022-jp', encoding: '7bit', subject: '年末年始の休暇について', text: '人事部御中\n\nお世話になっております。年末年始の休暇の申請方法を教えていただけますでしょうか。\n\n佐藤 健一' },
  { from: 'Claire Hébert', address: 'claire.hebert@demo.example', minutesAgo: 3 * days + 800, charset: 'utf-8', encoding: 'base64', subject: 'Changement d’adresse', text: 'Bonjour,\n\nj’ai déménagé : 14, rue des Lilas, 69003 Lyon. Merci de mettre à jour mon dossier.\n\nClaire Hébert' },
  { from: 'Ondřej Novák', address: 'ondrej.novak@demo.example', minutesAgo: 3 * days + 500, charset: 'windows-1250', encoding: 'quoted-printable', subject: 'Žádost o příspěvek na stravování', text: 'Dobrý den,\n\nrád bych požádal o příspěvek na stravování od příštího měsíce. Který formulář mám vyplnit?\n\nDěkuji\nOndřej Novák' },
  { key: 'training', from: 'Aoife Brennan', address: 'aoife.brennan@demo.example', minutesAgo: 3 * days + 100, subject: 'Training budget for 2027', rich: true, text: 'Hi HR,\n\nis the training budget for 2027 decided yet? I would like to book the ITIL course in February; the early price ends on 5 December.\n\nAoife' },
  { from: 'Aoife Brennan', address: 'aoife.brennan@demo.example', minutesAgo: 1 * days + 30, repliesTo: 'training', subject: 'Re: Training budget for 2027', text: 'Any news on this? The early price ends soon.\n\nAoife' },
  { from: 'Benefits Portal', address: 'no-reply@benefits.example', minutesAgo: 3 * days - 100, subject: 'Your monthly enrolment report', headers: [['Auto-Submitted', 'auto-generated']], text: 'Enrolled: 214. New this month: 3. Left: 1.\nThe full report is attached.', files: [{ kind: 'text', name: 'enrolment.csv', text: 'month;enrolled\n2026-11;214\n' }] },
  { from: 'Ingrid Halvorsen', address: 'ingrid.halvorsen@demo.example', minutesAgo: 2 * days + 900, subject: 'Out of office: Your letter of 12 November', headers: [['Auto-Submitted', 'auto-replied'], ['Precedence', 'bulk']], text: 'I am on parental leave until 1 February.' },
  { from: 'TopTalent International', address: 'offers@toptalent.example', minutesAgo: 2 * days + 500, rich: true, subject: 'Pre-screened Java developers, from 19 €/h', headers: [['List-Unsubscribe', '<mailto:off@toptalent.example>'], ['Precedence', 'bulk']], text: 'Dear Sir or Madam, our developers are ready to start tomorrow. Reply YES for profiles.' },
  { from: 'Marcus Bell', address: 'marcus.bell@demo.example', minutesAgo: 2 * days + 300, subject: 'Probation of Noah ends in December', text: 'Hello,\n\nNoah’s probation ends on 15 December. I want to keep him. What do you need from me?\n\nMarcus', files: [{ kind: 'invitation', subject: 'Talk about Noah', inDays: 5 }] },
  { from: 'Grace Okafor', address: 'grace.okafor@demo.example', minutesAgo: 2 * days, subject: 'Travel expenses Lagos, receipts', text: 'Receipts for the Lagos trip as photos, sorry for the quality.\n\nGrace', files: [{ kind: 'screenshot', name: 'taxi.png', hue: 60 }, { kind: 'screenshot', name: 'hotel.png', hue: 120 }] },
  { from: 'Hannah Fischer', address: 'hannah.fischer@demo.example', minutesAgo: 1 * days + 800, subject: 'Change of bank details', text: 'Please pay my salary to my new account from December on. I will bring the form in person tomorrow, as required.\n\nHannah' },
  { from: 'Payroll Dept', address: 'payroll@demo-example.example', minutesAgo: 1 * days + 600, subject: 'Updated direct deposit form', text: 'Kindly find the updated form and confirm the bank details of all staff today. Treat as confidential.', files: [{ kind: 'program', name: 'form.pdf.exe' }] },
  { from: 'Łukasz Wiśniewski', address: 'lukasz.wisniewski@demo.example', minutesAgo: 1 * days + 400, charset: 'windows-1250', encoding: 'quoted-printable', subject: 'Zaświadczenie o zatrudnieniu', text: 'Dzień dobry,\n\nproszę o zaświadczenie o zatrudnieniu i zarobkach dla banku.\n\nPozdrawiam\nŁukasz' },
  { from: '김 지우', address: 'jiwoo.kim@demo.example', minutesAgo: 1 * days + 200, charset: 'euc-kr', encoding: 'base64', subject: '재직증명서 발급 요청', text: '안녕하세요.\n\n재직증명서 발급을 요청드립니다. 은행 제출용이며 이번 주까지 필요합니다.\n\n감사합니다.\n김지우' },
  { from: 'Noah Williams', address: 'noah.williams@demo.example', minutesAgo: 18 * hours, subject: 'Sick note', text: 'Hello, I have a cold and stay at home until Friday. Note attached.\n\nNoah', files: [{ kind: 'pdf', name: 'sick-note.pdf', text: 'Certificate of incapacity for work' }] },
  { from: 'Sofia Rossi', address: 'sofia.rossi@demo.example', minutesAgo: 7 * hours, subject: 'Company bike', text: 'Hi, how does the company bike leasing work, and can I choose the shop?\n\nSofia' },
  { from: 'Elena Petrova', address: 'elena.petrova@demo.example', minutesAgo: 3 * hours, subject: 'Emergency contact and tax number', text: 'Here are the details you asked for on my first day: tax number and emergency contact are in the attachment.\n\nElena', files: [{ kind: 'pdf', name: 'personal details.pdf', text: 'Personal details' }] },
  { from: 'Daniel Reeve', address: 'daniel.reeve@demo.example', minutesAgo: 70, repliesTo: 'payslip', subject: 'Re: Question about my October payslip', text: 'Perfect, November is fine. Thanks to both of you!\n\nDaniel' }
]

/** What keeps arriving while one watches, in turn; `to` is the mailbox. */
export const arrivingMail: readonly (Omit<DemoMail, 'minutesAgo'> & { to: 'it' | 'hr' })[] = [
  { to: 'it', from: 'Lars Berg', address: 'lars.berg@demo.example', subject: 'Meeting room Oslo: no sound', text: 'The speakers in Oslo are silent, the microphone works.\n\nLars' },
  { to: 'hr', from: 'Tom Ashworth', address: 'tom.ashworth@demo.example', subject: 'Two days off next week', text: 'May I take Thursday and Friday off?\n\nTom' },
  { to: 'it', from: 'Käthe Weiß', address: 'kaethe.weiss@demo.example', charset: 'iso-8859-1', encoding: 'quoted-printable', subject: 'Maus reagiert verzögert', text: 'Seit dem Update ruckelt die Maus. Batterie ist neu.\n\nGrüße, Käthe Weiß' },
  { to: 'it', from: 'Grace Okafor', address: 'grace.okafor@demo.example', subject: 'Cannot join the webinar', text: 'It says that my browser is too old. Screenshot attached.\n\nGrace', files: [{ kind: 'screenshot', name: 'webinar.png', hue: 320 }] },
  { to: 'hr', from: 'Claire Hébert', address: 'claire.hebert@demo.example', subject: 'Attestation pour la crèche', text: 'Bonjour, j’ai besoin d’une attestation d’employeur pour la crèche.\n\nClaire' },
  { to: 'it', from: '鈴木 花子', address: 'hanako.suzuki@demo.example', charset: 'iso-2022-jp', encoding: '7bit', subject: 'メールが送信できません', text: '添付ファイルのあるメールが送信できません。確認をお願いします。\n\n鈴木' },
  { to: 'it', from: 'Marcus Bell', address: 'marcus.bell@demo.example', subject: 'Keyboard order for the new office', text: 'Twelve keyboards, please, four of them with a French layout.\n\nMarcus' },
  { to: 'hr', from: 'Ahmed Hassan', address: 'ahmed.hassan@demo.example', subject: 'Visa letter for the Berlin visit', text: 'I need an invitation letter for my visa. Dates: 8 to 12 February.\n\nAhmed' }
]
