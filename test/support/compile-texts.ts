import ts from 'typescript';

/** What the compiler says of texts that are no files, by the paths at which they stand for it; nothing: they are right. */
export function compileTexts(
  texts: ReadonlyMap<string, string>,
  options: ts.CompilerOptions,
): Map<string, readonly string[]> {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => texts.has(path) || fileExists.call(host, path);
  host.getSourceFile = (path, ...rest) => {
    const text = texts.get(path);
    return text === undefined
      ? getSourceFile.call(host, path, ...rest)
      : ts.createSourceFile(path, text, ts.ScriptTarget.ES2023);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  const found = new Map<string, readonly string[]>();
  for (const path of texts.keys()) {
    const source = program.getSourceFile(path);
    const faults = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    found.set(
      path,
      faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    );
  }
  return found;
}
