/** The order in which sets are shown and searched: that of Kamailio's balanced tree, children in front of their parent. */

interface Node {
  readonly id: number
  height: number
  left: Node | undefined
  right: Node | undefined
}

/** The ids, each once, given in the order in which their sets came into being. */
export function treeOrder(ids: Iterable<number>): readonly number[] {
  let root: Node | undefined
  for (const id of ids) root = insert(root, id)
  const order: number[] = []
  collect(root, order)
  return order
}

function collect(node: Node | undefined, order: number[]): void {
  if (node === undefined) return
  collect(node.left, order)
  collect(node.right, order)
  order.push(node.id)
}

const heightOf = (node: Node | undefined): number => node?.height ?? 0

function insert(node: Node | undefined, id: number): Node {
  if (node === undefined) return { id, height: 1, left: undefined, right: undefined }
  if (id < node.id) node.left = insert(node.left, id)
  else if (id > node.id) node.right = insert(node.right, id)
  return balance(node)
}

function balance(node: Node): Node {
  measure(node)
  const lean = heightOf(node.left) - heightOf(node.right)
  if (lean > 1 && node.left !== undefined) {
    if (heightOf(node.left.left) < heightOf(node.left.right)) node.left = rotateLeft(node.left)
    return rotateRight(node)
  }
  if (lean < -1 && node.right !== undefined) {
    if (heightOf(node.right.right) < heightOf(node.right.left)) node.right = rotateRight(node.right)
    return rotateLeft(node)
  }
  return node
}

function measure(node: Node): void {
  node.height = 1 + Math.max(heightOf(node.left), heightOf(node.right))
}

function rotateLeft(node: Node): Node {
  const { right } = node
  if (right === undefined) return node
  node.right = right.left
  right.left = node
  measure(node)
  measure(right)
  return right
}

function rotateRight(node: Node): Node {
  const { left } = node
  if (left === undefined) return node
  node.left = left.right
  left.right = node
  measure(node)
  measure(left)
  return left
}
