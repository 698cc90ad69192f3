//! A graph of small tasks: recorded and replayed, and submitted anew each time.

use kernels::{Row, op};
use phalanx::prelude::*;

/// Cells of a step; each is written by a task of its own, from three of the step before.
const CELLS: usize = 64;
const STEPS: usize = 32;

/// The cells of two steps, which change roles.
type Cells = [[u64; CELLS]; 2];

/// The neighbours left and right; the last cell is the first one's.
fn beside(i: usize) -> (usize, usize) {
    ((i + CELLS - 1) % CELLS, (i + 1) % CELLS)
}

fn sum(left: u64, own: u64, right: u64) -> u64 {
    left.wrapping_add(own).wrapping_add(right)
}

fn start() -> Cells {
    [std::array::from_fn(|i| i as u64 + 1), [0; CELLS]]
}

fn alone(cells: &mut Cells) {
    for step in 0..STEPS {
        let from = cells[step % 2];
        cells[1 - step % 2] = std::array::from_fn(|i| {
            let (left, right) = beside(i);
            sum(from[left], from[i], from[right])
        });
    }
}

fn fresh(cells: &mut Cells) {
    taskgroup(|tg| {
        let cells = cells.each_mut().map(|half| tg.deps(half));
        for step in 0..STEPS {
            let (from, to) = (&cells[step % 2], &cells[1 - step % 2]);
            for i in 0..CELLS {
                let (left, right) = beside(i);
                let reads = (from[left].input(), from[i].input(), from[right].input());
                let accesses = (reads.0, reads.1, reads.2, to[i].inout());
                tg.task_depend(accesses, |_, (l, o, r, to)| *to = sum(*l, *o, *r));
            }
        }
    });
}

fn fresh_row() -> Option<Row> {
    let (mut cells, mut expected) = (start(), start());
    for _ in 0..2 {
        fresh(&mut cells);
        alone(&mut expected);
        assert!(cells == expected);
    }
    op(move || fresh(&mut cells))
}

fn replay_row() -> Option<Row> {
    // The graph borrows them for as long as the row is there.
    let cells: &'static mut Cells = Box::leak(Box::new(start()));
    let (mut graph, first) = TaskGraph::record(|g| {
        let cells = cells.each_mut().map(|half| g.deps(half));
        for step in 0..STEPS {
            let (from, to) = (&cells[step % 2], &cells[1 - step % 2]);
            for i in 0..CELLS {
                let (left, right) = beside(i);
                let reads = (from[left].input(), from[i].input(), from[right].input());
                let accesses = (reads.0, reads.1, reads.2, to[i].inout());
                g.task(accesses, |_, (l, o, r, to)| *to = sum(*l, *o, *r));
            }
        }
        cells[0].iter().map(|c| c.input()).collect::<Vec<_>>()
    });
    let mut expected = start();
    for _ in 0..2 {
        graph.replay();
        alone(&mut expected);
        graph.with(first.clone(), |now| {
            assert!(now.iter().copied().eq(&expected[0]));
        });
    }
    op(move || graph.replay())
}

pub fn row(name: &str) -> Option<Row> {
    match name {
        "graph_replay" => replay_row(),
        "graph_replay/fresh" => fresh_row(),
        _ => None,
    }
}
