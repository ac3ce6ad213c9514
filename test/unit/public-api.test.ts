// Whoever can call something can also name what it takes and gives.
import { join, relative } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';

const root = packageRoot();

/** Names of types in the project that an exported declaration mentions, but the module does not export. */
function unexportedTypes(entry: string): string[] {
  const options = { allowImportingTsExtensions: true, noEmit: true, noLib: true, types: [] };
  const host = ts.createCompilerHost(options);
  // Only the project's own files are read: it is they that must be complete.
  host.resolveModuleNameLiterals = (names, from) =>
    names.map(({ text }) => ({
      resolvedModule: text.startsWith('.')
        ? { resolvedFileName: join(from, '..', text), extension: ts.Extension.Ts }
        : undefined,
    }));
  const program = ts.createProgram([join(root, entry)], options, host);
  const checker = program.getTypeChecker();
  const resolve = (symbol: ts.Symbol): ts.Symbol =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const module = checker.getSymbolAtLocation(program.getSourceFile(join(root, entry))!)!;
  const exported = new Set(checker.getExportsOfModule(module).map(resolve));
  const missing = new Set<string>();
  const spelledOut = new Set<ts.Symbol>();

  function visit(node: ts.Node, owner: string): void {
    if (ts.isBlock(node) || ts.isPrivateIdentifier(node)) return;
    if (ts.isClassElement(node) && node.name && ts.isPrivateIdentifier(node.name)) return;
    if (ts.isConstructorDeclaration(node) && isPrivate(node)) return;
    const name = ts.isTypeReferenceNode(node)
      ? node.typeName
      : ts.isExpressionWithTypeArguments(node) && node.expression;
    if (name) report(checker.getSymbolAtLocation(name), owner);
    // Values: what is written after "=" is the concern of whoever wrote it.
    const hidden = ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isPropertyDeclaration(node);
    ts.forEachChild(node, (child) => {
      if (!hidden || child !== node.initializer) visit(child, owner);
    });
  }

  function report(symbol: ts.Symbol | undefined, owner: string): void {
    const found = symbol && resolve(symbol);
    const [declaration] = found?.declarations ?? [];
    if (!found || !declaration || found.flags & ts.SymbolFlags.TypeParameter || exported.has(found)) return;
    // A short form that its own file keeps to itself: what it stands for counts.
    if (ts.isTypeAliasDeclaration(declaration) && !isExported(declaration)) {
      if (spelledOut.has(found)) return;
      spelledOut.add(found);
      visit(declaration.type, owner);
      return;
    }
    missing.add(`${found.name} (${relative(root, declaration.getSourceFile().fileName)}), in ${owner}`);
  }

  for (const symbol of exported) {
    for (const declaration of symbol.declarations ?? []) visit(declaration, symbol.name);
  }
  return [...missing].sort();
}

function isExported(node: ts.TypeAliasDeclaration): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) !== 0;
}

function isPrivate(node: ts.ConstructorDeclaration): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) !== 0;
}

test('every type that the public API mentions is exported', () => {
  expect(unexportedTypes('index.ts')).toEqual([]);
});
