/** A file that is being made: it is handed out piece by piece by `download.next`, so that it need not fit into one answer, nor into memory. */
export type Download = { downloadId: string; fileName: string; mediaType: string }

/** The next bytes of a file; after the piece with `done` the download is over. */
export type DownloadPiece = { base64: string; done: boolean }
