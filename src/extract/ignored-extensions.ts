/** File endings of what is hardly ever a page: pictures, sound, film, office files, archives, programs. */
export const IGNORED_EXTENSIONS: readonly string[] = Object.freeze(
  [
    '7z 7zip apk bz2 dmg gz iso jar rar tar tar.bz2 tar.gz tar.xz tgz xz zip zst',
    'ai avif bmp cdr drw dxf eps gif heic ico jpeg jpg mng pct png ps psd psp pst svg tif tiff webp',
    '3gp aac aif aiff asf asx au avi flac flv m4a m4v mid mkv mov mp3 mp4 mpeg mpg ogg ogv opus qt ra rm swf wav webm wma wmv',
    'doc docb docm docx dot dotm dotx odg odp ods odt pdf potm potx pps ppt pptm pptx rtf xls xlsm xlsx xltm xltx',
    'bat bin class cpl css deb dll exe hta js msi msp py rb rpm rss sh woff woff2 ttf otf eot',
  ].flatMap((line) => line.split(' ')),
);
