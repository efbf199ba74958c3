/** File endings of what is hardly ever a page: archives, pictures, sound, film, office files, programs. As in Scrapy. */
export const IGNORED_EXTENSIONS: readonly string[] = Object.freeze(
  [
    '7z 7zip bz2 rar tar tar.gz xz zip',
    'ai bmp cdr drw dxf eps gif ico jpeg jpg mng pct png ps psp pst svg tif tiff webp',
    'aac aiff au mid mp3 ogg ra wav wma',
    '3gp asf asx avi flv m4a m4v mov mp4 mpg qt rm swf webm wmv',
    'doc docb docm docx dotm dotx odg odp ods odt potm potx pps ppt pptm pptx xls xlsm xlsx xltm xltx',
    'apk bat bin cpl css dmg exe hta iso jar js msi msp pdf py rb rss sh',
  ].flatMap((line) => line.split(' ')),
);
