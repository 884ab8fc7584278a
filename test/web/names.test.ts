import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const web = fileURLToPath(new URL('../../web', import.meta.url));

/** What people or the configuration call a thing, or write themselves. */
const freeText = new Set([
  'activity', 'actor', 'acknowledgedBy', 'assignedTo', 'building', 'cause', 'createdBy', 'escort', 'foundBy', 'heading', 'madeBy', 'name',
  'note', 'personName', 'pic', 'reason', 'remark', 'remedy', 'siteName', 'subject', 'unit', 'user',
]); // prettier-ignore
/** `Fit` isolates by itself, and an option or a title is a line of its own. */
const isolating = new Set(['Name', 'Fit', 'title', 'option']);

interface Bare {
  readonly line: number;
  readonly text: string;
}

/** Texts of people that stand in an element as they are: beside them the direction of a line is theirs. */
function bareNames(file: string, source: string): Bare[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: Bare[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJsxExpression(node) && node.expression !== undefined && isInside(node.parent)) {
      const inside = ts.isJsxElement(node.parent) ? node.parent.openingElement.tagName.getText(tree) : '';
      if (!isolating.has(inside) && isFreeText(node.expression))
        found.push({ line: tree.getLineAndCharacterOfPosition(node.pos).line + 1, text: node.getText(tree) });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function isInside(node: ts.Node): node is ts.JsxElement | ts.JsxFragment {
  return ts.isJsxElement(node) || ts.isJsxFragment(node);
}

function isFreeText(node: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(node)) return isFreeText(node.expression);
  if (ts.isConditionalExpression(node)) return isFreeText(node.whenTrue) || isFreeText(node.whenFalse);
  if (ts.isBinaryExpression(node)) return isFreeText(node.left) || isFreeText(node.right);
  if (ts.isPropertyAccessExpression(node)) return freeText.has(node.name.text);
  if (ts.isCallExpression(node)) return node.expression.getText() === 'label';
  return false;
}

const files = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tsx'));

describe('names and texts of people', () => {
  it('are isolated wherever they stand in a page', () => {
    const bare = files.flatMap((file) =>
      bareNames(file, readFileSync(path.join(web, file), 'utf8')).map(({ line, text }) => `${file}:${line} ${text}`),
    );
    expect(bare).toEqual([]);
  });
  it('are isolated by one component', () => {
    const own = files.filter((file) => file !== path.join('parts', 'Name.tsx') && readFileSync(path.join(web, file), 'utf8').includes('<bdi'));
    expect(own).toEqual([]);
  });
  it('are found by this test where they are bare', () => {
    expect(bareNames('x.tsx', '<p>{ticket.activity} · {label(room.name)}</p>')).toHaveLength(2);
    expect(bareNames('x.tsx', '<p><Name>{ticket.activity}</Name> {a === null ? "" : a.pic}</p>')).toHaveLength(1);
  });
}); // prettier-ignore
