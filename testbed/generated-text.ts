/** A language that mail is generated in: the charsets that carry it and sentences that a service desk might get. */
export type Language = { charsets: readonly string[]; names: readonly string[]; subjects: readonly string[]; sentences: readonly string[] }

export const languages: readonly Language[] = [
  {
    charsets: ['utf-8', 'us-ascii', 'iso-8859-1'],
    names: ['Ann Porter', 'Marcus Bell', 'Priya Nair', 'Tom Ashworth', 'Grace Okafor', 'Daniel Reeve'],
    subjects: ['Printer on floor 3 jams again', 'Cannot open the shared drive', 'New starter on Monday', 'VPN drops every ten minutes', 'Laptop battery swollen', 'Question about my payslip', 'Meeting room screen stays black'],
    sentences: [
      'Since this morning the device answers with error 49.4C02 and has to be switched off and on.',
      'Two colleagues next to me see the same, so it is probably not only my account.',
      'I have attached what I could see on the screen before it closed.',
      'It worked on Friday, and nobody has changed anything as far as I know.',
      'Could somebody call me before noon? I am at my desk until half past twelve.',
      'The message says that the certificate of the server is not trusted.',
      'We need this for the audit on Thursday, so please treat it as urgent.',
      'I already restarted the machine twice and cleared the cache, without any change.'
    ]
  },
  {
    charsets: ['utf-8', 'iso-8859-1', 'windows-1252'],
    names: ['Jörg Müller', 'Käthe Weiß', 'Sören Größler', 'Ute Schäfer'],
    subjects: ['Drucker im 3. Stock wieder gestört', 'Zugang für neue Kollegin', 'Rückfrage zur Gehaltsabrechnung', 'Bildschirm bleibt schwarz'],
    sentences: [
      'Seit heute früh lässt sich die Datei nicht mehr öffnen.',
      'Außer mir betrifft es auch die Kollegen im Büro nebenan.',
      'Könnten Sie bitte prüfen, ob der Zugriff für das Verzeichnis „Verträge“ fehlt?',
      'Das Gerät hat übrigens noch Gewährleistung, die Größe des Schadens ist unklar.',
      'Für Rückfragen bin ich telefonisch erreichbar, am besten zwischen zwölf und fünf.'
    ]
  },
  {
    charsets: ['utf-8', 'windows-1252', 'iso-8859-1'],
    names: ['François Lefèvre', 'Zoé Hébert', 'José Muñoz', 'Inês Gonçalves'],
    subjects: ['Imprimante hors service', 'Accès refusé au dossier partagé', 'Contraseña caducada', 'Pedido de férias'],
    sentences: [
      "Bonjour, depuis hier l'application ne démarre plus et affiche une erreur à la fermeture.",
      'Le répertoire partagé a été déplacé, et je ne retrouve plus les pièces jointes.',
      'Desde ayer no puedo iniciar sesión; ¿podrían restablecer mi contraseña mañana?',
      'A situação já aconteceu em março e foi resolvida com uma atualização.'
    ]
  },
  {
    charsets: ['koi8-r', 'utf-8', 'windows-1251'],
    names: ['Ольга Иванова', 'Дмитрий Соколов', 'Алексей Жуков'],
    subjects: ['Не работает принтер', 'Доступ к общей папке', 'Новый сотрудник с понедельника'],
    sentences: [
      'Здравствуйте! С сегодняшнего утра не открывается общая папка отдела.',
      'После перезагрузки компьютера ошибка повторяется снова.',
      'Пожалуйста, позвоните мне до обеда, вопрос срочный.',
      'Снимок экрана прилагаю к письму.'
    ]
  },
  {
    charsets: ['iso-2022-jp', 'utf-8', 'shift_jis'],
    names: ['田中 美咲', '佐藤 健一', '鈴木 花子'],
    subjects: ['プリンターが動きません', '共有フォルダーの権限について', 'パスワードの再設定'],
    sentences: [
      'お世話になっております。今朝から共有フォルダーを開くことができません。',
      '再起動しても同じエラーが表示されます。',
      '画面の写真を添付いたしますので、ご確認をお願いいたします。',
      '急ぎではありませんが、今週中に対応していただけると助かります。'
    ]
  },
  {
    charsets: ['gb18030', 'utf-8', 'gbk'],
    names: ['王 小明', '李 娜', '张 伟'],
    subjects: ['打印机无法使用', '申请共享文件夹权限', '密码已过期'],
    sentences: ['您好，从今天早上开始无法打开共享文件夹。', '重新启动电脑以后仍然出现同样的错误。', '请在中午之前与我联系，谢谢。', '附件是屏幕截图，请查收。']
  }
]
