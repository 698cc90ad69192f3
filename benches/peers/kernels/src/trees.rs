//! What the tree rows compute, sequentially: Fibonacci numbers, queens, an unbalanced tree.
//! `../c/trees.h` is the same in C.

/// Tasks of the row `flat_tasks_100k`; each adds one to a number of its own.
pub const FLAT: usize = 100_000;
/// The rows `fib30_*`: which Fibonacci number, and its value.
pub const FIB: (u64, u64) = (30, 832_040);
/// The row `fib30_cutoff20`: numbers from here down are computed by [`fib`], without tasks.
pub const CUTOFF: u64 = 20;

// (`inline`: compiled with its caller's crate, where it calls itself directly and not by a table.)
#[inline]
pub fn fib(n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    fib(n - 1) + fib(n - 2)
}

/// The row `nqueens13`: queens, and the ways to place them.
pub const QUEENS: (usize, u64) = (13, 73_712);
/// In how many rows each placement is a task; below, [`queens`] goes on alone. These are 1.2 million tasks.
pub const TASK_ROWS: usize = 8;
/// The column of the queen in each row.
pub type Board = [u8; 16];

/// Whether no queen of the rows before attacks this place.
#[inline]
pub fn safe(board: &Board, row: usize, column: usize) -> bool {
    let (column, mut rows) = (column as i32, row as i32);
    for &c in &board[..row] {
        let apart = (i32::from(c) - column).abs();
        if apart == 0 || apart == rows {
            return false;
        }
        rows -= 1;
    }
    true
}

#[inline]
pub fn queens(mut board: Board, row: usize) -> u64 {
    if row == QUEENS.0 {
        return 1;
    }
    let mut ways = 0;
    for c in 0..QUEENS.0 {
        if safe(&board, row, c) {
            board[row] = c as u8;
            ways += queens(board, row + 1);
        }
    }
    ways
}

/// The row `uts`: the root's children.
pub const ROOT: u64 = 2_000;
/// The children of a node that has any; some 12 % have, so that a child has 0.988 children on average, and the subtrees
/// differ by four orders of magnitude.
pub const CHILDREN: u64 = 8;
/// The root's number, and how many nodes the tree has.
pub const TREE: (u64, u64) = (5, 327_129);
const FERTILE: u32 = 530_428_461;
/// How often a child's number is mixed: about 35 ns.
const GRAIN: u32 = 16;

/// The number of `parent`'s child `k`: everything that there is to know about it.
#[inline]
pub fn descend(parent: u64, k: u64) -> u64 {
    let mut z = parent.wrapping_add((k + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    for _ in 0..GRAIN {
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
    }
    z
}

#[inline]
pub fn children(node: u64) -> u64 {
    if ((node >> 32) as u32) < FERTILE {
        CHILDREN
    } else {
        0
    }
}

/// The nodes of the tree below `parent`'s child `k`, itself included.
#[inline]
pub fn tree(parent: u64, k: u64) -> u64 {
    let node = descend(parent, k);
    let mut count = 1;
    for c in 0..children(node) {
        count += tree(node, c);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answers_are_right() {
        assert_eq!(fib(FIB.0), FIB.1);
        assert_eq!(queens(Board::default(), 0), QUEENS.1);
        let nodes = 1 + (0..ROOT).map(|k| tree(TREE.0, k)).sum::<u64>();
        assert_eq!(nodes, TREE.1);
    }
}
